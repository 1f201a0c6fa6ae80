/**
 * The regression problem in whitened channels and block order. With y = T⁻¹(c − c̄) and predicted y = Ψ w,
 *
 *   L(w) = (1/N) Σ_A (Ψ_A w − y_A)ᵀ M̃_A (Ψ_A w − y_A) + η |w|²,   M̃ = Tᵀ M T.
 *
 * The metric couples all coefficients of a structure, and only those: structures add up. All of it is plain data, so
 * that threads can share it.
 */
import { matrix, transpose, type Matrix } from "../../math/matrix.js";
import type { Block, BlockOrder } from "../blocks.js";
import type { Whitening } from "./on-site.js";
import { view, type Stored } from "./storage.js";

export interface ProblemBlock {
  readonly block: Block;
  /** ψ of all atoms of the species, [rows, columns], rows ordered (structure, atom, μ). */
  readonly psi: Stored;
  /** D. */
  readonly columns: number;
  /** [structures + 1]: first row of each structure. */
  readonly rowFirst: Int32Array;
  /** Where the weights [D, channels] of the block start. */
  readonly weightFirst: number;
}

export interface LearningProblem {
  readonly blocks: readonly ProblemBlock[];
  /** Number of structures. */
  readonly structures: number;
  /** y of all structures in block order, one after another. */
  readonly targets: Float64Array;
  /** [structures + 1]: where y of each structure starts. */
  readonly targetFirst: Int32Array;
  /** M̃ of all structures, each [functions, functions]. */
  readonly metrics: Stored;
  /** [structures + 1]: where M̃ of each structure starts. */
  readonly metricFirst: Float64Array;
  /** Number of weights. */
  readonly dimension: number;
}

/** [blocks + 1]: first coefficient of each block within structure `a`. */
export function blockFirsts({ blocks }: LearningProblem, a: number): Int32Array {
  const first = new Int32Array(blocks.length + 1);
  blocks.forEach(({ rowFirst, block }, b) => {
    first[b + 1] = first[b] + (rowFirst[a + 1] - rowFirst[a]) * block.channels;
  });
  return first;
}

/** M̃_A; `work` is as in `view`. */
export function metricOf(
  { metrics, metricFirst, targetFirst }: LearningProblem,
  a: number,
  work?: Float64Array,
): Matrix {
  const size = targetFirst[a + 1] - targetFirst[a];
  return matrix(size, size, view(metrics, metricFirst[a], size * size, work));
}

/** y_A. */
export function targetOf({ targets, targetFirst }: LearningProblem, a: number): Float64Array {
  return targets.subarray(targetFirst[a], targetFirst[a + 1]);
}

/** The weights of a block inside w, [D, channels]. */
export function weightsOf({ columns, block, weightFirst }: ProblemBlock, w: Float64Array): Matrix {
  const size = columns * block.channels;
  return matrix(columns, block.channels, w.subarray(weightFirst, weightFirst + size));
}

/** M in brine's order → M̃ in block order. */
export function whitenMetric(metric: Matrix, order: BlockOrder, whitening: readonly Whitening[]): Matrix {
  const n = order.functions.length;
  const stride = metric.stride ?? metric.columns;
  const permuted = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const from = order.functions[i] * stride;
    for (let j = 0; j < n; j++) permuted.data[i * n + j] = metric.data[from + order.functions[j]];
  }
  return transformRows(transpose(transformRows(permuted, order, whitening)), order, whitening);
}

/** T A: groups of rows are combined. */
function transformRows(a: Matrix, order: BlockOrder, whitening: readonly Whitening[]): Matrix {
  const result = matrix(a.rows, a.columns);
  forEachGroup(order, whitening, (first, { forward }) => {
    for (let n = 0; n < forward.rows; n++) {
      const to = (first + n) * a.columns;
      for (let m = 0; m < forward.rows; m++) {
        const factor = forward.data[n * forward.rows + m];
        const from = (first + m) * a.columns;
        for (let j = 0; j < a.columns; j++) result.data[to + j] += factor * a.data[from + j];
      }
    }
  });
  return result;
}

/** c − c̄ in brine's order → y in block order. */
export function whitenTarget(
  deviation: Float64Array,
  order: BlockOrder,
  whitening: readonly Whitening[],
): Float64Array {
  const result = Float64Array.from(order.functions, (p) => deviation[p]);
  forEachGroup(order, whitening, (first, { inverse }) => applyToGroup(result, first, inverse));
  return result;
}

/** Calls `visit` with the first position of each run of channels of one (atom, λμ). */
function forEachGroup(
  order: BlockOrder,
  whitening: readonly Whitening[],
  visit: (first: number, whitening: Whitening) => void,
): void {
  for (let b = 0; b < whitening.length; b++)
    for (let first = order.first[b]; first < order.first[b + 1]; first += whitening[b].forward.rows)
      visit(first, whitening[b]);
}

/** x ← T x for the symmetric T on the numbers from `first`. */
function applyToGroup(x: Float64Array, first: number, transform: Matrix): void {
  const n = transform.rows;
  const before = x.slice(first, first + n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += transform.data[i * n + j] * before[j];
    x[first + i] = sum;
  }
}
