/** Matrix products, checked and handed to the backend in use. */
import { BrineError } from "../errors.js";
import { backend } from "./backend-in-use.js";
import { matrix, requireElements, type Matrix } from "./matrix.js";

/**
 * C ← α op(A) op(B) + β C, op(X) = X or Xᵀ. β = 0 overwrites C, whatever it holds. C must not overlap A
 * or B. Throws `input` when the shapes do not agree or data are shorter than their shape.
 */
export function gemm(
  transposeA: boolean,
  transposeB: boolean,
  alpha: number,
  a: Matrix,
  b: Matrix,
  beta: number,
  c: Matrix,
): void {
  const [m, k] = transposeA ? [a.columns, a.rows] : [a.rows, a.columns];
  const [l, n] = transposeB ? [b.columns, b.rows] : [b.rows, b.columns];
  if (k !== l) throw new BrineError("input", `cannot multiply ${m} × ${k} by ${l} × ${n}`);
  if (c.rows !== m || c.columns !== n)
    throw new BrineError("input", `a product of ${m} × ${n} does not fit into ${c.rows} × ${c.columns}`);
  for (const x of [a, b, c]) requireElements(x);
  if (m === 0 || n === 0) return;
  backend().gemm(transposeA, transposeB, alpha, a, b, beta, c);
}

/** A B. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  return multiplyTransposed(false, false, a, b);
}

/** op(A) op(B). */
export function multiplyTransposed(transposeA: boolean, transposeB: boolean, a: Matrix, b: Matrix): Matrix {
  const c = matrix(transposeA ? a.columns : a.rows, transposeB ? b.rows : b.columns);
  gemm(transposeA, transposeB, 1, a, b, 0, c);
  return c;
}

/** y ← op(A) x; `y` is made when absent. */
export function gemv(transpose: boolean, a: Matrix, x: Float64Array, y?: Float64Array): Float64Array {
  const [m, k] = transpose ? [a.columns, a.rows] : [a.rows, a.columns];
  const result = y ?? new Float64Array(m);
  if (x.length !== k || result.length !== m)
    throw new BrineError(
      "input",
      `cannot multiply ${m} × ${k} by a vector of ${x.length} into one of ${result.length}`,
    );
  gemm(transpose, false, 1, a, matrix(k, 1, x), 0, matrix(m, 1, result));
  return result;
}

/** The `rows` × `columns` part of A from (i, j), as a view on the same numbers. */
export function block(a: Matrix, i: number, j: number, rows: number, columns: number): Matrix {
  const stride = a.stride ?? a.columns;
  return { rows, columns, data: a.data.subarray(i * stride + j), stride };
}

export function requireSquare(a: Matrix, what: string): number {
  if (a.rows !== a.columns)
    throw new BrineError("input", `${what} needs a square matrix, not ${a.rows} × ${a.columns}`);
  return a.rows;
}
