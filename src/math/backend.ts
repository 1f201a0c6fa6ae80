/** The door through which a faster BLAS enters: what linear algebra asks of a backend. */
import type { Matrix } from "./matrix.js";

export interface Eigensystem {
  /** Ascending. */
  readonly values: Float64Array;
  /** Columns are the orthonormal eigenvectors: A V = V diag(values). */
  readonly vectors: Matrix;
}

export interface Backend {
  readonly name: string;
  /** C ← α op(A) op(B) + β C. */
  gemm(transposeA: boolean, transposeB: boolean, alpha: number, a: Matrix, b: Matrix, beta: number, c: Matrix): void;
  /** Eigenvalues and vectors of a symmetric matrix (its lower triangle is read). */
  eigh(a: Matrix): Eigensystem;
}
