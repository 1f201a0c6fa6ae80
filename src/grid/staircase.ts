/**
 * Products of functions on a block, t_μ u_ν, without the negligible ones. Both sets stand in the order of their largest
 * values; what a row needs of the columns is then a beginning of them that gets shorter from row to row. Rows are taken
 * together in stairs, so that products of matrices are left: for 32 water molecules a third of the whole products.
 */

/** Rows `first` … `end` − 1 with the columns before `columns`. */
export interface Stair {
  readonly first: number;
  readonly end: number;
  readonly columns: number;
}

/** A stair ends where its last row needs fewer columns than this share of those of its first. */
const SHARE = 0.5;

/** `rows`, `columns`: largest values, descending. Products below `negligible` may be left out. */
export function staircase(rows: Float64Array, columns: Float64Array, negligible: number): Stair[] {
  const stairs: Stair[] = [];
  let needed = columns.length;
  const neededBy = (row: number): number => {
    while (needed > 0 && rows[row] * columns[needed - 1] < negligible) needed--;
    return needed;
  };
  for (let first = 0, end = 0; first < rows.length; first = end) {
    const most = neededBy(first);
    if (most === 0) break;
    for (end = first + 1; end < rows.length && neededBy(end) >= SHARE * most;) end++;
    stairs.push({ first, end, columns: most });
  }
  return stairs;
}
