/**
 * Dipoles that charges induce in atoms and these in each other (Applequist, Carl & Fung, J. Am. Chem. Soc. 94, 2952 (1972),
 * doi:10.1021/ja00764a010; with smeared charges: Thole, Chem. Phys. 59, 341 (1981), doi:10.1016/0301-0104(81)85176-2):
 *
 *   μ_i = −α_i ∇V(r_i),   V of all charges and dipoles,   α_i = κ R_i³
 *
 * with covalent radii R. The field of an atom's own smeared dipole counts, so that the equations
 * (1 + √α T √α) y = −√α ∇V_q, μ = √α y, are positive definite for any α: there is no polarisation catastrophe.
 */
import { axpy, dot, matrix, type Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";
import { covalentRadius } from "./bond-charges.js";
import type { FieldOfSources } from "./smeared-sources.js";

/** Conjugate gradients: about two digits for three steps. Their number is fixed, so that dipoles are smooth in the positions. */
const STEPS = 14;
/** |r|² relative to the start at which small molecules are solved exactly. */
const SOLVED = 1e-24;
/** S_1m of a gradient has the order y, z, x and this factor. */
const HARMONIC = Math.sqrt(3 / (4 * Math.PI));

/** [atoms, 4]: the charge and the dipole of each atom. */
export function withInducedDipoles(
  { species }: Structure,
  charges: Float64Array,
  fieldOf: FieldOfSources,
  polarizability: number,
): Matrix {
  const sources = matrix(charges.length, 4);
  charges.forEach((q, i) => (sources.data[4 * i] = q));
  if (polarizability === 0) return sources;
  const roots = Float64Array.from({ length: 3 * charges.length }, (_, k) =>
    Math.sqrt(polarizability * covalentRadius(species[Math.floor(k / 3)]) ** 3),
  );
  const y = new Float64Array(roots.length);
  const r = scaledGradient(fieldOf(sources, 1), roots).map((slope) => -slope);
  const p = r.slice();
  const first = dot(r, r);
  let square = first;
  for (let step = 0; step < STEPS && square > SOLVED * first; step++) {
    const ap = scaledGradient(fieldOf(dipoles(p, roots), 1), roots);
    axpy(1, p, ap);
    const length = square / dot(p, ap);
    axpy(length, p, y);
    axpy(-length, ap, r);
    const next = dot(r, r);
    for (let k = 0; k < p.length; k++) p[k] = r[k] + (next / square) * p[k];
    square = next;
  }
  axpy(1, dipoles(y, roots).data, sources.data);
  return sources;
}

/** √α y as sources without charge. */
function dipoles(y: Float64Array, roots: Float64Array): Matrix {
  const sources = matrix(y.length / 3, 4);
  for (let k = 0; k < y.length; k++) sources.data[k + Math.floor(k / 3) + 1] = roots[k] * y[k];
  return sources;
}

/** √α ∇V: [atoms × 3], x, y, z. */
function scaledGradient({ data }: Matrix, roots: Float64Array): Float64Array {
  return roots.map((root, k) => (root * data[4 * Math.floor(k / 3) + 1 + ((k + 2) % 3)]) / HARMONIC);
}
