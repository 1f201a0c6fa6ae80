/**
 * Farthest-point sampling: each new point is the one farthest from all chosen so far (Imbalzano et al., J. Chem.
 * Phys. 148, 241730 (2018), doi:10.1063/1.5024611).
 *
 * Distances to the chosen set only fall, so an old one is an upper bound. The points wait in a heap by that bound and
 * only the one on top is brought up to date; when it stays on top it is the farthest. The result is that of the
 * plain algorithm, which costs points · chosen · dimensions; most of these distances are never looked at.
 */
import { BrineError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";

/** Points nearer to a chosen one than this fraction of the largest squared length are its duplicates. */
const DUPLICATE = 1e-20;
/** Dimensions between two looks at a running sum. */
const STRIDE = 16;

/**
 * Indices of at most `count` rows in the order chosen, beginning with `start`. Ties go to the lower index. Fewer
 * are returned when only duplicates of chosen rows remain. Throws `input` for rows that are not numbers.
 */
export function farthestPoints(rows: Matrix, count: number, start = 0): Int32Array {
  const points = rows.rows;
  if (points === 0 || count <= 0) return new Int32Array(0);
  if (!(Number.isInteger(start) && start >= 0 && start < points))
    throw new BrineError("usage", `farthest-point sampling cannot start at row ${start} of ${points}`);
  const lengths = rowLengths(rows);
  const smallest = DUPLICATE * lengths.reduce((a, b) => Math.max(a, b), 0) ** 2;
  const bound = new Float64Array(points).fill(Infinity);
  const compared = new Int32Array(points); // chosen points that the bound accounts for
  const heap = Int32Array.from({ length: points }, (_, i) => i);
  const chosen = new Int32Array(Math.min(count, points));
  let size = 1;
  chosen[0] = start;
  bound[start] = -1;
  sink(heap, bound, start);
  while (size < chosen.length) {
    const top = heap[0];
    if (compared[top] === size) {
      if (!(bound[top] > smallest)) break;
      chosen[size++] = top;
      bound[top] = -1;
    } else {
      const enough = secondLargest(heap, bound);
      while (compared[top] < size && bound[top] >= enough)
        bound[top] = nearer(rows, lengths, top, chosen[compared[top]++], bound[top]);
    }
    sink(heap, bound, 0);
  }
  return chosen.slice(0, size);
}

function rowLengths({ rows, columns, data, stride = columns }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let k = i * stride; k < i * stride + columns; k++) sum += data[k] * data[k];
    if (!Number.isFinite(sum)) throw new BrineError("input", `row ${i} of the points is not a number`);
    return Math.sqrt(sum);
  });
}

/** min(limit, |x_i − x_j|²), given up as soon as the limit is passed; |x_i − x_j| ≥ ||x_i| − |x_j||. */
function nearer(
  { columns, data, stride = columns }: Matrix,
  lengths: Float64Array,
  i: number,
  j: number,
  limit: number,
): number {
  if ((lengths[i] - lengths[j]) ** 2 * (1 - 1e-12) > limit) return limit;
  const a = i * stride;
  const b = j * stride;
  let sum = 0;
  for (let from = 0; from < columns && sum < limit; from += STRIDE) {
    const to = Math.min(columns, from + STRIDE);
    for (let k = from; k < to; k++) {
      const gap = data[a + k] - data[b + k];
      sum += gap * gap;
    }
  }
  return sum < limit ? sum : limit;
}

/** Whether point i comes before point j: larger bound, then lower index. */
function before(bound: Float64Array, i: number, j: number): boolean {
  return bound[i] > bound[j] || (bound[i] === bound[j] && i < j);
}

/** Largest bound below the top of the heap. */
function secondLargest(heap: Int32Array, bound: Float64Array): number {
  const left = heap.length > 1 ? bound[heap[1]] : -1;
  return heap.length > 2 ? Math.max(left, bound[heap[2]]) : left;
}

/** Restores the heap after the bound of the point at `place` has fallen. */
function sink(heap: Int32Array, bound: Float64Array, place: number): void {
  const point = heap[place];
  for (let at = place; ;) {
    let child = 2 * at + 1;
    if (child + 1 < heap.length && before(bound, heap[child + 1], heap[child])) child++;
    if (child >= heap.length || !before(bound, heap[child], point)) {
      heap[at] = point;
      return;
    }
    heap[at] = heap[child];
    at = child;
  }
}
