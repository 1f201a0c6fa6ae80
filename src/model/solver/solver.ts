/**
 * What solves the regression problem at one η: (H + η) w = b, H = (1/N) Σ ΨᵀM̃Ψ, b = (1/N) Σ ΨᵀM̃y. By conjugate gradients
 * (iterative-solver.ts) or by a Cholesky factor of H + η (direct-solver.ts).
 */
import { BrineError } from "../../errors.js";
import type { RunOptions } from "../../run.js";
import type { LearningProblem } from "../problem/learning-problem.js";
import type { MemoryPlan } from "../problem/memory-plan.js";
import type { LossShard } from "./loss-shard.js";
import type { SolveJournal } from "./solve-journal.js";

/** A regression problem, where its numbers are kept and how it is worked on. */
export interface Regression {
  readonly problem: LearningProblem;
  readonly plan: MemoryPlan;
  readonly options?: RunOptions;
  /** Keeps the solutions of conjugate gradients. */
  readonly journal?: SolveJournal;
}

export interface Solution {
  readonly weights: Float64Array;
  readonly iterations: number;
  readonly residual: number;
  readonly converged: boolean;
  /** log det(1 + H/η), of the on-site part of H where that is all that is factorised; null where it is not known. */
  readonly logDeterminant: number | null;
}

/** Solves for the structures of a shard that begins with the first, at any η. */
export interface Solver {
  /** Largest eigenvalue of the on-site part of H: what η is relative to. */
  readonly scale: number;
  readonly shard: LossShard;
  /** η absolute; `final` is the more accurate. */
  solve(eta: number, final: boolean, start?: Float64Array): Promise<Solution>;
  /** For more structures from the first on; the scale is kept, so that η means the same. */
  refit(shard: LossShard): Promise<Solver>;
  /** For the same structures, counted differently in `shard`; to a lower accuracy. */
  resample(shard: LossShard): Promise<Solver>;
}

/** Throws `input` for weights that are no numbers. */
export function finite(solution: Solution): Solution {
  if (!Number.isFinite(solution.residual) || !solution.weights.every(Number.isFinite))
    throw new BrineError(
      "input",
      `the weights are no longer numbers after ${solution.iterations} iterations: look for densities of impossible size`,
    );
  return solution;
}
