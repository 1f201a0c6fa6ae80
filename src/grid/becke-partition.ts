/**
 * Space divided among atoms by smooth weights that add up to 1 everywhere.
 *
 *   w_i(r) = P_i / Σ_j P_j,   P_i = Π_j ½ (1 − f(ν_ij)),   ν = μ + a_ij (1 − μ²),   μ_ij = (r_i − r_j) / min(R_ij, L)
 *   f = p(p(p(ν))),  p(ν) = (3ν − ν³)/2,   a_ij = ¼ (√(b_j/b_i) − √(b_i/b_j)), |a| ≤ ½
 *
 * A. D. Becke, J. Chem. Phys. 88, 2547 (1988); sizes a_ij from square roots of Bragg–Slater radii b:
 * O. Treutler, R. Ahlrichs, J. Chem. Phys. 102, 346 (1995). The length L makes the partition local: μ is cut at
 * ±1, where p has no slope, so an atom farther from a point than its nearest atom by L has no share in it,
 * after H. Laqua, J. Kussmann, C. Ochsenfeld, J. Chem. Phys. 149, 204111 (2018). L = ∞ is Becke's partition.
 */
import type { Structure } from "../structure/structure.js";
import { braggRadius } from "./bragg-radii.js";

export interface BeckePartition {
  readonly atoms: number;
  readonly positions: Float64Array;
  /** L, bohr. */
  readonly reach: number;
  /** [atoms, atoms]: 1 / min(R_ij, L), zero on the diagonal. */
  readonly inverse: Float64Array;
  /** [atoms, atoms]: a_ij. */
  readonly size: Float64Array;
}

export function beckePartition(structure: Structure, reach: number): BeckePartition {
  const { species, positions } = structure;
  const atoms = species.length;
  const inverse = new Float64Array(atoms * atoms);
  const size = new Float64Array(atoms * atoms);
  for (let i = 0; i < atoms; i++)
    for (let j = 0; j < atoms; j++) {
      if (i === j) continue;
      const distance = Math.hypot(
        positions[3 * i] - positions[3 * j],
        positions[3 * i + 1] - positions[3 * j + 1],
        positions[3 * i + 2] - positions[3 * j + 2],
      );
      const ratio = Math.sqrt(braggRadius(species[j]) / braggRadius(species[i]));
      inverse[i * atoms + j] = 1 / Math.min(distance, reach);
      size[i * atoms + j] = Math.max(-0.5, Math.min(0.5, 0.25 * (ratio - 1 / ratio)));
    }
  return { atoms, positions, reach, inverse, size };
}

/** Multiplies the weights of `count` points (points [3, count]) of the atom `owner` by its share in each of them. */
export function applyPartition(
  partition: BeckePartition,
  owner: number,
  points: Float64Array,
  weights: Float64Array,
  count: number,
): void {
  const { atoms, positions, reach, inverse, size } = partition;
  if (atoms === 1) return;
  const distances = new Float64Array(atoms);
  const near = new Int32Array(atoms);
  for (let p = 0; p < count; p++) {
    const x = points[p];
    const y = points[count + p];
    const z = points[2 * count + p];
    let nearest = Infinity;
    for (let i = 0; i < atoms; i++) {
      const dx = x - positions[3 * i];
      const dy = y - positions[3 * i + 1];
      const dz = z - positions[3 * i + 2];
      const r = Math.sqrt(dx * dx + dy * dy + dz * dz);
      distances[i] = r;
      if (r < nearest) nearest = r;
    }
    let close = 0;
    for (let i = 0; i < atoms; i++) if (distances[i] < nearest + reach) near[close++] = i;
    let own = 0;
    let sum = 0;
    for (let k = 0; k < close; k++) {
      const i = near[k];
      const row = i * atoms;
      const r = distances[i];
      let product = 1;
      for (let m = 0; m < close && product > 0; m++) {
        const j = near[m];
        if (j === i) continue;
        let mu = (r - distances[j]) * inverse[row + j];
        if (mu > 1) mu = 1;
        else if (mu < -1) mu = -1;
        let f = mu + size[row + j] * (1 - mu * mu);
        f *= 1.5 - 0.5 * f * f;
        f *= 1.5 - 0.5 * f * f;
        f *= 1.5 - 0.5 * f * f;
        product *= 0.5 * (1 - f);
      }
      sum += product;
      if (i === owner) own = product;
    }
    weights[p] *= own / sum;
  }
}
