/** Symmetric eigenproblems on the backend in use. */
import { BrineError } from "../errors.js";
import type { Eigensystem } from "./backend.js";
import { backend } from "./backend-in-use.js";
import { cholesky } from "./cholesky.js";
import { matrix, requireElements, symmetrize, transpose, type Matrix } from "./matrix.js";
import { multiplyTransposed, requireSquare } from "./products.js";
import { solveLower } from "./triangular.js";

/** A V = V diag(values), values ascending; reads the lower triangle of a symmetric A. Throws `input` on numbers that are not finite. */
export function eigh(a: Matrix): Eigensystem {
  const n = requireSquare(a, "an eigenproblem");
  requireElements(a);
  const stride = a.stride ?? n;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      if (!Number.isFinite(a.data[i * stride + j]))
        throw new BrineError("input", `cannot diagonalise: element (${i + 1}, ${j + 1}) is ${a.data[i * stride + j]}`);
  return backend().eigh(a);
}

/**
 * A C = S C diag(values) with Cᵀ S C = 1, A symmetric, S symmetric positive definite: the eigenproblem of
 * L⁻¹ A L⁻ᵀ with S = L Lᵀ, C = L⁻ᵀ V. Throws `input` when S is not positive definite.
 */
export function generalizedEigh(a: Matrix, s: Matrix): Eigensystem {
  const n = requireSquare(a, "an eigenproblem");
  if (requireSquare(s, "an eigenproblem") !== n)
    throw new BrineError("input", `matrices of order ${n} and ${s.rows} in one eigenproblem`);
  const l = cholesky(s);
  const reduced = solveLower(l, transpose(solveLower(l, a, false)), false);
  const { values, vectors } = eigh(symmetrize(reduced));
  return { values, vectors: solveLower(l, vectors, true) };
}

/** S^(−1/2), symmetric. Throws `input` when S is not positive definite. */
export function inverseSquareRoot(s: Matrix): Matrix {
  const { values, vectors } = eigh(s);
  const n = values.length;
  if (n > 0 && !(values[0] > 0))
    throw new BrineError(
      "input",
      `the matrix is not positive definite: its lowest eigenvalue is ${values[0].toExponential(2)}`,
    );
  const scaled = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) scaled.data[i * n + j] = vectors.data[i * n + j] / Math.sqrt(values[j]);
  return symmetrize(multiplyTransposed(false, true, scaled, vectors));
}
