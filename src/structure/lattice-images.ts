/**
 * The translations T = n₁a₁ + n₂a₂ + n₃a₃ for which |d + T| < r: all periodic images within reach, however small or
 * skewed the cell. The minimum image is not enough where functions reach farther than half a cell.
 */
import { reciprocalVectors } from "./reciprocal-lattice.js";
import { CLOSEST, overlapping } from "./neighbours.js";
import type { Structure } from "./structure.js";

/** Finds images of a displacement; made once for a cell. */
export interface LatticeImages {
  /** d + T of all T with |d + T| < `radius` (bohr), in a fixed order: x, y, z of the first, of the second, …. */
  within(dx: number, dy: number, dz: number, radius: number): Float64Array;
}

/** `vectors`: lattice vectors, rows, bohr. Throws `input` for a cell without volume. */
export function latticeImages(vectors: Float64Array): LatticeImages {
  const reciprocal = reciprocalVectors(vectors);
  // A sphere of radius 1 reaches this many lattice planes to each side.
  const planes = [0, 1, 2].map((k) => Math.hypot(...reciprocal.subarray(3 * k, 3 * k + 3)));
  return {
    within(dx, dy, dz, radius) {
      const found: number[] = [];
      const [first, last] = [new Int32Array(3), new Int32Array(3)];
      for (let k = 0; k < 3; k++) {
        const fraction = reciprocal[3 * k] * dx + reciprocal[3 * k + 1] * dy + reciprocal[3 * k + 2] * dz;
        first[k] = Math.ceil(-fraction - radius * planes[k]);
        last[k] = Math.floor(-fraction + radius * planes[k]);
      }
      for (let a = first[0]; a <= last[0]; a++)
        for (let b = first[1]; b <= last[1]; b++)
          for (let c = first[2]; c <= last[2]; c++) {
            const x = dx + a * vectors[0] + b * vectors[3] + c * vectors[6];
            const y = dy + a * vectors[1] + b * vectors[4] + c * vectors[7];
            const z = dz + a * vectors[2] + b * vectors[5] + c * vectors[8];
            if (x * x + y * y + z * z < radius * radius) found.push(x, y, z);
          }
      return Float64Array.from(found);
    },
  };
}

/** Throws `input` for atoms on top of each other, images included. */
export function checkImages(structure: Structure, images: LatticeImages): void {
  const { species, positions } = structure;
  for (let i = 0; i < species.length; i++)
    for (let j = 0; j <= i; j++) {
      const d = [0, 1, 2].map((k) => positions[3 * j + k] - positions[3 * i + k]);
      const near = images.within(d[0], d[1], d[2], CLOSEST);
      // An atom is its own first neighbour.
      if (near.length > (i === j ? 3 : 0)) throw overlapping(structure, j, i, Math.hypot(near[0], near[1], near[2]));
    }
}
