/**
 * Direct inversion in the iterative subspace: F = Σ_k w_k F_k with Σ w_k = 1 minimising |Σ w_k e_k|², where
 * e = X†(FDS − SDF)X vanishes at self-consistency (Pulay, J. Comput. Chem. 3, 556 (1982)). All channels have the same
 * weights.
 */
import { isBrineError } from "../errors.js";
import { solveLinear } from "../math/linear-algebra.js";
import { matrix } from "../math/matrix.js";
import { augmentedDiisWeights } from "./augmented-diis.js";
import { combinations, traceOfProducts, type Channel, type PerChannel } from "./state.js";

const VECTORS = 8;

/** One step of an SCF: matrices of one channel each. */
export interface ScfStep {
  readonly fock: PerChannel;
  /** X†(FDS − SDF)X */
  readonly error: PerChannel;
  readonly density: PerChannel;
}

export interface Diis {
  /** Takes a step, gives the Fock matrices of the next one: downhill or Pulay's. */
  extrapolate(step: ScfStep, downhill?: boolean): PerChannel;
  /** Forgets all but the last `count` steps. */
  forget(count: number): void;
  /** Makes what is stored fit an energy that got the term Tr D `change`; `errorOf` gives e from F and D. */
  translate(change: PerChannel, errorOf: (fock: PerChannel, density: PerChannel) => PerChannel): void;
}

export function createDiis(channels: PerChannel<Channel>): Diis {
  let steps: ScfStep[] = [];
  return {
    extrapolate(step, downhill = false) {
      steps = [...steps, step].slice(-VECTORS);
      const focks = (): PerChannel[] => steps.map(({ fock }) => fock);
      if (downhill) {
        const densities = steps.map(({ density }) => density);
        return combinations(augmentedDiisWeights(channels, densities, focks()), focks());
      }
      for (;;) {
        const weights = pulayWeights(channels, steps);
        if (weights) return combinations(weights, focks());
        steps = steps.slice(1);
      }
    },
    forget(count) {
      steps = count === 0 ? [] : steps.slice(-count);
    },
    translate(change, errorOf) {
      steps = steps.map(({ fock: old, density }) => {
        const fock = combinations([1, 1], [old, change]);
        return { fock, density, error: errorOf(fock, density) };
      });
    },
  };
}

/** Weights from B_kl = e_k·e_l; undefined when B is singular to working precision. */
function pulayWeights(channels: PerChannel<Channel>, steps: readonly ScfStep[]): ArrayLike<number> | undefined {
  const n = steps.length;
  if (n === 1) return [1];
  const b = matrix(n + 1, n + 1);
  const products = steps.map((x) => steps.map((y) => traceOfProducts(channels, x.error, y.error)));
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
