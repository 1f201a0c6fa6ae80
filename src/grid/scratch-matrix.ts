/** Room for intermediate matrices of one block, kept between blocks: allocating and clearing it anew costs as much as a product. */
import type { Matrix } from "../math/matrix.js";

const kept: Float64Array[] = [];

/** A matrix with arbitrary content, valid until the next call with the same `slot`. */
export function scratchMatrix(rows: number, columns: number, slot = 0): Matrix {
  const size = rows * columns;
  if (!kept[slot] || kept[slot].length < size) kept[slot] = new Float64Array(size);
  return { rows, columns, data: kept[slot] };
}
