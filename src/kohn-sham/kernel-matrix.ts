/**
 * The exchange–correlation kernel between auxiliary functions, ∫χ_P χ_Q f_xc(ρ), in the local density
 * approximation f_xc = d²(ρ ε_xc)/dρ². f_xc grows as ρ^(−2/3), and tails do not take part in screening: points with
 * ρ < 1e-5 are left out.
 */
import { ldaKernel } from "../functional/functional.js";
import type { BlockFunctions } from "../grid/block-functions.js";
import type { PointDensity } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { scratchMatrix } from "../grid/scratch-matrix.js";
import { gemm } from "../math/linear-algebra.js";
import { axpy, unpackPairs, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import type { GridFunctions } from "./grid-functions.js";

/** Fewer than those of other sums, because each is a large matrix. */
export const KERNEL_PARTS = 4;
const TAIL = 1e-5;
/** Rows of a strip: only strips at and left of the diagonal are computed. */
const STRIP = 64;

/** What one of KERNEL_PARTS parts of the grid adds to the lower triangle, packed: [n (n + 1)/2]; a coarse grid will do, since the kernel only enters a small correction. */
export async function kernelPart(
  functions: GridFunctions,
  n: number,
  density: (block: GridBlock) => PointDensity,
  part: number,
  options?: RunOptions,
): Promise<Float64Array> {
  const result = new Float64Array((n * (n + 1)) / 2);
  for (let b = part; b < functions.blocks.length; b += KERNEL_PARTS) {
    await checkpoint(options);
    const block = functions.blocks[b];
    addBlock(functions.on(b), density(block).rho, block.weights, result);
  }
  return result;
}

/** The matrix from its parts, added in order: the same bits wherever each was computed (grid-parts.ts). */
export function kernelOfParts(parts: readonly Float64Array[], n: number): Matrix {
  const [sum, ...others] = parts;
  for (const part of others) axpy(1, part, sum);
  return unpackPairs(sum, n);
}

function addBlock(
  { alive, values }: BlockFunctions,
  rho: Float64Array,
  weights: Float64Array,
  into: Float64Array,
): void {
  const points: number[] = [];
  for (let g = 0; g < rho.length; g++) if (rho[g] >= TAIL) points.push(g);
  if (points.length === 0 || alive.length === 0) return;
  const factors = ldaKernel(Float64Array.from(points, (g) => rho[g])).map((fxc, k) => fxc * weights[points[k]]);
  const stride = values.stride ?? values.columns;
  const plain = scratchMatrix("points", alive.length, points.length);
  const scaled = scratchMatrix("kernel", alive.length, points.length);
  for (let p = 0, at = 0; p < alive.length; p++)
    for (let k = 0; k < points.length; k++, at++) {
      const value = values.data[p * stride + points[k]];
      plain.data[at] = value;
      scaled.data[at] = value * factors[k];
    }
  for (let first = 0; first < alive.length; first += STRIP) addStrip(plain, scaled, first, alive, into);
}

/** Adds rows first … first + STRIP of scaled·plainᵀ up to the diagonal. */
function addStrip(plain: Matrix, scaled: Matrix, first: number, alive: Int32Array, into: Float64Array): void {
  const last = Math.min(first + STRIP, alive.length);
  const k = plain.columns;
  const rows = { rows: last - first, columns: k, data: scaled.data.subarray(first * k, last * k) };
  const left = { rows: last, columns: k, data: plain.data.subarray(0, last * k) };
  const product = scratchMatrix("strip", last - first, last);
  gemm(false, true, 1, rows, left, 0, product);
  for (let i = 0; i < product.rows; i++) {
    const mu = alive[first + i];
    const row = (mu * (mu + 1)) / 2;
    for (let j = 0; j <= first + i; j++) into[row + alive[j]] += product.data[i * last + j];
  }
}
