/**
 * The solution at one η, and the choice of η: a path from large to small η in half decades, each solution
 * started from the one before, judged by the loss of structures held out. It ends once that loss has risen
 * clearly, or at the smallest η that rounding allows. A solver that stops early hides a bad η, so every
 * step is converged. η is relative to the largest eigenvalue of the on-site problem G.
 */
import { cholesky, choleskySolve } from "../math/linear-algebra.js";
import { checkpoint, type RunOptions } from "../run.js";
import { conjugateGradients } from "./conjugate-gradients.js";
import type { LearningProblem } from "./learning-problem.js";
import { weightsOf, type LossShard } from "./loss-shard.js";
import {
  onSiteScale,
  preconditioner,
  preconditionerParts,
  shifted,
  type PreconditionerParts,
} from "./preconditioner.js";
import { reducedHessian } from "./reduced-hessian.js";

const LARGEST = 1e-2;
const SMALLEST = 1e-12;
/** Half a decade. */
const STEP = Math.sqrt(10);
/** The path ends when the error of the held-out structures is this much above its minimum. */
const RISE = 1.1;
/** Residuals: errors change by less than 0.2 % beyond the first, by less than 0.01 % beyond the second (QM9, water). */
const PATH_TOLERANCE = 1e-3;
const FINAL_TOLERANCE = 3e-5;
const MAX_ITERATIONS = 1000;

export interface PathPoint {
  /** η relative to the scale. */
  readonly relative: number;
  /** 100 √(loss of the held-out structures / their loss at w = 0). */
  readonly rmsePercent: number;
  readonly iterations: number;
}

export interface Solution {
  readonly weights: Float64Array;
  readonly iterations: number;
  readonly residual: number;
  readonly converged: boolean;
}

/** Solves for the structures `from` … `to` − 1 at any η. */
export interface Solver {
  readonly scale: number;
  /** η absolute. */
  solve(eta: number, final: boolean, start?: Float64Array): Promise<Solution>;
  /** For the structures 0 … `to` − 1 of `shard`: scale and preconditioner are kept, so that η means the same. */
  refit(shard: LossShard, to: number): Promise<Solver>;
}

/** Conjugate gradients with the two-level preconditioner. */
export async function iterativeSolver(
  problem: LearningProblem,
  shard: LossShard,
  to: number,
  options?: RunOptions,
): Promise<Solver> {
  const parts = await preconditionerParts(problem, 0, to, options);
  return solverWith(problem, shard, parts, options);
}

function solverWith(
  problem: LearningProblem,
  shard: LossShard,
  parts: PreconditionerParts,
  options?: RunOptions,
): Solver {
  const n = shard.structures;
  const rightHandSide = shard.rightHandSide.map((value) => value / n);
  return {
    scale: parts.scale,
    async solve(eta, final, start) {
      const system = {
        rightHandSide,
        precondition: preconditioner(problem, parts, eta),
        async apply(x: Float64Array) {
          const result = await shard.hessianTimes(x);
          for (let i = 0; i < result.length; i++) result[i] = result[i] / n + eta * x[i];
          return result;
        },
      };
      const tolerance = final ? FINAL_TOLERANCE : PATH_TOLERANCE;
      const stage = final ? "solution" : "regularization";
      const { x, ...rest } = await conjugateGradients(
        system,
        tolerance,
        MAX_ITERATIONS,
        start,
        async (done, residual) =>
          checkpoint(options, {
            stage,
            done,
            note: `η ${(eta / parts.scale).toExponential(1)} residual ${residual.toExponential(1)}`,
          }),
      );
      return { weights: x, ...rest };
    },
    refit: async (other) => solverWith(problem, other, parts, options),
  };
}

/** The dense Hessian and its Cholesky factor: for problems of a few thousand weights. */
export async function directSolver(
  problem: LearningProblem,
  shard: LossShard,
  to: number,
  options?: RunOptions,
): Promise<Solver> {
  return directWith(problem, shard, to, await onSiteScale(problem, 0, to, options), options);
}

async function directWith(
  problem: LearningProblem,
  shard: LossShard,
  to: number,
  scale: number,
  options?: RunOptions,
): Promise<Solver> {
  const hessian = await reducedHessian(problem, 0, to, undefined, options);
  for (let i = 0; i < hessian.data.length; i++) hessian.data[i] /= to;
  const rightHandSide = channelsFirst(
    problem,
    shard.rightHandSide.map((value) => value / shard.structures),
  );
  return {
    scale,
    async solve(eta) {
      const solution = choleskySolve(cholesky(shifted(hessian, eta)), rightHandSide);
      await checkpoint(options, { stage: "solution", done: 1, total: 1 });
      return { weights: featuresFirst(problem, solution), iterations: 1, residual: 0, converged: true };
    },
    refit: (other, last) => directWith(problem, other, last, scale, options),
  };
}

/** [block][d][n] → [block][n][d]. */
function channelsFirst(problem: LearningProblem, w: Float64Array): Float64Array {
  return reorder(problem, w, true);
}

function featuresFirst(problem: LearningProblem, w: Float64Array): Float64Array {
  return reorder(problem, w, false);
}

function reorder(problem: LearningProblem, w: Float64Array, channelsSlow: boolean): Float64Array {
  const result = new Float64Array(w.length);
  for (const block of problem.blocks) {
    const { rows, columns } = weightsOf(block, w);
    for (let d = 0; d < rows; d++)
      for (let n = 0; n < columns; n++) {
        const [slow, fast] = [block.weightFirst + n * rows + d, block.weightFirst + d * columns + n];
        if (channelsSlow) result[slow] = w[fast];
        else result[fast] = w[slow];
      }
  }
  return result;
}

export interface Choice {
  readonly relative: number;
  readonly weights: Float64Array;
  readonly path: readonly PathPoint[];
  readonly iterations: number;
}

/** Walks the path with `solver` and judges by `held`. */
export async function chooseRegularization(solver: Solver, held: LossShard, options?: RunOptions): Promise<Choice> {
  const path: PathPoint[] = [];
  let best: { relative: number; rmsePercent: number; weights: Float64Array } | undefined;
  let start: Float64Array | undefined;
  let iterations = 0;
  let still = 0;
  for (let relative = LARGEST; relative > 0.99 * SMALLEST; relative /= STEP) {
    const solution = await solver.solve(relative * solver.scale, false, start);
    start = solution.weights;
    iterations += solution.iterations;
    const residual = await held.residualNorm(solution.weights);
    const rmsePercent = held.targetNorm > 0 ? 100 * Math.sqrt(Math.max(residual, 0) / held.targetNorm) : 0;
    path.push({ relative, rmsePercent, iterations: solution.iterations });
    if (!best || rmsePercent < best.rmsePercent) best = { relative, rmsePercent, weights: solution.weights };
    await checkpoint(options, {
      stage: "regularization",
      done: path.length,
      note: `η ${relative.toExponential(1)}: ${rmsePercent.toFixed(3)} %`,
    });
    // Where a smaller η needs no iteration the data decide alone; smaller ones cannot matter.
    still = solution.iterations === 0 ? still + 1 : 0;
    if (rmsePercent > RISE * best.rmsePercent || still === 2) break;
  }
  return { relative: best!.relative, weights: best!.weights, path, iterations };
}

/** (1/N) Σ ΔcᵀMΔc + η |w|². */
export async function lossOf(shard: LossShard, weights: Float64Array, eta: number): Promise<number> {
  let squared = 0;
  for (const value of weights) squared += value * value;
  return (await shard.residualNorm(weights)) / shard.structures + eta * squared;
}
