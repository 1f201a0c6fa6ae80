/**
 * How the energy of a grid changes with its weights when atoms move, the energy density at each point held fixed:
 *
 *   Σ_g (w f)_g ∂ ln w_g/∂R,   ln w_o = ln P_o − ln Σ_i P_i,   d ln P_i = Σ_j (ln s)'(ν_ij) dν_ij,   s = ½ (1 − f)
 *
 * with the quantities of becke-partition.ts. A point moves with the atom that owns it, which feels the opposite of
 * what all others feel: the partition does not change when everything moves together
 * (B. G. Johnson, P. M. W. Gill, J. A. Pople, J. Chem. Phys. 98, 5612 (1993)).
 */
import type { BeckePartition } from "./becke-partition.js";
import type { GridBlock } from "./grid-block.js";

/** Energies of a point, hartree, that are not worth a force. */
const NEGLIGIBLE = 1e-15;

/** Adds the derivatives to `gradient` [atoms, 3]; `energies` are w f, [count]. The block must know its owners. */
export function addPartitionGradient(
  partition: BeckePartition,
  block: GridBlock,
  energies: Float64Array,
  gradient: Float64Array,
): void {
  const { atoms, positions, reach } = partition;
  const { count, points, owners } = block;
  if (atoms === 1 || !owners) return;
  const distances = new Float64Array(atoms);
  const directions = new Float64Array(3 * atoms);
  const near = new Int32Array(atoms);
  const shares = new Float64Array(atoms);
  for (let p = 0; p < count; p++) {
    let nearest = Infinity;
    for (let i = 0; i < atoms; i++) {
      const dx = points[p] - positions[3 * i];
      const dy = points[count + p] - positions[3 * i + 1];
      const dz = points[2 * count + p] - positions[3 * i + 2];
      const r = Math.sqrt(dx * dx + dy * dy + dz * dz);
      distances[i] = r;
      directions[3 * i] = dx;
      directions[3 * i + 1] = dy;
      directions[3 * i + 2] = dz;
      if (r < nearest) nearest = r;
    }
    let close = 0;
    for (let i = 0; i < atoms; i++) {
      if (distances[i] >= nearest + reach) continue;
      near[close++] = i;
      const inverse = distances[i] > 0 ? 1 / distances[i] : 0;
      for (let axis = 0; axis < 3; axis++) directions[3 * i + axis] *= inverse;
    }
    if (close === 1) continue;
    fillShares(partition, distances, near, close, shares);
    addPoint(partition, owners[p], energies[p], distances, directions, near, close, shares, gradient);
  }
}

/** P_i / Σ_j P_j of the atoms `near`. */
function fillShares(
  partition: BeckePartition,
  distances: Float64Array,
  near: Int32Array,
  close: number,
  shares: Float64Array,
): void {
  const { atoms, inverse, size } = partition;
  let sum = 0;
  for (let k = 0; k < close; k++) {
    const i = near[k];
    let product = 1;
    for (let m = 0; m < close && product > 0; m++) {
      const j = near[m];
      if (j === i) continue;
      const mu = (distances[i] - distances[j]) * inverse[i * atoms + j];
      if (mu >= 1) product = 0;
      else if (mu > -1) product *= 0.5 * (1 - step(mu + size[i * atoms + j] * (1 - mu * mu)));
    }
    shares[i] = product;
    sum += product;
  }
  for (let k = 0; k < close; k++) shares[near[k]] /= sum;
}

/** A point whose energy `energy` changes as the logarithm of its owner's share. */
function addPoint(
  partition: BeckePartition,
  owner: number,
  energy: number,
  distances: Float64Array,
  directions: Float64Array,
  near: Int32Array,
  close: number,
  shares: Float64Array,
  gradient: Float64Array,
): void {
  const { atoms, positions, reach, inverse, size } = partition;
  for (let k = 0; k < close; k++) {
    const i = near[k];
    const factor = energy * ((i === owner ? 1 : 0) - shares[i]);
    if (Math.abs(factor) < NEGLIGIBLE) continue;
    for (let m = 0; m < close; m++) {
      const j = near[m];
      if (j === i) continue;
      const inverseDistance = inverse[i * atoms + j];
      const mu = (distances[i] - distances[j]) * inverseDistance;
      if (mu <= -1 || mu >= 1) continue;
      const a = size[i * atoms + j];
      const slope = factor * logarithmicSlope(mu + a * (1 - mu * mu)) * (1 - 2 * a * mu) * inverseDistance;
      if (slope === 0) continue;
      // μ scales with 1/R_ij unless that is cut at 1/L.
      const stretch = inverseDistance * reach > 1 ? mu * inverseDistance : 0;
      for (let axis = 0; axis < 3; axis++) {
        const between = stretch * (positions[3 * j + axis] - positions[3 * i + axis]);
        const onI = slope * (between - directions[3 * i + axis]);
        const onJ = slope * (directions[3 * j + axis] - between);
        gradient[3 * i + axis] += onI;
        gradient[3 * j + axis] += onJ;
        gradient[3 * owner + axis] -= onI + onJ;
      }
    }
  }
}

/** p(p(p(ν))). */
function step(nu: number): number {
  const first = nu * (1.5 - 0.5 * nu * nu);
  const second = first * (1.5 - 0.5 * first * first);
  return second * (1.5 - 0.5 * second * second);
}

/** d ln ½(1 − p(p(p(ν))))/dν. */
function logarithmicSlope(nu: number): number {
  const first = nu * (1.5 - 0.5 * nu * nu);
  const second = first * (1.5 - 0.5 * first * first);
  const third = second * (1.5 - 0.5 * second * second);
  return (-3.375 * (1 - nu * nu) * (1 - first * first) * (1 - second * second)) / (1 - third);
}
