/**
 * A committee for uncertainties: members are refitted on random halves of the structures, each started from the
 * solution w for all of them, which takes a few iterations. Kept are the deviations w_s − w. The expected error of a
 * structure is their spread in the metric of the loss,
 *
 *   σ_A² = f² (1/S) Σ_s |Ψ_A (w_s − w)|²_M,
 *
 * f the root mean square error of the held-out structures over their root mean square spread.
 */
import { BrineError } from "../../errors.js";
import { randomGenerator } from "../../math/random.js";
import { checkpoint, type RunOptions } from "../../run.js";
import type { LearningProblem } from "../problem/learning-problem.js";
import type { TrainSettings } from "../settings.js";
import { lossShard, total, type LossShard } from "./loss-shard.js";
import type { Solver } from "./regularization.js";

export interface Committee {
  /** w_s − w of each member. */
  readonly deviations: readonly Float64Array[];
  /** f. */
  readonly factor: number;
}

/**
 * `solver` and `weights` are those of the structures 0 … `fitted` − 1, at `eta` (absolute). Members that agree exactly
 * tell nothing: undefined, or `input` when a committee was asked for.
 */
export async function committee(
  problem: LearningProblem,
  solver: Solver,
  fitted: number,
  held: LossShard,
  weights: Float64Array,
  eta: number,
  members: number,
  settings: TrainSettings,
  options?: RunOptions,
): Promise<Committee | undefined> {
  const random = randomGenerator(settings.seed);
  const order = Array.from({ length: fitted }, (_, a) => a);
  const half = Math.ceil(fitted / 2);
  const deviations: Float64Array[] = [];
  let spread = 0;
  for (let s = 0; s < members; s++) {
    const multiplicity = new Float64Array(fitted);
    for (const a of random.shuffle(order).slice(0, half)) multiplicity[a] = fitted / half;
    const shard = await lossShard(problem, 0, fitted, options, multiplicity);
    const solution = await (await solver.resample(shard)).solve(eta, false, weights);
    const deviation = solution.weights.map((value, i) => value - weights[i]);
    deviations.push(deviation);
    spread += total(await held.predictionNorms(deviation)) / members;
    await checkpoint(options, { stage: "committee", done: s + 1, total: members });
  }
  if (!(spread > 0) && settings.committee === "auto") return undefined;
  if (!(spread > 0))
    throw new BrineError(
      "input",
      "all members of the committee agree exactly, so there is no uncertainty; train on more structures or leave the committee out",
    );
  return { deviations, factor: Math.sqrt(total(await held.residualNorms(weights)) / spread) };
}
