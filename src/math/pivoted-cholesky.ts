/**
 * Cholesky factorisation with complete pivoting, A ≈ F Fᵀ, of a positive semidefinite matrix: at each
 * step the largest remaining diagonal element is the pivot (Higham, "Analysis of the Cholesky
 * decomposition of a semi-definite matrix", 1990). The trace of the error is at most
 * (n − rank) × tolerance.
 *
 * Pivots are taken in batches. Within a batch only the pivot rows and the diagonal are brought up to date;
 * then the batch is subtracted from what remains by matrix products, and the pivoted rows are dropped.
 */
import { matrix, type Matrix } from "./matrix.js";
import { subtractSquare } from "./cholesky.js";
import { block, requireSquare } from "./products.js";

const BATCH = 64;

export interface PivotedCholesky {
  /** Rows of A taken as pivots, in order; length `rank`. */
  readonly pivots: Int32Array;
  /** F, [n, rank], rows in the order of A. */
  readonly factor: Matrix;
  readonly rank: number;
}

/** The rows and columns not yet pivoted. */
interface Remainder {
  size: number;
  readonly stride: number;
  /** Lower triangle, up to date as of the last batch. */
  readonly data: Float64Array;
  /** Diagonal, always up to date; −1 marks a pivot of the current batch. */
  readonly diagonal: Float64Array;
  /** Row in A. */
  readonly origin: Int32Array;
}

/**
 * Stops when the largest remaining diagonal element is below `tolerance`, or after `largest` pivots. Reads the lower
 * triangle of `a`.
 */
export function pivotedCholesky(a: Matrix, tolerance: number, largest = Infinity): PivotedCholesky {
  const n = requireSquare(a, "a Cholesky factorisation");
  const rest = remainder(a);
  const rows: Float64Array[] = []; // columns of F
  const pivots: number[] = [];
  for (;;) {
    const batch = takeBatch(rest, tolerance, Math.min(BATCH, largest - rows.length));
    for (const { position, column } of batch) {
      const row = new Float64Array(n);
      for (let i = 0; i < rest.size; i++) row[rest.origin[i]] = column[i];
      rows.push(row);
      pivots.push(rest.origin[position]);
    }
    if (batch.length < BATCH || rows.length >= largest) break;
    reduce(rest, batch);
  }
  const rank = rows.length;
  const factor = matrix(n, rank);
  for (let k = 0; k < rank; k++) for (let i = 0; i < n; i++) factor.data[i * rank + k] = rows[k][i];
  return { pivots: Int32Array.from(pivots), factor, rank };
}

function remainder(a: Matrix): Remainder {
  const n = a.rows;
  const stride = a.stride ?? n;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data.set(a.data.subarray(i * stride, i * stride + i + 1), i * n);
  return {
    size: n,
    stride: n,
    data,
    diagonal: Float64Array.from({ length: n }, (_, i) => data[i * n + i]),
    origin: Int32Array.from({ length: n }, (_, i) => i),
  };
}

interface Pivot {
  readonly position: number;
  /** Column of F over the remaining rows; zero at earlier pivots of the batch. */
  readonly column: Float64Array;
}

function takeBatch(rest: Remainder, tolerance: number, most: number): Pivot[] {
  const { size, diagonal } = rest;
  const batch: Pivot[] = [];
  while (batch.length < most) {
    let position = 0;
    for (let i = 1; i < size; i++) if (diagonal[i] > diagonal[position]) position = i;
    if (size === 0 || !(diagonal[position] >= tolerance && diagonal[position] > 0)) break;
    const column = pivotColumn(rest, batch, position);
    for (let i = 0; i < size; i++) if (diagonal[i] >= 0) diagonal[i] = Math.max(0, diagonal[i] - column[i] ** 2);
    diagonal[position] = -1;
    batch.push({ position, column });
  }
  return batch;
}

function pivotColumn(
  { size, stride, data, diagonal }: Remainder,
  batch: readonly Pivot[],
  position: number,
): Float64Array {
  const column = new Float64Array(size);
  for (let i = 0; i < size; i++) column[i] = i <= position ? data[position * stride + i] : data[i * stride + position];
  for (const earlier of batch) {
    const factor = earlier.column[position];
    for (let i = 0; i < size; i++) column[i] -= factor * earlier.column[i];
  }
  const root = Math.sqrt(diagonal[position]);
  for (let i = 0; i < size; i++) column[i] = diagonal[i] < 0 ? 0 : column[i] / root;
  column[position] = root;
  return column;
}

/** Subtracts the batch from the remainder and drops its pivots. */
function reduce(rest: Remainder, batch: readonly Pivot[]): void {
  const { stride, data, diagonal, origin } = rest;
  const kept: number[] = [];
  for (let i = 0; i < rest.size; i++) if (diagonal[i] >= 0) kept.push(i);
  const size = kept.length;
  const columns = matrix(size, batch.length);
  for (let i = 0; i < size; i++) {
    const from = kept[i] * stride;
    for (let j = 0; j <= i; j++) data[i * stride + j] = data[from + kept[j]]; // kept[i] ≥ i: nothing is overwritten early
    diagonal[i] = diagonal[kept[i]];
    origin[i] = origin[kept[i]];
    for (let k = 0; k < batch.length; k++) columns.data[i * batch.length + k] = batch[k].column[kept[i]];
  }
  rest.size = size;
  if (size > 0) subtractSquare(columns, block({ rows: stride, columns: stride, data }, 0, 0, size, size));
}
