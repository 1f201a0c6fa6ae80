/** The loss of some structures and its gradient, matrix-free: what one thread contributes to `LossShard`. */
import { gemv } from "../../math/linear-algebra.js";
import { dot, matrix, type Matrix } from "../../math/matrix.js";
import { blockFirsts, metricOf, targetOf, weightsOf, type LearningProblem } from "./learning-problem.js";
import { shared } from "./storage.js";
import { addTransposed, timesColumns, type StoredRows } from "./stored-products.js";

export interface LossTask {
  readonly problem: LearningProblem;
  /** Structures `from` … `to` − 1. */
  readonly from: number;
  readonly to: number;
  /** w; absent: 0. */
  readonly weights?: Float64Array;
  /** Whether x = Ψw − y, else x = Ψw. */
  readonly subtractTarget: boolean;
  /** Whether the gradient is wanted. */
  readonly gradient: boolean;
  /** How often structure `from` + a counts; absent: once each. */
  readonly multiplicity?: Float64Array;
}

export interface LossSums {
  /** xᵀ M̃ x of each structure. */
  readonly norms: Float64Array;
  /** Σ Ψᵀ M̃ x. */
  readonly gradient?: Float64Array;
}

export async function lossSums(task: LossTask): Promise<LossSums> {
  const { problem, from, to, weights, gradient } = task;
  const rows = problem.blocks.map(({ psi, columns, rowFirst }): StoredRows => ({
    psi,
    columns,
    from: rowFirst[from],
    rows: rowFirst[to] - rowFirst[from],
  }));
  const fields = rows.map((own, b) => matrix(own.rows, problem.blocks[b].block.channels));
  if (weights) problem.blocks.forEach((block, b) => timesColumns(rows[b], weightsOf(block, weights), fields[b]));
  const norms = applyMetric(task, fields);
  if (!gradient) return { norms };
  const sums = shared(problem.dimension);
  problem.blocks.forEach((block, b) => addTransposed(rows[b], fields[b], weightsOf(block, sums)));
  return { norms, gradient: sums };
}

/** Replaces each structure's part x_A of `fields` (by block) by M̃_A x_A, and returns xᵀM̃x of each. */
function applyMetric(
  { problem, from, to, subtractTarget, multiplicity }: LossTask,
  fields: readonly Matrix[],
): Float64Array {
  const norms = new Float64Array(to - from);
  let largest = 0;
  for (let a = from; a < to; a++) largest = Math.max(largest, targetOf(problem, a).length);
  const work = new Float64Array(largest * largest);
  for (let a = from; a < to; a++) {
    const times = multiplicity?.[a - from] ?? 1;
    const first = blockFirsts(problem, a);
    const parts = fields.map(({ data, columns }, b) => {
      const { rowFirst } = problem.blocks[b];
      return data.subarray((rowFirst[a] - rowFirst[from]) * columns, (rowFirst[a + 1] - rowFirst[from]) * columns);
    });
    if (times === 0) {
      for (const part of parts) part.fill(0);
      continue;
    }
    const target = targetOf(problem, a);
    const x = new Float64Array(target.length);
    parts.forEach((part, b) => x.set(part, first[b]));
    if (subtractTarget) for (let i = 0; i < x.length; i++) x[i] -= target[i];
    const y = gemv(false, metricOf(problem, a, work), x);
    if (times !== 1) for (let i = 0; i < y.length; i++) y[i] *= times;
    norms[a - from] = dot(x, y);
    parts.forEach((part, b) => part.set(y.subarray(first[b], first[b] + part.length)));
  }
  return norms;
}
