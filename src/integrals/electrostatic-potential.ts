/**
 * Electrostatic potential of an atom-centred density at points, without nuclei and for density > 0 positive:
 *
 *   ∫ χ_lm(r')/|r−r'| dr' = Σ_q d_q (2π/γ_q) F_l(γ_q|r−C|²) S_lm(r−C)
 *
 * (S_lm(∂_C)/(2γ)^l applied to the potential (2π/γ) F_0 of a Gaussian).
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { boys, checkBoysOrder } from "../math/boys.js";
import { solidHarmonics } from "../math/solid-harmonics.js";

/**
 * ∫ ρ(r')/|r−r'| dr' in hartree per unit charge, ρ = Σ_P c_P χ_P, at `points` [3, n] (all x, all y, all z): [n].
 * Throws `mismatch` when `coefficients` do not belong to `auxiliary`.
 */
export function electrostaticPotential(
  auxiliary: PlacedBasis,
  coefficients: Float64Array,
  points: Float64Array,
): Float64Array {
  if (coefficients.length !== auxiliary.size)
    throw new BrineError("mismatch", `${coefficients.length} coefficients for a basis of ${auxiliary.size} functions`);
  const n = points.length / 3;
  const result = new Float64Array(n);
  const shellsOfAtom = new Map<number, PlacedShell[]>();
  for (const shell of auxiliary.shells) shellsOfAtom.set(shell.atom, [...(shellsOfAtom.get(shell.atom) ?? []), shell]);
  for (const shells of shellsOfAtom.values()) addAtom(shells, coefficients, points, n, result);
  return result;
}

function addAtom(
  shells: readonly PlacedShell[],
  coefficients: Float64Array,
  points: Float64Array,
  n: number,
  result: Float64Array,
): void {
  const lmax = Math.max(...shells.map((shell) => shell.l));
  checkBoysOrder(lmax);
  const harmonics = new Float64Array((lmax + 1) ** 2);
  const f = new Float64Array(lmax + 1);
  for (let i = 0; i < n; i++) {
    const x = points[i] - shells[0].x;
    const y = points[n + i] - shells[0].y;
    const z = points[2 * n + i] - shells[0].z;
    const r2 = x * x + y * y + z * z;
    solidHarmonics(lmax, x, y, z, harmonics);
    let potential = 0;
    for (const { l, first, exponents, factors } of shells) {
      let angular = 0;
      for (let m = 0; m < 2 * l + 1; m++) angular += coefficients[first + m] * harmonics[l * l + m];
      let radial = 0;
      for (let q = 0; q < exponents.length; q++) {
        boys(l, exponents[q] * r2, f);
        radial += (factors[q] / exponents[q]) * f[l];
      }
      potential += 2 * Math.PI * radial * angular;
    }
    result[i] += potential;
  }
}
