/**
 * The part of the loss that belongs to a range of structures, matrix-free. Shards add up, so that they can
 * live in different threads: w goes out, sums come back. Sums are not divided by the number of structures.
 */
import { gemm, gemv } from "../math/linear-algebra.js";
import { dot, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import type { LearningProblem, ProblemBlock } from "./learning-problem.js";

export interface LossShard {
  readonly structures: number;
  /** Coefficients of all structures. */
  readonly coefficients: number;
  /** Σ yᵀ M̃ y: the loss of w = 0. */
  readonly targetNorm: number;
  /** Σ Ψᵀ M̃ y. */
  readonly rightHandSide: Float64Array;
  /** Σ Ψᵀ M̃ Ψ w. */
  hessianTimes(w: Float64Array): Promise<Float64Array>;
  /** (Ψw − y)ᵀ M̃ (Ψw − y) of each structure. */
  residualNorms(w: Float64Array): Promise<Float64Array>;
  /** (Ψw)ᵀ M̃ Ψw of each structure. */
  predictionNorms(w: Float64Array): Promise<Float64Array>;
}

/** The shard of structures `from` … `to` − 1; structure `from` + a counts `multiplicity[a]` times (once when absent). */
export async function lossShard(
  problem: LearningProblem,
  from: number,
  to: number,
  options?: RunOptions,
  multiplicity?: Float64Array,
): Promise<LossShard> {
  const fields = problem.blocks.map((block) => rowsOf(block, from, to));
  /** Replaces each structure's part x_A of `fields` by M̃_A (x_A − y_A) (or M̃_A x_A) and returns (x − y)ᵀM̃(x − y) of each. */
  const applyMetric = async (subtractTarget: boolean): Promise<Float64Array> => {
    const norms = new Float64Array(to - from);
    for (let a = from; a < to; a++) {
      const times = multiplicity?.[a - from] ?? 1;
      if (times === 0) {
        forEachPart(problem, fields, a, from, (part) => part.fill(0));
        continue;
      }
      const { target, first } = problem.structures[a];
      const x = new Float64Array(target.length);
      forEachPart(problem, fields, a, from, (part, b) => x.set(part, first[b]));
      if (subtractTarget) for (let i = 0; i < x.length; i++) x[i] -= target[i];
      const y = gemv(false, problem.structures[a].metric(), x);
      if (times !== 1) for (let i = 0; i < y.length; i++) y[i] *= times;
      norms[a - from] = dot(x, y);
      forEachPart(problem, fields, a, from, (part, b) => part.set(y.subarray(first[b], first[b] + part.length)));
      await checkpoint(options);
    }
    return norms;
  };
  const adjoint = (): Float64Array => {
    const result = new Float64Array(problem.dimension);
    problem.blocks.forEach((block, b) =>
      gemm(true, false, 1, fields[b].psi, fields[b].values, 0, weightsOf(block, result)),
    );
    return result;
  };
  const forward = (w: Float64Array): void => {
    problem.blocks.forEach((block, b) =>
      gemm(false, false, 1, fields[b].psi, weightsOf(block, w), 0, fields[b].values),
    );
  };
  for (const { values } of fields) values.data.fill(0);
  const targetNorms = await applyMetric(true);
  const rightHandSide = adjoint().map((value) => -value);
  return {
    structures: to - from,
    coefficients: fields.reduce((count, { values }) => count + values.data.length, 0),
    targetNorm: total(targetNorms),
    rightHandSide,
    async hessianTimes(w) {
      forward(w);
      await applyMetric(false);
      return adjoint();
    },
    async residualNorms(w) {
      forward(w);
      return applyMetric(true);
    },
    async predictionNorms(w) {
      forward(w);
      return applyMetric(false);
    },
  };
}

/** The weights of a block inside w, [D, channels]. */
export function weightsOf({ psi, block, weightFirst }: ProblemBlock, w: Float64Array): Matrix {
  return {
    rows: psi.columns,
    columns: block.channels,
    data: w.subarray(weightFirst, weightFirst + psi.columns * block.channels),
  };
}

/** Σ x. */
export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

interface Field {
  /** Rows of ψ of the shard. */
  readonly psi: Matrix;
  /** One number for each row and channel. */
  readonly values: Matrix;
}

function rowsOf({ psi, block, rowFirst }: ProblemBlock, from: number, to: number): Field {
  const rows = rowFirst[to] - rowFirst[from];
  return {
    psi: {
      rows,
      columns: psi.columns,
      data: psi.data.subarray(rowFirst[from] * psi.columns, rowFirst[to] * psi.columns),
    },
    values: { rows, columns: block.channels, data: new Float64Array(rows * block.channels) },
  };
}

/** Visits the numbers of structure `a` in each block. */
function forEachPart(
  problem: LearningProblem,
  fields: readonly Field[],
  a: number,
  from: number,
  visit: (part: Float64Array, b: number) => void,
): void {
  for (let b = 0; b < fields.length; b++) {
    const { rowFirst, block } = problem.blocks[b];
    const start = rowFirst[from];
    visit(
      fields[b].values.data.subarray(
        (rowFirst[a] - start) * block.channels,
        (rowFirst[a + 1] - start) * block.channels,
      ),
      b,
    );
  }
}
