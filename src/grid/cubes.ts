/** Walks over the blocks of a uniform grid with the images of atoms that are near. */
import { checkpoint, type RunOptions } from "../run.js";
import { imagesNear, type CubeBasis, type Images } from "./cube-functions.js";
import type { UniformGrid } from "./uniform-grid.js";

export interface Cube {
  /** Number of the block in the order of the walk. */
  readonly index: number;
  /** The first point, bohr. */
  readonly first: readonly [number, number, number];
  /** Indices of the first point on the grid. */
  readonly at: readonly [number, number, number];
}

/** Calls `visit` for each block; `images` finds those of each basis that may reach it. */
export async function forEachCube(
  grid: UniformGrid,
  bases: readonly CubeBasis[],
  visit: (cube: Cube, images: () => readonly Images[]) => void,
  options?: RunOptions,
): Promise<void> {
  const { shape, block, steps } = grid;
  const [n1, n2, n3] = shape;
  const half = Math.ceil(n3 / block[2] / 2) * block[2];
  const bar = [0, 1, 2].map((axis) => 0.5 * (half - block[2]) * steps[6 + axis]);
  const barRadius = Math.hypot(...bar);
  let index = 0;
  for (let i = 0; i < n1; i += block[0])
    for (let j = 0; j < n2; j += block[1])
      for (let start = 0; start < n3; start += half) {
        await checkpoint(options);
        const origin = pointOf(grid, [i, j, start]);
        let near: readonly Images[] | undefined;
        const images = (): readonly Images[] =>
          (near ??= bases.map((basis) => {
            const [x, y, z] = [0, 1, 2].map((axis) => origin[axis] + basis.middle[axis] + bar[axis]);
            return imagesNear(basis, x, y, z, basis.radius + barRadius);
          }));
        for (let k = start; k < Math.min(n3, start + half); k += block[2])
          visit({ index: index++, first: pointOf(grid, [i, j, k]), at: [i, j, k] }, images);
      }
}

function pointOf({ steps }: UniformGrid, [i, j, k]: readonly [number, number, number]): [number, number, number] {
  const at = (axis: number): number => i * steps[axis] + j * steps[3 + axis] + k * steps[6 + axis];
  return [at(0), at(1), at(2)];
}

/** Copies the values of a block out of an array over the grid. */
export function takeCube({ shape, block }: UniformGrid, { at }: Cube, values: Float64Array, out: Float64Array): void {
  let to = 0;
  for (let i = 0; i < block[0]; i++)
    for (let j = 0; j < block[1]; j++) {
      const from = ((at[0] + i) * shape[1] + at[1] + j) * shape[2] + at[2];
      for (let k = 0; k < block[2]; k++) out[to++] = values[from + k];
    }
}

/** Writes the values of a block into an array over the grid. */
export function putCube({ shape, block }: UniformGrid, { at }: Cube, values: Float64Array, into: Float64Array): void {
  let from = 0;
  for (let i = 0; i < block[0]; i++)
    for (let j = 0; j < block[1]; j++) {
      const to = ((at[0] + i) * shape[1] + at[1] + j) * shape[2] + at[2];
      for (let k = 0; k < block[2]; k++) into[to + k] = values[from++];
    }
}
