import type { Matrix } from "../../dist/math/matrix.js";

/** max |a_ij − b_(o_i)(o_j)|. */
export function difference(a: Matrix, b: Matrix, order?: readonly number[]): number {
  let largest = 0;
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.rows; j++) {
      const [p, q] = order ? [order[i], order[j]] : [i, j];
      largest = Math.max(largest, Math.abs(a.data[i * a.columns + j] - b.data[p * b.columns + q]));
    }
  return largest;
}
