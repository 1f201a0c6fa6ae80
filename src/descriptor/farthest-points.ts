/**
 * Farthest-point sampling: each new point is the one farthest from all chosen so far (Imbalzano et al., J. Chem.
 * Phys. 148, 241730 (2018), doi:10.1063/1.5024611). Time O(points · chosen · dimensions) at most; a distance sum
 * stops as soon as it exceeds the smallest distance known.
 */
import { BrineError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";

/** Points nearer than this fraction of the largest squared length to a chosen one are its duplicates. */
const DUPLICATE = 1e-20;
/** Dimensions between two looks at the running sum. */
const STRIDE = 16;

/**
 * Indices of at most `count` rows in the order chosen, beginning with `start`. Ties go to the lower index. Fewer
 * are returned when only duplicates of chosen rows remain.
 */
export function farthestPoints(rows: Matrix, count: number, start = 0): Int32Array {
  const points = rows.rows;
  if (points === 0 || count <= 0) return new Int32Array(0);
  if (!(Number.isInteger(start) && start >= 0 && start < points))
    throw new BrineError("usage", `farthest-point sampling cannot start at row ${start} of ${points}`);
  const nearest = new Float64Array(points).fill(Infinity);
  const chosen: number[] = [];
  const smallest = DUPLICATE * largestSquare(rows);
  for (let next = start; ; ) {
    chosen.push(next);
    nearest[next] = 0;
    if (chosen.length === Math.min(count, points)) break;
    lowerDistances(rows, next, nearest);
    next = indexOfLargest(nearest);
    if (!(nearest[next] > smallest)) break;
  }
  return Int32Array.from(chosen);
}

function largestSquare({ rows, columns, data, stride = columns }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = i * stride; k < i * stride + columns; k++) sum += data[k] * data[k];
    if (Number.isNaN(sum)) throw new BrineError("input", `row ${i} of the points is not a number`);
    largest = Math.max(largest, sum);
  }
  return largest;
}

/** nearest_i ← min(nearest_i, |x_i − x_chosen|²). */
function lowerDistances({ rows, columns, data, stride = columns }: Matrix, chosen: number, nearest: Float64Array): void {
  const point = data.slice(chosen * stride, chosen * stride + columns);
  for (let i = 0; i < rows; i++) {
    const limit = nearest[i];
    const at = i * stride;
    let sum = 0;
    for (let from = 0; from < columns && sum < limit; from += STRIDE) {
      const to = Math.min(columns, from + STRIDE);
      for (let k = from; k < to; k++) {
        const gap = data[at + k] - point[k];
        sum += gap * gap;
      }
    }
    if (sum < limit) nearest[i] = sum;
  }
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
