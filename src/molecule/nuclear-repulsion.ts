/** E_nn = Σ_{a>b} Z_a Z_b / |R_a − R_b|. */
import type { Structure } from "../structure/structure.js";

/** hartree; `charges` default to the atomic numbers. */
export function nuclearRepulsion({ species, positions }: Structure, charges: ArrayLike<number> = species): number {
  let sum = 0;
  for (let a = 0; a < species.length; a++)
    for (let b = 0; b < a; b++) {
      const x = positions[3 * a] - positions[3 * b];
      const y = positions[3 * a + 1] - positions[3 * b + 1];
      const z = positions[3 * a + 2] - positions[3 * b + 2];
      sum += (charges[a] * charges[b]) / Math.sqrt(x * x + y * y + z * z);
    }
  return sum;
}

/** ∂E_nn/∂R [atoms, 3], hartree/bohr. */
export function nuclearRepulsionGradient(
  { species, positions }: Structure,
  charges: ArrayLike<number> = species,
): Float64Array {
  const gradient = new Float64Array(positions.length);
  for (let a = 0; a < species.length; a++)
    for (let b = 0; b < a; b++) {
      const d = [0, 1, 2].map((axis) => positions[3 * a + axis] - positions[3 * b + axis]);
      const factor = (charges[a] * charges[b]) / Math.hypot(...d) ** 3;
      for (let axis = 0; axis < 3; axis++) {
        gradient[3 * a + axis] -= factor * d[axis];
        gradient[3 * b + axis] += factor * d[axis];
      }
    }
  return gradient;
}
