/** The rows and columns of a matrix that belong to the functions alive on a block, and back. */
import type { Matrix } from "../math/matrix.js";
import { scratchMatrix } from "./scratch-matrix.js";

/** These rows and columns, valid until the next scratch matrix of slot 1. */
export function gather(full: Matrix, rows: Int32Array, columns: Int32Array): Matrix {
  const part = scratchMatrix("functions", rows.length, columns.length);
  const stride = full.stride ?? full.columns;
  const [from, to] = [full.data, part.data];
  for (let i = 0, at = 0; i < rows.length; i++) {
    const row = rows[i] * stride;
    for (let j = 0; j < columns.length; j++, at++) to[at] = from[row + columns[j]];
  }
  return part;
}

/** Adds `factor` times `part` to these rows and columns. */
export function scatter(part: Matrix, factor: number, rows: Int32Array, columns: Int32Array, into: Matrix): void {
  const stride = into.stride ?? into.columns;
  const [from, to] = [part.data, into.data];
  for (let i = 0, at = 0; i < rows.length; i++) {
    const row = rows[i] * stride;
    for (let j = 0; j < columns.length; j++, at++) to[row + columns[j]] += factor * from[at];
  }
}
