/**
 * Direct inversion in the iterative subspace: F = Σ_k w_k F_k with Σ w_k = 1 minimising |Σ w_k e_k|², where
 * e = Xᵀ(FDS − SDF)X vanishes at self-consistency (Pulay, J. Comput. Chem. 3, 556 (1982)).
 */
import { isBrineError } from "../errors.js";
import { solveLinear } from "../math/linear-algebra.js";
import { dot, matrix, type Matrix } from "../math/matrix.js";
import { augmentedDiisWeights } from "./augmented-diis.js";

const VECTORS = 8;

export interface Diis {
  /** Takes a Fock matrix, its error and its density, gives the Fock matrix of the next step: downhill or Pulay's. */
  extrapolate(fock: Matrix, error: Matrix, density: Matrix, downhill?: boolean): Matrix;
  /** Forgets all but the last `keep` matrices. */
  forget(keep: number): void;
  /** Makes what is kept fit an energy that got the term Tr D `change`; `errorOf` gives e from F and D. */
  translate(change: Matrix, errorOf: (fock: Matrix, density: Matrix) => Matrix): void;
}

export function createDiis(): Diis {
  const focks: Matrix[] = [];
  const errors: Float64Array[] = [];
  const densities: Matrix[] = [];
  const keepLast = (count: number): void => {
    for (const list of [focks, errors, densities]) list.splice(0, Math.max(0, list.length - count));
  };
  return {
    extrapolate(fock, error, density, downhill = false) {
      focks.push(fock);
      errors.push(error.data);
      densities.push(density);
      keepLast(VECTORS);
      if (downhill) return combination(focks, augmentedDiisWeights(densities, focks));
      for (;;) {
        const weights = pulayWeights(errors);
        if (weights) return combination(focks, weights);
        keepLast(focks.length - 1);
      }
    },
    forget: keepLast,
    translate(change, errorOf) {
      focks.forEach((fock, k) => {
        focks[k] = matrix(
          fock.rows,
          fock.columns,
          fock.data.map((value, i) => value + change.data[i]),
        );
        errors[k] = errorOf(focks[k], densities[k]).data;
      });
    },
  };
}

/** Weights from B_kl = e_k·e_l; undefined when B is singular to working precision. */
function pulayWeights(errors: readonly Float64Array[]): Float64Array | undefined {
  const n = errors.length;
  if (n === 1) return Float64Array.of(1);
  const b = matrix(n + 1, n + 1);
  const products = errors.map((x) => errors.map((y) => dot(x, y)));
  const scale = products[n - 1][n - 1];
  if (!(scale > 0)) return undefined;
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) b.data[k * (n + 1) + l] = products[k][l] / scale;
    b.data[k * (n + 1) + n] = 1;
    b.data[n * (n + 1) + k] = 1;
  }
  const right = new Float64Array(n + 1);
  right[n] = 1;
  try {
    const weights = solveLinear(b, right).subarray(0, n);
    return weights.every((w) => Number.isFinite(w) && Math.abs(w) < 1e4) ? weights : undefined;
  } catch (error) {
    if (isBrineError(error)) return undefined;
    throw error;
  }
}

function combination(focks: readonly Matrix[], weights: Float64Array): Matrix {
  const result = matrix(focks[0].rows, focks[0].columns);
  focks.forEach((fock, k) => {
    for (let i = 0; i < result.data.length; i++) result.data[i] += weights[k] * fock.data[i];
  });
  return result;
}
