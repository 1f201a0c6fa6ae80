/**
 * Uniform grids of periodic cells: points r = Σ (i_k/n_k) a_k, and the plane waves that they carry.
 *
 * A cutoff E (hartree) asks for all G with ½G² ≤ E, so for n ≥ 2⌊√(2E) a/2π⌋ + 1 points along a lattice vector of length
 * a; sizes are then rounded up to ones with fast Fourier transforms, those of CP2K, so that both programs have the same
 * points. The grid is cut into blocks of at most 512 neighbouring points.
 */
import type { GridShape } from "../math/fft.js";
import { cellVolume } from "../structure/cell.js";
import { reciprocalVectors } from "../structure/reciprocal-lattice.js";

export interface UniformGrid {
  readonly shape: GridShape;
  /** Lattice vectors as rows, bohr. */
  readonly cell: Float64Array;
  /** bohr³ */
  readonly volume: number;
  /** From one point to the next along each lattice vector, as rows, bohr. */
  readonly steps: Float64Array;
  /** Points of a block along each lattice vector; they divide the shape. */
  readonly block: GridShape;
}

/** Numbers that CP2K's Fourier transforms take, up to 243; beyond, all with factors 2, 3 and 5. */
const SIZES = [
  2, 4, 6, 8, 9, 12, 15, 16, 18, 20, 24, 25, 27, 30, 32, 36, 40, 45, 48, 54, 60, 64, 72, 75, 80, 81, 90, 96, 100, 108,
  120, 125, 128, 135, 144, 150, 160, 162, 180, 192, 200, 216, 225, 240, 243,
];
/** Of a block: points along one direction, of a slab of equal first index (kernels/cubes.ts), and in all. */
const MOST_ALONG = 8;
const MOST_IN_SLAB = 64;
const MOST_IN_BLOCK = 512;

/** The grid of a cell (lattice vectors as rows, bohr) with a cutoff in hartree. */
export function uniformGrid(cell: Float64Array, cutoff: number): UniformGrid {
  const size = (k: number): number => gridSize(Math.hypot(...cell.subarray(3 * k, 3 * k + 3)), cutoff);
  return gridOfShape(cell, [size(0), size(1), size(2)]);
}

/** Throws `input` for a cell without volume. */
export function gridOfShape(cell: Float64Array, shape: GridShape): UniformGrid {
  reciprocalVectors(cell); // throws for a flat cell
  const volume = cellVolume(cell);
  const steps = Float64Array.from(cell, (x, i) => x / shape[Math.floor(i / 3)]);
  const third = divisor(shape[2], MOST_ALONG);
  const second = divisor(shape[1], Math.min(MOST_ALONG, MOST_IN_SLAB / third));
  const first = divisor(shape[0], Math.min(MOST_ALONG, MOST_IN_BLOCK / (second * third)));
  return { shape, cell, volume, steps, block: [first, second, third] };
}

/** Points along a lattice vector of this length (bohr). */
export function gridSize(length: number, cutoff: number): number {
  const least = 2 * Math.floor((Math.sqrt(2 * cutoff) * length) / (2 * Math.PI)) + 1;
  const listed = SIZES.find((size) => size >= least);
  if (listed !== undefined) return listed;
  let size = least;
  while (!isSmooth(size)) size++;
  return size;
}

function isSmooth(n: number): boolean {
  for (const factor of [2, 3, 5]) while (n % factor === 0) n /= factor;
  return n === 1;
}

/** The largest divisor of n up to `most`. */
function divisor(n: number, most: number): number {
  let size = Math.min(n, Math.floor(most));
  while (n % size !== 0) size--;
  return size;
}
