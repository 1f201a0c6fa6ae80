/**
 * Linear systems with a general matrix: P A = L U with partial pivoting, in blocks of columns
 * (Golub & Van Loan, Matrix Computations, 4th ed., section 3.4).
 */
import { BrineError } from "../errors.js";
import { copy, matrix, type Matrix } from "./matrix.js";
import { block, gemm, requireSquare } from "./products.js";
import { solveInPlace, solveUpperInPlace } from "./triangular.js";

const PANEL_WIDTH = 48;

/** Solves A X = B for one vector or the columns of a matrix; both are kept. Throws `input` when A is singular. */
export function solveLinear(a: Matrix, b: Matrix): Matrix;
export function solveLinear(a: Matrix, b: Float64Array): Float64Array;
export function solveLinear(a: Matrix, b: Matrix | Float64Array): Matrix | Float64Array {
  if (b instanceof Float64Array) return solveLinear(a, matrix(b.length, 1, b)).data;
  const n = requireSquare(a, "a linear system");
  if (b.rows !== n)
    throw new BrineError("input", `a right-hand side of ${b.rows} rows does not fit a system of order ${n}`);
  const lu = copy(a);
  const x = copy(b);
  for (let first = 0; first < n; first += PANEL_WIDTH) {
    const width = Math.min(PANEL_WIDTH, n - first);
    const after = n - first - width;
    factorisePanel(lu, x, first, width);
    if (after === 0) break;
    const right = block(lu, first, first + width, width, after);
    solveInPlace(block(lu, first, first, width, width), right, true);
    gemm(
      false,
      false,
      -1,
      block(lu, first + width, first, after, width),
      right,
      1,
      block(lu, first + width, first + width, after, after),
    );
  }
  solveInPlace(lu, x, true);
  solveUpperInPlace(lu, x);
  return x;
}

/** Factorises columns first … first + width; rows of the whole matrix and of x are exchanged. */
function factorisePanel(lu: Matrix, x: Matrix, first: number, width: number): void {
  const { rows: n, data } = lu;
  for (let k = first; k < first + width; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(data[i * n + k]) > Math.abs(data[pivot * n + k])) pivot = i;
    const value = data[pivot * n + k];
    if (!(Math.abs(value) > 0 && Math.abs(value) < Infinity))
      throw new BrineError(
        "input",
        `the linear system is singular: column ${k + 1} of ${n} has no usable pivot (${value})`,
      );
    if (pivot !== k) {
      exchangeRows(lu, pivot, k);
      exchangeRows(x, pivot, k);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = (data[i * n + k] /= value);
      if (factor !== 0) for (let j = k + 1; j < first + width; j++) data[i * n + j] -= factor * data[k * n + j];
    }
  }
}

function exchangeRows(a: Matrix, i: number, k: number): void {
  const { columns, data } = a;
  for (let j = 0; j < columns; j++) {
    const kept = data[i * columns + j];
    data[i * columns + j] = data[k * columns + j];
    data[k * columns + j] = kept;
  }
}
