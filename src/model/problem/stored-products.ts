/** Products with a tall matrix ψ whose numbers are stored, a few rows at a time so that they stay in the cache. */
import { gemm } from "../../math/linear-algebra.js";
import { matrix, rowsOf, type Matrix } from "../../math/matrix.js";
import { isDirect, view, type Stored } from "./storage.js";

/** Numbers converted at a time: 1 MB in double precision. */
const TILE = 131072;
const tile: { work?: Float64Array } = {};

/** Some rows of a stored matrix. */
export interface StoredRows {
  readonly psi: Stored;
  readonly columns: number;
  readonly from: number;
  readonly rows: number;
}

/** `into` ← ψ W; W [columns, k], `into` [rows, k]. */
export function timesColumns(a: StoredRows, w: Matrix, into: Matrix): void {
  forEachTile(a, (part, first) => gemm(false, false, 1, part, w, 0, rowsOf(into, first, part.rows)));
}

/** `into` ← `into` + ψᵀ V; V [rows, k], `into` [columns, k]. */
export function addTransposed(a: StoredRows, v: Matrix, into: Matrix): void {
  forEachTile(a, (part, first) => gemm(true, false, 1, part, rowsOf(v, first, part.rows), 1, into));
}

/** The rows in double precision. */
export function denseRows({ psi, columns, from, rows }: StoredRows): Matrix {
  return matrix(rows, columns, view(psi, from * columns, rows * columns));
}

/** Calls `visit` with tiles of rows and the number of their first row. */
function forEachTile({ psi, columns, from, rows }: StoredRows, visit: (part: Matrix, first: number) => void): void {
  const direct = isDirect(psi);
  const most = direct ? rows : Math.max(1, Math.floor(TILE / columns));
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    if (!direct && (tile.work?.length ?? 0) < count * columns)
      tile.work = new Float64Array(Math.max(TILE, count * columns));
    visit(matrix(count, columns, view(psi, (from + first) * columns, count * columns, tile.work)), first);
  }
}
