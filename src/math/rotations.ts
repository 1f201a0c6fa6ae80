/** Sweeps of plane rotations, gathered and then applied together to the rows of a matrix. */
import { SCRATCH_SIZE, SCRATCH_START, type Kernels } from "./kernels.js";
import type { Matrix } from "./matrix.js";

/** Rotations of rows i and i + 1: (z_i, z_{i+1}) ← (c z_i − s z_{i+1}, s z_i + c z_{i+1}), i = top − 1 … bottom. */
export interface Rotations {
  /** (top, bottom, index of the rotation of row top − 1), one after another. */
  readonly sweeps: number[];
  /** Cosine and sine, interleaved. */
  readonly pairs: Float64Array;
  /** Rotations in `pairs`. */
  count: number;
}

/** Applies the rotations to the rows of a matrix and forgets them. */
export type ApplyRotations = (rotations: Rotations, rows: Matrix) => void;

const SWEEPS = 64;
/** Columns that the kernel rotates at once: a cache line. */
const COLUMNS = 8;

/** Room for 64 sweeps over `n` rows, or fewer where the scratch is too small for that (n > 6000). */
export function rotationsFor(n: number): Rotations {
  const room = SCRATCH_SIZE - COLUMNS * n - integersToDoubles(n);
  return { sweeps: [], pairs: new Float64Array(Math.min(2 * SWEEPS * n, room & ~1)), count: 0 };
}

/** A batch holds at most one sweep for each rotation; very short sweeps are bounded by `isFull`. */
export function isFull(rotations: Rotations, next: number, n: number): boolean {
  return 2 * (rotations.count + next) > rotations.pairs.length || rotations.sweeps.length + 3 > 3 * n;
}

const integersToDoubles = (n: number): number => Math.ceil((3 * n) / 2);

/** Runs on the kernels: eight columns are copied into a strip, rotated, and copied back. */
export function wasmRotations(kernels: Kernels): ApplyRotations {
  return (rotations, { data, rows, columns, stride = columns }) => {
    const { doubles, integers } = kernels;
    const sweepsAt = SCRATCH_START + COLUMNS * rows;
    const pairsAt = sweepsAt + integersToDoubles(rows);
    integers.set(rotations.sweeps, 2 * sweepsAt);
    doubles.set(rotations.pairs.subarray(0, 2 * rotations.count), pairsAt);
    for (let first = 0; first < columns; first += COLUMNS) {
      const width = Math.min(COLUMNS, columns - first);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < width; j++) doubles[SCRATCH_START + i * COLUMNS + j] = data[i * stride + first + j];
      kernels.rotateColumns(8 * SCRATCH_START, 8 * sweepsAt, rotations.sweeps.length / 3, 8 * pairsAt);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < width; j++) data[i * stride + first + j] = doubles[SCRATCH_START + i * COLUMNS + j];
    }
    rotations.sweeps.length = 0;
    rotations.count = 0;
  };
}
