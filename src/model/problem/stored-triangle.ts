/**
 * A stored lower triangle L, or the lower half of a symmetric matrix, as panels of rows: the first k + 1 panels of
 * columns of panel k, one after another. Half of the numbers of a square, and no element is reached but in order.
 */
import { gemm } from "../../math/linear-algebra.js";
import { matrix, rowsOf, type Matrix } from "../../math/matrix.js";
import { solveInPlace, solveTransposedInPlace } from "../../math/triangular.js";
import { isDirect, put, store, view, type Precision, type Stored } from "./storage.js";

const PANEL = 192;

export interface StoredTriangle {
  readonly order: number;
  readonly numbers: Stored;
}

/** Numbers that a triangle of this order takes. */
export function triangleLength(order: number): number {
  return firstOf(order, Math.ceil(order / PANEL));
}

/** Where panel k starts. */
function firstOf(order: number, k: number): number {
  const full = Math.min(k, Math.floor(order / PANEL));
  const whole = (PANEL * PANEL * full * (full + 1)) / 2;
  return k > full ? whole + (order - full * PANEL) * order : whole;
}

/** Keeps the lower triangle of `a`. */
export function storeTriangle(a: Matrix, precision: Precision, file?: string): StoredTriangle {
  const order = a.rows;
  const stride = a.stride ?? a.columns;
  const numbers = store(triangleLength(order), precision, file);
  for (let k = 0, row = 0; row < order; k++, row += PANEL) {
    const rows = Math.min(PANEL, order - row);
    const width = row + rows;
    const panel = new Float64Array(rows * width);
    for (let i = 0; i < rows; i++)
      panel.set(a.data.subarray((row + i) * stride, (row + i) * stride + row + i + 1), i * width);
    put(numbers, firstOf(order, k), panel);
  }
  return { order, numbers };
}

/** The lower triangle in a square matrix, zeros above. */
export function triangleMatrix(triangle: StoredTriangle): Matrix {
  const { order } = triangle;
  const result = matrix(order, order);
  forEachPanel(triangle, false, (panel, row) => {
    for (let i = 0; i < panel.rows; i++)
      result.data.set(panel.data.subarray(i * panel.columns, i * panel.columns + row + i + 1), (row + i) * order);
  });
  return result;
}

/** X ← L⁻¹ X, or L⁻ᵀ X when `transposed`; X [order, k]. */
export function solveStored(triangle: StoredTriangle, x: Matrix, transposed: boolean): void {
  if (transposed) return solveTransposed(triangle, x, solveTransposedInPlace);
  forEachPanel(triangle, false, (panel, row) => {
    const { corner, left } = partsOf(panel, row);
    const own = rowsOf(x, row, panel.rows);
    if (row > 0) gemm(false, false, -1, left, rowsOf(x, 0, row), 1, own);
    solveInPlace(corner, own, false);
  });
}

/**
 * X ← X' of single precision with LᵀX' ≈ X: each number of L⁻ᵀ X is rounded as soon as it is known, so that those still
 * to come make up for it. L⁻ᵀ X rounded afterwards has errors that an L near to singular makes a thousand times as large.
 */
export function solveStoredInSingles(triangle: StoredTriangle, x: Matrix): void {
  solveTransposed(triangle, x, (corner, own) => {
    const stride = corner.stride ?? corner.columns;
    const { rows, columns, data } = own;
    for (let i = rows - 1; i >= 0; i--)
      for (let k = 0; k < columns; k++) {
        const value = Math.fround(data[i * columns + k] / corner.data[i * stride + i]);
        data[i * columns + k] = value;
        for (let j = 0; j < i; j++) data[j * columns + k] -= corner.data[i * stride + j] * value;
      }
  });
}

/** `solveCorner` solves with the triangle at the end of a panel. */
function solveTransposed(
  triangle: StoredTriangle,
  x: Matrix,
  solveCorner: (corner: Matrix, own: Matrix) => void,
): void {
  forEachPanel(triangle, true, (panel, row) => {
    const { corner, left } = partsOf(panel, row);
    const own = rowsOf(x, row, panel.rows);
    solveCorner(corner, own);
    if (row > 0) gemm(true, false, -1, left, own, 1, rowsOf(x, 0, row));
  });
}

/** A panel whose first row is `row`: the columns before that row, and the triangle that follows. */
function partsOf(panel: Matrix, row: number): { readonly left: Matrix; readonly corner: Matrix } {
  const left = { ...panel, columns: row, stride: panel.columns };
  const corner = { ...panel, columns: panel.rows, data: panel.data.subarray(row), stride: panel.columns };
  return { left, corner };
}

/** Calls `visit` with the panels [rows, first row + rows] and their first row, downwards or upwards. */
function forEachPanel(
  { order, numbers }: StoredTriangle,
  upwards: boolean,
  visit: (panel: Matrix, row: number) => void,
): void {
  const panels = Math.ceil(order / PANEL);
  const work = isDirect(numbers) ? undefined : new Float64Array(Math.min(PANEL, order) * order);
  for (let step = 0; step < panels; step++) {
    const k = upwards ? panels - 1 - step : step;
    const row = k * PANEL;
    const rows = Math.min(PANEL, order - row);
    const count = rows * (row + rows);
    visit(matrix(rows, row + rows, view(numbers, firstOf(order, k), count, work)), row);
  }
}
