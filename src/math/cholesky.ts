/**
 * Cholesky factorisation A = L Lᵀ of a symmetric positive definite matrix, by halves:
 * L₁₁ = chol A₁₁, L₂₁ = A₂₁ L₁₁⁻ᵀ, L₂₂ = chol(A₂₂ − L₂₁ L₂₁ᵀ).
 */
import { BrineError } from "../errors.js";
import { copy, matrix, type Matrix } from "./matrix.js";
import { block, gemm, requireSquare } from "./products.js";
import { solveFromRightInPlace, solveLower, split } from "./triangular.js";

const PLAIN = 24;

/**
 * The lower triangle L (zeros above); reads the lower triangle of `a`, which is kept. Throws `input`
 * naming the pivot when `a` is not positive definite.
 */
export function cholesky(a: Matrix): Matrix {
  requireSquare(a, "a Cholesky factorisation");
  const l = copy(a);
  choleskyInPlace(l);
  return l;
}

/** The Cholesky factor of a packed matrix A in the place of A, where there is no memory for another one. */
export function choleskyInPlace(a: Matrix): void {
  const n = a.rows;
  factorise(a, 0);
  for (let i = 0; i < n; i++) a.data.fill(0, i * n + i + 1, (i + 1) * n);
}

function factorise(a: Matrix, first: number): void {
  const n = a.rows;
  if (n <= PLAIN) return plainCholesky(a, first);
  const half = split(n);
  const corner = block(a, 0, 0, half, half);
  const below = block(a, half, 0, n - half, half);
  const rest = block(a, half, half, n - half, n - half);
  factorise(corner, first);
  solveFromRightInPlace(corner, below);
  subtractSquare(below, rest);
  factorise(rest, first + half);
}

/** Lower triangle of C ← C − B Bᵀ. */
export function subtractSquare(b: Matrix, c: Matrix): void {
  const n = c.rows;
  if (n <= 4 * PLAIN) return gemm(false, true, -1, b, b, 1, c);
  const half = split(n);
  const upper = block(b, 0, 0, half, b.columns);
  const lower = block(b, half, 0, n - half, b.columns);
  subtractSquare(upper, block(c, 0, 0, half, half));
  gemm(false, true, -1, lower, upper, 1, block(c, half, 0, n - half, half));
  subtractSquare(lower, block(c, half, half, n - half, n - half));
}

function plainCholesky(a: Matrix, first: number): void {
  const { rows: n, data } = a;
  const stride = a.stride ?? n;
  for (let i = 0; i < n; i++) {
    const row = i * stride;
    for (let j = 0; j <= i; j++) {
      let sum = data[row + j];
      for (let k = 0; k < j; k++) sum -= data[row + k] * data[j * stride + k];
      if (j < i) data[row + j] = sum / data[j * stride + j];
      else {
        if (!(sum > 0 && sum < Infinity))
          throw new BrineError(
            "input",
            `the matrix is not positive definite: pivot ${first + i + 1} is ${sum.toExponential(2)}`,
          );
        data[row + i] = Math.sqrt(sum);
      }
    }
  }
}

/** Solves L Lᵀ X = B for one vector or the columns of a matrix; `b` is kept. */
export function choleskySolve(l: Matrix, b: Matrix): Matrix;
export function choleskySolve(l: Matrix, b: Float64Array): Float64Array;
export function choleskySolve(l: Matrix, b: Matrix | Float64Array): Matrix | Float64Array {
  if (b instanceof Float64Array) return choleskySolve(l, matrix(b.length, 1, b)).data;
  return solveLower(l, solveLower(l, b, false), true);
}
