/**
 * Cholesky factorisation with pivoting of a kernel matrix that is never formed, K ≈ F Fᵀ. Columns are made on demand,
 * those of the rows with the largest remaining diagonal, a batch at a time. Within a batch pivots are taken while the
 * best of it has at least `SHARE` of what the best of all had, so that the choice is close to that of complete
 * pivoting (Higham, 1990) at the speed of matrix products.
 */
import { gemm } from "../../math/linear-algebra.js";
import { matrix, rowsAt, type Matrix } from "../../math/matrix.js";
import { block } from "../../math/products.js";
import { solveFromRightInPlace } from "../../math/triangular.js";
import { checkpoint, type RunOptions } from "../../run.js";

/** Candidates at a time: twice as many as the last batch gave pivots, within these bounds. */
const LARGEST_BATCH = 96;
const SMALLEST_BATCH = 16;
const SHARE = 0.5;

export interface KernelPivots {
  /** Rows taken, in order. */
  readonly pivots: Int32Array;
  /** Rows of F at the pivots: lower triangular, [pivots, pivots]. */
  readonly factor: Matrix;
}

/**
 * `columnsOf(rows)`: columns of K, [n, rows]. Ends after `largest` pivots or when the largest remaining diagonal
 * element is below `tolerance` times the first.
 */
export async function kernelPivots(
  diagonal: Float64Array,
  columnsOf: (rows: Int32Array) => Matrix,
  tolerance: number,
  largest: number,
  options?: RunOptions,
): Promise<KernelPivots> {
  const n = diagonal.length;
  const most = Math.min(n, largest);
  const rest = diagonal.slice();
  const smallest = tolerance * rest.reduce((a, b) => Math.max(a, b), 0);
  const whole = matrix(n, most);
  const pivots: number[] = [];
  let batch = LARGEST_BATCH;
  while (pivots.length < most) {
    const candidates = largestOf(rest, Math.min(batch, n), smallest);
    if (candidates.length === 0) break;
    const columns = columnsOf(candidates);
    const known = block(whole, 0, 0, n, pivots.length);
    if (pivots.length > 0) gemm(false, true, -1, known, rowsAt(known, candidates), 1, columns);
    const taken = takePivots(rowsAt(columns, candidates), most - pivots.length, smallest);
    const own = columnsAt(columns, taken.positions);
    solveFromRightInPlace(taken.factor, own);
    for (const position of taken.positions) pivots.push(candidates[position]);
    const first = pivots.length - taken.positions.length;
    for (let i = 0; i < n; i++)
      for (let k = 0; k < own.columns; k++) {
        const value = own.data[i * own.columns + k];
        whole.data[i * most + first + k] = value;
        rest[i] -= value * value;
      }
    for (const position of taken.positions) rest[candidates[position]] = -1;
    batch = Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, 2 * taken.positions.length));
    await checkpoint(options);
  }
  const factor = rowsAt(block(whole, 0, 0, n, pivots.length), Int32Array.from(pivots));
  for (let i = 0; i < factor.rows; i++) factor.data.fill(0, i * factor.columns + i + 1, (i + 1) * factor.columns);
  return { pivots: Int32Array.from(pivots), factor };
}

/** Rows of the `count` largest values of at least `smallest` (and above zero), largest first; ties in order. */
function largestOf(values: Float64Array, count: number, smallest: number): Int32Array {
  const rows = Int32Array.from({ length: values.length }, (_, i) => i)
    .filter((i) => values[i] > 0 && values[i] >= smallest)
    .toSorted((a, b) => values[b] - values[a] || a - b);
  return rows.slice(0, count);
}

/** Complete pivoting of the batch with itself: positions taken, in order, and their factor. */
function takePivots(a: Matrix, most: number, smallest: number): { positions: Int32Array; factor: Matrix } {
  const n = a.rows;
  const rest = Float64Array.from({ length: n }, (_, i) => a.data[i * n + i]);
  const enough = Math.max(smallest, SHARE * rest.reduce((x, y) => Math.max(x, y), 0));
  const columns: Float64Array[] = [];
  const positions: number[] = [];
  while (positions.length < Math.min(most, n)) {
    let best = 0;
    for (let i = 1; i < n; i++) if (rest[i] > rest[best]) best = i;
    // The first is always taken: what remained of it was found with the same numbers.
    if (!(rest[best] >= enough && rest[best] > 0) && (positions.length > 0 || !(rest[best] > 0))) break;
    const root = Math.sqrt(rest[best]);
    const column = Float64Array.from({ length: n }, (_, i) => a.data[i * n + best]);
    for (const earlier of columns) for (let i = 0; i < n; i++) column[i] -= earlier[i] * earlier[best];
    for (let i = 0; i < n; i++) {
      column[i] /= root;
      rest[i] -= column[i] ** 2;
    }
    for (const position of positions) column[position] = 0;
    column[best] = root;
    rest[best] = -1;
    columns.push(column);
    positions.push(best);
  }
  const rank = positions.length;
  const factor = matrix(rank, rank);
  for (let i = 0; i < rank; i++) for (let k = 0; k <= i; k++) factor.data[i * rank + k] = columns[k][positions[i]];
  return { positions: Int32Array.from(positions), factor };
}

function columnsAt(a: Matrix, columns: Int32Array): Matrix {
  const result = matrix(a.rows, columns.length);
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < columns.length; k++) result.data[i * columns.length + k] = a.data[i * a.columns + columns[k]];
  return result;
}
