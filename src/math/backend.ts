/** The door through which a faster BLAS enters: what linear algebra asks of a backend. */
import type { Matrix } from "./matrix.js";

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface Eigensystem {
  /** Ascending. */
  readonly values: Float64Array;
  /** Columns are the orthonormal eigenvectors: A V = V diag(values). */
  readonly vectors: Matrix;
}

/** Linear algebra that `useMachine` puts in place of brine's WebAssembly. */
export interface Backend {
  /** `wasm`, `openblas`. */
  readonly name: string;
  /** C ← α op(A) op(B) + β C. */
  gemm(transposeA: boolean, transposeB: boolean, alpha: number, a: Matrix, b: Matrix, beta: number, c: Matrix): void;
  /** Eigenvalues and vectors of a symmetric matrix (its lower triangle is read). */
  eigh(a: Matrix): Eigensystem;
}

declare module "../machine.js" {
  interface Machine {
    /** Linear algebra (WebAssembly). */
    readonly backend?: Backend;
  }
}
