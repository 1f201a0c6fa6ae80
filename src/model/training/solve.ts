/** The weights: η is chosen where asked to, with the committee at it; then the problem is solved on all training structures. */
import { BrineError } from "../../errors.js";
import { checkpoint } from "../../run.js";
import type { LearningProblem } from "../problem/learning-problem.js";
import type { MemoryPlan } from "../problem/memory-plan.js";
import type { TrainSettings } from "../settings.js";
import { committee, type Committee, type Judged } from "../solver/committee.js";
import { directSolver } from "../solver/direct-solver.js";
import { iterativeSolver } from "../solver/iterative-solver.js";
import { lossOf, lossShard, total } from "../solver/loss-shard.js";
import { chooseRegularization, type Choice } from "../solver/regularization.js";
import type { Regression, Solver } from "../solver/solver.js";
import type { PathPoint, TrainSummary } from "../summary.js";
import type { TrainingRun } from "./training-run.js";

/** η/scale when there is only one structure and nothing can be held out. */
const FALLBACK_REGULARIZATION = 1e-6;
/** `auto` factorises the Hessian up to this many weights; `direct` refuses beyond the second number. */
const AUTO_DIRECT = 1500;
const LARGEST_DIRECT = 8000;

export interface Solved {
  readonly weights: Float64Array;
  readonly committee: Committee | undefined;
  readonly report: Pick<
    TrainSummary,
    "solver" | "regularization" | "iterations" | "residual" | "converged" | "loss" | "trainRmsePercent" | "validation"
  >;
}

/** Throws `input` for densities of impossible size, `usage` for more weights than the direct solver takes. */
export async function solve(run: TrainingRun, problem: LearningProblem, plan: MemoryPlan): Promise<Solved> {
  const { split, settings, options, watch, journal } = run;
  const method = methodFor(settings, problem.dimension);
  const regression: Regression = { problem, plan, options, ...(journal ? { journal } : {}) };
  const all = await lossShard(problem, 0, split.trained, options);
  if (!Number.isFinite(all.targetNorm))
    throw new BrineError("input", "the training structures have densities of impossible size: their norm is no number");
  const fitsAll = split.fitted === split.trained;
  const fit = fitsAll ? all : await lossShard(problem, 0, split.fitted, options);
  const solver = await (method === "direct" ? directSolver : iterativeSolver)(regression, fit);
  watch.lap("preconditioner");
  const automatic = settings.regularization === "auto";
  const chosen = automatic && split.ordered.length > 1 ? await choose(run, regression, solver) : undefined;
  const relative = chosen?.relative ?? (automatic ? FALLBACK_REGULARIZATION : settings.regularization);
  const absolute = relative * solver.scale;
  const last = fitsAll ? solver : await solver.refit(all);
  const solution = await last.solve(absolute, true, chosen?.weights);
  const residual = total(await all.residualNorms(solution.weights));
  await checkpoint(options);
  const loss = await lossOf(all, solution.weights, absolute);
  watch.lap("solution");
  const path = chosen?.path ?? [];
  const point = path.find((own) => own.relative === relative);
  return {
    weights: solution.weights,
    committee: chosen?.committee,
    report: {
      solver: method,
      regularization: { relative, absolute, automatic, likeliest: likeliestOf(path), path },
      iterations: (chosen?.iterations ?? 0) + solution.iterations,
      residual: solution.residual,
      converged: solution.converged,
      loss,
      trainRmsePercent: all.targetNorm > 0 ? 100 * Math.sqrt(Math.max(residual, 0) / all.targetNorm) : 0,
      validation: point ? { structures: split.ordered.length - split.fitted, rmsePercent: point.rmsePercent } : null,
    },
  };
}

function methodFor({ solver }: TrainSettings, dimension: number): "direct" | "cg" {
  if (solver === "auto") return dimension <= AUTO_DIRECT ? "direct" : "cg";
  if (solver === "direct" && dimension > LARGEST_DIRECT)
    throw new BrineError(
      "usage",
      `the direct solver takes at most ${LARGEST_DIRECT} weights, here are ${dimension}; use conjugate gradients or fewer environments`,
    );
  return solver;
}

/** η by the structures held out, and the committee at it. */
async function choose(
  run: TrainingRun,
  regression: Regression,
  solver: Solver,
): Promise<Choice & { readonly committee: Committee | undefined }> {
  const { split, options, watch } = run;
  const held = await lossShard(regression.problem, split.fitted, split.ordered.length, options);
  const choice = await chooseRegularization(solver, held, options);
  watch.lap("regularization");
  if (run.members === 0) return { ...choice, committee: undefined };
  const eta = choice.relative * solver.scale;
  const members = await committeeFor(run, regression, { solver, held, weights: choice.weights, eta });
  watch.lap("committee");
  return { ...choice, committee: members };
}

/** Throws `input` when a committee was asked for and its members tell nothing; by default there is none then. */
async function committeeFor(
  { settings, members }: TrainingRun,
  regression: Regression,
  judged: Judged,
): Promise<Committee | undefined> {
  const found = await committee(regression, judged, members, settings.seed);
  if (!found && settings.committee !== "auto")
    throw new BrineError(
      "input",
      "all members of the committee agree exactly, so there is no uncertainty; train on more structures or leave the committee out",
    );
  return found;
}

function likeliestOf(path: readonly PathPoint[]): number | null {
  const known = path.flatMap(({ relative, negativeLogLikelihood: value }) =>
    value === null ? [] : [{ relative, value }],
  );
  if (known.length === 0) return null;
  return known.reduce((best, point) => (point.value < best.value ? point : best)).relative;
}
