/**
 * Canonical orthogonalisation: X = U s^(−1/2) from S = U s Uᵀ without the eigenvectors of nearly linearly
 * dependent combinations, so that XᵀSX = 1 (Löwdin, Adv. Quantum Chem. 5, 185 (1970)).
 */
import { BrineError } from "../errors.js";
import { eigh, multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";

/** Combinations of normalised functions whose overlap eigenvalue is below this are left out. */
const LINEAR_DEPENDENCE = 1e-7;

/** X: [functions, independent combinations]. */
export function canonicalOrthogonaliser(overlap: Matrix): Matrix {
  const { values, vectors } = eigh(overlap);
  const n = overlap.rows;
  let skipped = 0;
  while (skipped < n && values[skipped] < LINEAR_DEPENDENCE) skipped++;
  if (skipped === n)
    throw new BrineError("input", "the overlap matrix of the orbital basis has no positive eigenvalues");
  const result = matrix(n, n - skipped);
  for (let j = skipped; j < n; j++) {
    const scale = 1 / Math.sqrt(values[j]);
    for (let i = 0; i < n; i++) result.data[i * (n - skipped) + j - skipped] = scale * vectors.data[i * n + j];
  }
  return result;
}

/** Xᵀ A X. */
export function transformed(x: Matrix, a: Matrix): Matrix {
  return multiplyTransposed(true, false, x, multiply(a, x));
}
