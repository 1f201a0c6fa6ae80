/**
 * Canonical orthogonalisation: X = U s^(−1/2) from S = U s U† without the eigenvectors of nearly linearly
 * dependent combinations, so that X†SX = 1 (Löwdin, Adv. Quantum Chem. 5, 185 (1970)).
 */
import { BrineError } from "../errors.js";
import { hermitianEigh, product, scaledColumns, type ComplexMatrix, type Hermitian } from "../math/hermitian.js";

/** Combinations of normalised functions whose overlap eigenvalue is below this are left out. */
const LINEAR_DEPENDENCE = 1e-7;

/** X: [functions, independent combinations]. */
export function canonicalOrthogonaliser(overlap: Hermitian): ComplexMatrix {
  const { values, vectors } = hermitianEigh(overlap);
  const n = values.length;
  let skipped = 0;
  while (skipped < n && values[skipped] < LINEAR_DEPENDENCE) skipped++;
  if (skipped === n)
    throw new BrineError("input", "the overlap matrix of the orbital basis has no positive eigenvalues");
  return scaledColumns(
    vectors,
    skipped,
    values.subarray(skipped).map((value) => 1 / Math.sqrt(value)),
  );
}

/** X† A X. */
export function transformed(x: ComplexMatrix, a: Hermitian): Hermitian {
  return product(x, product(a, x), true);
}
