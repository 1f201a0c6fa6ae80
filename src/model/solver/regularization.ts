/**
 * The solution at one η, and the choice of η: a path from large to small η in decades, each solution started from
 * the one before, judged by the error of structures held out. It ends once that error has risen clearly, or at the
 * smallest η that rounding allows; then a parabola through the lowest three points says where between them to look
 * once more. A solver that stops early hides a bad η, so every step is converged. η is relative to the largest
 * eigenvalue of the on-site problem G.
 */
import { BrineError } from "../../errors.js";
import { cholesky, choleskySolve } from "../../math/linear-algebra.js";
import { dot } from "../../math/matrix.js";
import { checkpoint, type RunOptions } from "../../run.js";
import { weightsOf, type LearningProblem } from "../problem/learning-problem.js";
import type { MemoryPlan } from "../problem/memory-plan.js";
import { logDeterminantOf } from "../problem/on-site-part.js";
import { reducedHessianPart } from "../problem/reduced-hessian.js";
import type { PathPoint } from "../summary.js";
import { conjugateGradients } from "./conjugate-gradients.js";
import { total, type LossShard } from "./loss-shard.js";
import {
  onSiteScale,
  preconditioner,
  preconditionerParts,
  shifted,
  type PreconditionerParts,
  withStructures,
} from "./preconditioner.js";
import { problemDigest, type SolveJournal } from "./solve-journal.js";

const LARGEST = 1e-2;
const SMALLEST = 1e-12;
const STEP = 10;
/** The path ends when the typical error of the held-out structures is this much above its minimum. */
const RISE = 1.03;
/** A minimum between two points is looked for when it is at least this many decades from the lowest one. */
const SMALLEST_SHIFT = 0.1;
/** |r|/√L: what the loss can still fall by is at most about 10⁻³ of it on the path, 10⁻⁴ at its end. */
const PATH_TOLERANCE = 0.03;
const FINAL_TOLERANCE = 1e-2;
/** Members of a committee are spread by tenths of the error and more. */
const MEMBER_TOLERANCE = 0.1;
const MAX_ITERATIONS = 1000;

export interface Solution {
  readonly weights: Float64Array;
  readonly iterations: number;
  readonly residual: number;
  readonly converged: boolean;
  /** log det(1 + H/η), of the on-site part of H where that is all that is factorised; null where it is not known. */
  readonly logDeterminant: number | null;
}

/** Solves for the structures `from` … `to` − 1 at any η. */
export interface Solver {
  readonly scale: number;
  /** The structures that are fitted. */
  readonly shard: LossShard;
  /** η absolute. */
  solve(eta: number, final: boolean, start?: Float64Array): Promise<Solution>;
  /** For the structures 0 … `to` − 1 of `shard`, more than now; the scale is kept, so that η means the same. */
  refit(shard: LossShard, to: number): Promise<Solver>;
  /** For the same structures, counted differently in `shard`; to a lower accuracy. */
  resample(shard: LossShard): Promise<Solver>;
}

/** How solvers run; with a journal, they keep their solutions in it. */
export interface SolverOptions extends RunOptions {
  readonly journal?: { readonly records: SolveJournal; next: number };
}

/** Conjugate gradients with the two-level preconditioner. */
export async function iterativeSolver(
  problem: LearningProblem,
  shard: LossShard,
  to: number,
  plan: MemoryPlan,
  options: SolverOptions = {},
): Promise<Solver> {
  const parts = await preconditionerParts(problem, to, plan, options);
  return solverWith(problem, shard, parts, options);
}

function solverWith(
  problem: LearningProblem,
  shard: LossShard,
  parts: PreconditionerParts,
  options: SolverOptions = {},
  pathTolerance = PATH_TOLERANCE,
): Solver {
  const n = shard.structures;
  const rightHandSide = shard.rightHandSide.map((value) => value / n);
  const problemKey = options.journal ? problemDigest(rightHandSide, parts.plan.factor("").precision) : "";
  return {
    scale: parts.scale,
    shard,
    async solve(eta, final, start) {
      const { journal } = options;
      const index = journal ? journal.next++ : 0;
      const kept = journal?.records.solution(index, problemKey);
      if (kept) return kept;
      const { apply: precondition, logDeterminant } = await preconditioner(problem, parts, eta, options);
      const system = {
        rightHandSide,
        constant: shard.targetNorm / n,
        precondition,
        async apply(x: Float64Array) {
          const result = await shard.hessianTimes(x);
          for (let i = 0; i < result.length; i++) result[i] = result[i] / n + eta * x[i];
          return result;
        },
      };
      const tolerance = final ? FINAL_TOLERANCE : pathTolerance;
      const stage = final ? "solution" : "regularization";
      const { x, ...rest } = await conjugateGradients(
        system,
        tolerance,
        MAX_ITERATIONS,
        journal?.records.state(index, problemKey) ?? start,
        async (state, residual) => {
          journal?.records.offerState(index, problemKey, () => state);
          await checkpoint(options, {
            stage,
            done: state.iterations,
            note: `η ${(eta / parts.scale).toExponential(1)} residual ${residual.toExponential(1)}`,
          });
        },
      );
      const solution = finite({ weights: x, ...rest, logDeterminant });
      journal?.records.keepSolution(index, problemKey, solution);
      return solution;
    },
    refit: async (other, to) => solverWith(problem, other, await withStructures(problem, parts, to, options), options),
    resample: async (other) => solverWith(problem, other, parts, options, MEMBER_TOLERANCE),
  };
}

/** Throws `input` for weights that are no numbers. */
function finite(solution: Solution): Solution {
  if (!Number.isFinite(solution.residual) || !solution.weights.every(Number.isFinite))
    throw new BrineError(
      "input",
      `the weights are no longer numbers after ${solution.iterations} iterations: look for densities of impossible size`,
    );
  return solution;
}

/** The dense Hessian and its Cholesky factor: for problems of a few thousand weights. */
export async function directSolver(
  problem: LearningProblem,
  shard: LossShard,
  to: number,
  plan: MemoryPlan,
  options: SolverOptions = {},
): Promise<Solver> {
  return directWith(problem, shard, to, await onSiteScale(problem, to, plan, options), plan, options);
}

async function directWith(
  problem: LearningProblem,
  shard: LossShard,
  to: number,
  scale: number,
  plan: MemoryPlan,
  options: SolverOptions = {},
): Promise<Solver> {
  let parts: PreconditionerParts | undefined;
  const hessian = await reducedHessianPart({ problem, from: 0, to }, options);
  const rightHandSide = channelsFirst(
    problem,
    shard.rightHandSide.map((value) => value / shard.structures),
  );
  return {
    scale,
    shard,
    async solve(eta) {
      const factor = cholesky(shifted(hessian, to, eta));
      const solution = choleskySolve(factor, rightHandSide);
      await checkpoint(options, { stage: "solution", done: 1, total: 1 });
      return finite({
        weights: featuresFirst(problem, solution),
        iterations: 1,
        residual: 0,
        converged: true,
        logDeterminant: logDeterminantOf(factor, eta),
      });
    },
    refit: (other, last) => directWith(problem, other, last, scale, plan, options),
    async resample(other) {
      parts ??= await preconditionerParts(problem, to, plan, options);
      return solverWith(problem, other, parts, options, MEMBER_TOLERANCE);
    },
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
  let best: { relative: number; typicalPercent: number; weights: Float64Array } | undefined;
  const visit = async (relative: number, start: Float64Array | undefined): Promise<PathPoint & Solution> => {
    const solution = await solver.solve(relative * solver.scale, false, start);
    const residuals = await held.residualNorms(solution.weights);
    const { rmsePercent, typicalPercent } = percentages(residuals, held.targetNorm);
    const negativeLogLikelihood = evidence(solver.shard, solution, relative * solver.scale);
    const point = { relative, rmsePercent, typicalPercent, negativeLogLikelihood, iterations: solution.iterations };
    path.push(point);
    if (!best || typicalPercent < best.typicalPercent) best = { relative, typicalPercent, weights: solution.weights };
    await checkpoint(options, {
      stage: "regularization",
      done: path.length,
      note: `η ${relative.toExponential(1)}: ${rmsePercent.toFixed(3)} %`,
    });
    return { ...solution, ...point };
  };
  let still = 0;
  let start: Float64Array | undefined;
  for (let relative = LARGEST; relative > 0.99 * SMALLEST; relative /= STEP) {
    const { iterations, typicalPercent, weights } = await visit(relative, start);
    start = weights;
    // Where a smaller η needs no iteration the data decide alone; smaller ones cannot matter.
    still = iterations === 0 ? still + 1 : 0;
    if (typicalPercent > RISE * best!.typicalPercent || still === 2) break;
  }
  const between = lowestBetween(path);
  if (between !== undefined) await visit(between, best!.weights);
  const iterations = path.reduce((sum, point) => sum + point.iterations, 0);
  return { relative: best!.relative, weights: best!.weights, path, iterations };
}

/** Where the parabola through the lowest point and its neighbours has its minimum, over log η; undefined near a point. */
function lowestBetween(path: readonly PathPoint[]): number | undefined {
  let k = 0;
  for (let i = 1; i < path.length; i++) if (path[i].typicalPercent < path[k].typicalPercent) k = i;
  if (k === 0 || k === path.length - 1) return undefined;
  const [left, middle, right] = [path[k - 1], path[k], path[k + 1]].map((point) => point.typicalPercent);
  const curvature = left - 2 * middle + right;
  if (!(curvature > 0)) return undefined;
  const shift = (left - right) / (2 * curvature);
  return Math.abs(shift) < SMALLEST_SHIFT ? undefined : path[k].relative / STEP ** shift;
}

/** The quadratic mean and the mean of the errors of structures, relative to the quadratic mean at w = 0. */
function percentages(residuals: Float64Array, targetNorm: number): { rmsePercent: number; typicalPercent: number } {
  if (targetNorm <= 0) return { rmsePercent: 0, typicalPercent: 0 };
  const mean = targetNorm / residuals.length;
  const errors = residuals.map((residual) => Math.sqrt(Math.max(residual, 0) / mean));
  return {
    rmsePercent: 100 * Math.sqrt(Math.max(total(residuals), 0) / targetNorm),
    typicalPercent: (100 * total(errors)) / errors.length,
  };
}

/**
 * −log p = ½ [n log s² + log det(1 + H/η) + n log(ηN)], s² = (yᵀM̃y − N b·w)/(Nηn), n coefficients: the marginal
 * likelihood of a Gaussian process whose noise variance s²ηN is the likeliest one. Null where the determinant is not known.
 */
function evidence(shard: LossShard, { weights, logDeterminant }: Solution, eta: number): number | null {
  if (logDeterminant === null) return null;
  const { coefficients: n, structures, targetNorm, rightHandSide } = shard;
  const left = Math.max(targetNorm - dot(rightHandSide, weights), Number.EPSILON * targetNorm, Number.MIN_VALUE);
  const factor = structures * eta;
  return (n * Math.log(left / (factor * n)) + logDeterminant + n * Math.log(factor)) / 2;
}

/** (1/N) Σ ΔcᵀMΔc + η |w|². */
export async function lossOf(shard: LossShard, weights: Float64Array, eta: number): Promise<number> {
  let squared = 0;
  for (const value of weights) squared += value * value;
  return total(await shard.residualNorms(weights)) / shard.structures + eta * squared;
}
