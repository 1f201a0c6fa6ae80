/**
 * The Hessian Σ_A Φ_Aᵀ M̃_A Φ_A explicitly, for features φ = ψ Z of a subspace (or ψ itself). Its index runs
 * over blocks, channels n, then features: [block][n][k].
 */
import { gemm } from "../../math/linear-algebra.js";
import { matrix, rowsOf, transpose, type Matrix } from "../../math/matrix.js";
import { checkpoint, type RunOptions } from "../../run.js";
import { blockFirsts, metricOf, type LearningProblem, type ProblemBlock } from "./learning-problem.js";
import { denseRows, timesColumns } from "./stored-products.js";

export interface ReducedHessianTask {
  readonly problem: LearningProblem;
  /** Structures `from` … `to` − 1. */
  readonly from: number;
  readonly to: number;
  /** Z of each block, [D, K]; absent: all features. */
  readonly bases?: readonly Matrix[];
}

/** Sum over the structures. */
export async function reducedHessianPart(task: ReducedHessianTask, options?: RunOptions): Promise<Matrix> {
  const { problem, from, to, bases } = task;
  const phis = problem.blocks.map(({ psi, columns, rowFirst }, b): Matrix => {
    const rows = { psi, columns, from: rowFirst[from], rows: rowFirst[to] - rowFirst[from] };
    if (!bases) return denseRows(rows);
    const phi = matrix(rows.rows, bases[b].columns);
    timesColumns(rows, bases[b], phi);
    return phi;
  });
  const firsts = featureFirsts(problem.blocks, phis);
  const dimension = firsts[problem.blocks.length];
  const hessian = matrix(dimension, dimension);
  for (let a = from; a < to; a++) {
    const first = blockFirsts(problem, a);
    const own = phis.map((phi, b) => {
      const { rowFirst } = problem.blocks[b];
      return rowsOf(phi, rowFirst[a] - rowFirst[from], rowFirst[a + 1] - rowFirst[a]);
    });
    const half = transpose(leftProducts(problem, own, firsts, first, metricOf(problem, a)));
    for (let b = 0; b < phis.length; b++) {
      const phi = own[b];
      const { channels } = problem.blocks[b].block;
      for (let n = 0; n < channels && phi.rows > 0; n++) {
        const rows = {
          rows: phi.rows,
          columns: dimension,
          data: half.data.subarray((first[b] + n) * dimension),
          stride: channels * dimension,
        };
        gemm(true, false, 1, phi, rows, 1, rowsOf(hessian, firsts[b] + n * phi.columns, phi.columns));
      }
    }
    await checkpoint(options, { stage: "coarse problem", done: a - from + 1, total: to - from });
  }
  return hessian;
}

/** Φᵀ M̃ of one structure, `phis` its rows: [dimension, functions]. */
function leftProducts(
  problem: LearningProblem,
  phis: readonly Matrix[],
  firsts: Int32Array,
  first: Int32Array,
  metric: Matrix,
): Matrix {
  const size = metric.rows;
  const result = matrix(firsts[phis.length], size);
  for (let b = 0; b < phis.length; b++) {
    const phi = phis[b];
    const { channels } = problem.blocks[b].block;
    for (let n = 0; n < channels && phi.rows > 0; n++) {
      const rows = {
        rows: phi.rows,
        columns: size,
        data: metric.data.subarray((first[b] + n) * size),
        stride: channels * size,
      };
      gemm(true, false, 1, phi, rows, 0, rowsOf(result, firsts[b] + n * phi.columns, phi.columns));
    }
  }
  return result;
}

/** Where each block starts in the index of the Hessian, and the dimension. */
function featureFirsts(blocks: readonly ProblemBlock[], phis: readonly Matrix[]): Int32Array {
  const firsts = new Int32Array(blocks.length + 1);
  for (let b = 0; b < blocks.length; b++) firsts[b + 1] = firsts[b] + phis[b].columns * blocks[b].block.channels;
  return firsts;
}
