/**
 * The feature space of the sparse kernel (subset of regressors) of one block. With the pivoted Cholesky
 * factorisation K_MM ≈ F Fᵀ, rows L of F at the pivots,
 *
 *   ψ_i = k(i, pivots) L⁻ᵀ,   ψ_i · ψ_j = k(i, M) K_MM⁺ k(M, j):
 *
 * the same space as from the eigenvectors of K_MM, at a small part of the cost. Pivots below the
 * truncation are dropped. Predictions stay exactly covariant for any choice of columns.
 */
import { pivotedCholesky, solveLower } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solveFromRightInPlace } from "../math/triangular.js";
import type { Block } from "./blocks.js";
import { equivariantKernel } from "./kernel.js";

/** Pivots smaller than this share of the largest diagonal element are dropped. */
export const TRUNCATION = 1e-10;

export interface SparseSpace {
  readonly block: Block;
  /** Rows (j, μ') of the sparse set that are kept, in the order of the factorisation. */
  readonly pivots: Int32Array;
  /** Sparse environment of each pivot. */
  readonly environmentOf: Int32Array;
  /** [pivots, features]. */
  readonly features: Matrix;
  /** Lower triangular, [pivots, pivots]. */
  readonly factor: Matrix;
}

/**
 * `features`: of the sparse environments, [M (2λ + 1), features]; `scalar`: P_j^0 · P_k^0, [M, M].
 * At most `largest` columns are kept.
 */
export function sparseSpace(
  block: Block,
  features: Matrix,
  scalar: Matrix,
  zeta: number,
  largest = Infinity,
): SparseSpace {
  const components = 2 * block.lambda + 1;
  const every = Int32Array.from({ length: features.rows }, (_, row) => Math.floor(row / components));
  const kernel = equivariantKernel(features, features, every, scalar, zeta);
  let top = 0;
  for (let i = 0; i < kernel.rows; i++) top = Math.max(top, kernel.data[i * kernel.columns + i]);
  const decomposition = pivotedCholesky(kernel, TRUNCATION * top, largest);
  if (decomposition.rank === 0) return nothing(block, features);
  const { rank, pivots } = decomposition;
  const columns = matrix(rank, features.columns);
  const factor = matrix(rank, rank);
  const stride = decomposition.factor.stride ?? decomposition.factor.columns;
  for (let p = 0; p < rank; p++) {
    columns.data.set(
      features.data.subarray(pivots[p] * features.columns, (pivots[p] + 1) * features.columns),
      p * features.columns,
    );
    factor.data.set(decomposition.factor.data.subarray(pivots[p] * stride, pivots[p] * stride + p + 1), p * rank);
  }
  return { block, pivots, environmentOf: pivots.map((row) => every[row]), features: columns, factor };
}

/** One column of zeros, for a kernel that vanishes: atoms so symmetric that there is nothing of this λ to learn. */
function nothing(block: Block, features: Matrix): SparseSpace {
  const one = Int32Array.of(0);
  return {
    block,
    pivots: one,
    environmentOf: one,
    features: matrix(1, features.columns),
    factor: matrix(1, 1, Float64Array.of(1)),
  };
}

/** ψ: [environments (2λ + 1), pivots]; `scalar`: P_i^0 · P_j^0, [environments, M]. */
export function project(space: SparseSpace, features: Matrix, scalar: Matrix, zeta: number): Matrix {
  const psi = equivariantKernel(features, space.features, space.environmentOf, scalar, zeta);
  solveFromRightInPlace(space.factor, psi);
  return psi;
}

/** Weights of the kernel columns, L⁻ᵀ W, spread over all rows of the sparse set: [M (2λ + 1), channels]; zero at dropped pivots. */
export function kernelWeights(space: SparseSpace, weights: Matrix, sparseRows: number): Matrix {
  const atPivots = solveLower(space.factor, weights, true);
  const result = matrix(sparseRows, weights.columns);
  for (let p = 0; p < space.pivots.length; p++)
    result.data.set(
      atPivots.data.subarray(p * weights.columns, (p + 1) * weights.columns),
      space.pivots[p] * weights.columns,
    );
  return result;
}
