/**
 * Charge and multipole moments of an atom-centred density, nuclei included, about the coordinate origin:
 *
 *   q = Σ_A Z_A − ∫ρ,  μ_i = Σ_A Z_A R_Ai − ∫r_i ρ,  Q_ij = ½ Σ (3 M_ij − δ_ij Tr M),  M_ij = Σ_A Z_A R_Ai R_Aj − ∫r_i r_j ρ.
 */
import { placeBasis } from "../basis/basis.js";
import { dipoleMoments, monopoles, secondMoments } from "../integrals/index.js";
import { gemv } from "../math/linear-algebra.js";
import { dot } from "../math/matrix.js";
import type { AtomCentredDensity } from "./atom-centred.js";

/** Charge and multipole moments about the coordinate origin, nuclei included. */
export interface Moments {
  /** e */
  readonly charge: number;
  /** e·bohr */
  readonly dipole: readonly [number, number, number];
  /** Traceless, e·bohr²: xx, xy, xz, yy, yz, zz. It depends on the origin where charge or dipole do not vanish. */
  readonly quadrupole: readonly [number, number, number, number, number, number];
}

/** Charge, dipole and quadrupole of a density of a molecule, from analytic integrals of its functions. */
export function moments(density: AtomCentredDensity): Moments {
  const placed = placeBasis(density.basis, density.structure);
  const { positions } = density.structure;
  const charges = density.nuclearCharges;
  const second = gemv(false, secondMoments(placed), density.coefficients);
  let charge = -dot(monopoles(placed), density.coefficients);
  const m = new Float64Array(6);
  for (let a = 0; a < charges.length; a++) {
    const [x, y, z] = positions.subarray(3 * a, 3 * a + 3);
    charge += charges[a];
    [x * x, x * y, x * z, y * y, y * z, z * z].forEach((product, k) => (m[k] += charges[a] * product));
  }
  for (let k = 0; k < 6; k++) m[k] -= second[k];
  const trace = m[0] + m[3] + m[5];
  const diagonal = (k: number): number => 1.5 * m[k] - 0.5 * trace;
  return {
    charge,
    dipole: dipoleMoment(density),
    quadrupole: [diagonal(0), 1.5 * m[1], 1.5 * m[2], diagonal(3), 1.5 * m[4], diagonal(5)],
  };
}

/** μ of an atom-centred density, e·bohr, about the coordinate origin. */
export function dipoleMoment({
  basis,
  structure,
  nuclearCharges,
  coefficients,
}: AtomCentredDensity): [number, number, number] {
  const nuclear = nuclearDipole(structure.positions, nuclearCharges);
  const electronic = gemv(false, dipoleMoments(placeBasis(basis, structure)), coefficients);
  return [nuclear[0] - electronic[0], nuclear[1] - electronic[1], nuclear[2] - electronic[2]];
}

/** Σ_A Z_A R_A. `positions` are [atoms, 3]. */
export function nuclearDipole(positions: Float64Array, charges: ArrayLike<number>): [number, number, number] {
  const result: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < positions.length; i++) result[i % 3] += charges[Math.floor(i / 3)] * positions[i];
  return result;
}
