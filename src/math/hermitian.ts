/**
 * Matrices that may have an imaginary part, as orbitals and Hamiltonians at a wave vector have. Without one they are real,
 * and every operation is then the real one: molecules and the Γ point pay nothing.
 */
import type { Eigensystem } from "./backend.js";
import { eigh, gemm } from "./linear-algebra.js";
import { axpy, dot, matrix, type Matrix } from "./matrix.js";

/** Both parts packed and of one shape; no imaginary part means zero. */
export interface ComplexMatrix {
  /** The real part. */
  readonly real: Matrix;
  /** Absent where it is zero. */
  readonly imaginary?: Matrix;
}

/** A = A†: the real part is symmetric, the imaginary one antisymmetric. */
export type Hermitian = ComplexMatrix;

/** A real matrix as a complex one; not copied. */
export function real(a: Matrix): ComplexMatrix {
  return { real: a };
}

/** A new matrix Σ_k w_k A_k. */
export function combination(weights: ArrayLike<number>, matrices: readonly ComplexMatrix[]): ComplexMatrix {
  const sumOf = (parts: readonly (Matrix | undefined)[]): Matrix | undefined => {
    const some = parts.find((part) => part !== undefined);
    if (!some) return undefined;
    const sum = matrix(some.rows, some.columns);
    parts.forEach((part, k) => part && axpy(weights[k], part.data, sum.data));
    return sum;
  };
  return withParts(sumOf(matrices.map((a) => a.real))!, sumOf(matrices.map((a) => a.imaginary)));
}

/** Re Tr A†B; for Hermitian matrices Tr AB. */
export function innerProduct(a: ComplexMatrix, b: ComplexMatrix): number {
  const both = dot(a.real.data, b.real.data);
  return a.imaginary && b.imaginary ? both + dot(a.imaginary.data, b.imaginary.data) : both;
}

/** op(A) op(B), op(X) = X or X†. */
export function product(a: ComplexMatrix, b: ComplexMatrix, adjointA = false, adjointB = false): ComplexMatrix {
  const rows = adjointA ? a.real.columns : a.real.rows;
  const columns = adjointB ? b.real.rows : b.real.columns;
  const add = (sign: number, x: Matrix | undefined, y: Matrix | undefined, into: Matrix): void => {
    if (x && y) gemm(adjointA, adjointB, sign, x, y, 1, into);
  };
  const re = matrix(rows, columns);
  const [signA, signB] = [adjointA ? -1 : 1, adjointB ? -1 : 1];
  gemm(adjointA, adjointB, 1, a.real, b.real, 0, re);
  if (!a.imaginary && !b.imaginary) return { real: re };
  const im = matrix(rows, columns);
  add(-signA * signB, a.imaginary, b.imaginary, re);
  add(signA, a.imaginary, b.real, im);
  add(signB, a.real, b.imaginary, im);
  return { real: re, imaginary: im };
}

/** The element of largest absolute value of either part. */
export function largestElement(a: ComplexMatrix): number {
  let result = 0;
  for (const part of [a.real, a.imaginary])
    if (part) for (const value of part.data) result = Math.max(result, Math.abs(value));
  return result;
}

/** The columns `first`, `first` + 1, …, as many as there are `factors`, each times its factor; packed. */
export function scaledColumns(a: ComplexMatrix, first: number, factors: Float64Array): ComplexMatrix {
  const chosen = ({ rows, columns, data }: Matrix): Matrix => {
    const count = factors.length;
    const result = matrix(rows, count);
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < count; k++) result.data[i * count + k] = factors[k] * data[i * columns + first + k];
    return result;
  };
  return withParts(chosen(a.real), a.imaginary && chosen(a.imaginary));
}

/** A packed copy of the columns first … last − 1. */
export function columnsOf(a: ComplexMatrix, first: number, last: number): ComplexMatrix {
  return scaledColumns(a, first, new Float64Array(last - first).fill(1));
}

/** A + sign A† of a square matrix. */
export function plusAdjoint(a: ComplexMatrix, sign: 1 | -1): ComplexMatrix {
  const sum = (part: Matrix, s: number): Matrix => {
    const n = part.rows;
    const result = matrix(n, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) result.data[i * n + j] = part.data[i * n + j] + s * part.data[j * n + i];
    return result;
  };
  return withParts(sum(a.real, sign), a.imaginary && sum(a.imaginary, -sign));
}

export interface HermitianEigensystem {
  /** Ascending. */
  readonly values: Float64Array;
  /** [n, n] in columns: V†V = 1. */
  readonly vectors: ComplexMatrix;
}

/**
 * A V = V diag(values). With an imaginary part by the real matrix [[Re A, −Im A], [Im A, Re A]] of twice the order,
 * which has every eigenvalue twice, with vectors (x, y) and (−y, x) for x + iy: of each pair one is kept. Throws `input`
 * on numbers that are not finite.
 */
export function hermitianEigh({ real: re, imaginary: im }: Hermitian): HermitianEigensystem {
  if (!im) {
    const { values, vectors } = eigh(re);
    return { values, vectors: { real: vectors } };
  }
  const n = re.rows;
  const doubled = matrix(2 * n, 2 * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const at = i * 2 * n + j;
      doubled.data[at] = doubled.data[at + n * (2 * n + 1)] = re.data[i * n + j];
      doubled.data[at + n * 2 * n] = im.data[i * n + j];
      doubled.data[at + n] = -im.data[i * n + j];
    }
  return independent(eigh(doubled), n);
}

/** What is left of a vector (squared) that is one of those before, times a complex number. */
const DEPENDENT = 1e-6;

/** The n of 2n real eigenvectors that are independent as complex ones, by Gram–Schmidt twice. */
function independent({ values: all, vectors: pairs }: Eigensystem, n: number): HermitianEigensystem {
  const values: number[] = [];
  const chosen: { readonly x: Float64Array; readonly y: Float64Array }[] = [];
  for (let k = 0; chosen.length < n && k < 2 * n; k++) {
    const x = Float64Array.from({ length: n }, (_, i) => pairs.data[i * 2 * n + k]);
    const y = Float64Array.from({ length: n }, (_, i) => pairs.data[(n + i) * 2 * n + k]);
    for (let pass = 0; pass < 2; pass++) {
      for (const v of chosen) {
        const a = dot(v.x, x) + dot(v.y, y);
        const b = dot(v.x, y) - dot(v.y, x);
        axpy(-a, v.x, x);
        axpy(b, v.y, x);
        axpy(-a, v.y, y);
        axpy(-b, v.x, y);
      }
      const norm = dot(x, x) + dot(y, y);
      const scale = norm < DEPENDENT ? 0 : 1 / Math.sqrt(norm);
      for (let i = 0; i < n; i++) {
        x[i] *= scale;
        y[i] *= scale;
      }
    }
    if (dot(x, x) + dot(y, y) === 0) continue;
    values.push(all[k]);
    chosen.push({ x, y });
  }
  const [re, im] = [matrix(n, n), matrix(n, n)];
  chosen.forEach(({ x, y }, k) => {
    for (let i = 0; i < n; i++) {
      re.data[i * n + k] = x[i];
      im.data[i * n + k] = y[i];
    }
  });
  return { values: Float64Array.from(values), vectors: { real: re, imaginary: im } };
}

function withParts(re: Matrix, im: Matrix | undefined): ComplexMatrix {
  return im ? { real: re, imaginary: im } : { real: re };
}
