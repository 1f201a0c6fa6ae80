/**
 * The choice of η: a path from large to small η in decades, each solution started from the one before, judged by the
 * error of structures held out. It ends once that error has risen clearly, or at the smallest η that rounding allows;
 * then a parabola through the lowest three points says where between them to look once more. η is relative to the
 * largest eigenvalue of the on-site problem G.
 */
import { checkpoint, type RunOptions } from "../../run.js";
import type { PathPoint } from "../summary.js";
import { negativeLogLikelihood } from "./evidence.js";
import { total, type LossShard } from "./loss-shard.js";
import type { Solution, Solver } from "./solver.js";

const LARGEST = 1e-2;
const SMALLEST = 1e-12;
const STEP = 10;
/** The path ends when the typical error of the held-out structures is this much above its minimum. */
const RISE = 1.03;
/** A minimum between two points is looked for when it is at least this many decades from the lowest one. */
const SMALLEST_SHIFT = 0.1;

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
    const point = {
      relative,
      rmsePercent,
      typicalPercent,
      negativeLogLikelihood: negativeLogLikelihood(solver.shard, solution),
      iterations: solution.iterations,
    };
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
