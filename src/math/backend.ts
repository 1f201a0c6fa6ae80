/**
 * The door through which a faster BLAS enters: matrix products and factorisations run on whatever
 * backend is in use in this thread. The default is WebAssembly SIMD, created at first use.
 */
import type { Matrix } from "./matrix.js";
import { createWasmBackend } from "./wasm-backend.js";

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

let current: Backend | undefined;

/** Makes `backend` the one that linear algebra uses in this thread. */
export function useBackend(backend: Backend): void {
  current = backend;
}

export function backend(): Backend {
  current ??= createWasmBackend();
  return current;
}
