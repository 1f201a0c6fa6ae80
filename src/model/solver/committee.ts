/**
 * A committee for uncertainties: members are refitted on random halves of the structures, each started from the
 * solution w for all of them, which takes a few iterations. Kept are the deviations w_s − w. The expected error of a
 * structure is their spread in the metric of the loss,
 *
 *   σ_A² = f² (1/S) Σ_s |Ψ_A (w_s − w)|²_M,
 *
 * f the root mean square error of the held-out structures over their root mean square spread.
 */
import { randomGenerator } from "../../math/random.js";
import { checkpoint } from "../../run.js";
import { lossShard, total, type LossShard } from "./loss-shard.js";
import type { Regression, Solver } from "./solver.js";

export interface Committee {
  /** w_s − w of each member. */
  readonly deviations: readonly Float64Array[];
  /** f. */
  readonly factor: number;
}

/** The solution w for all fitted structures, its solver, and the structures held out. */
export interface Judged {
  readonly solver: Solver;
  readonly held: LossShard;
  readonly weights: Float64Array;
  /** η of the weights, absolute. */
  readonly eta: number;
}

/** `members` of them, chosen by `seed`. Undefined when all agree exactly, which tells nothing. */
export async function committee(
  { problem, options }: Regression,
  { solver, held, weights, eta }: Judged,
  members: number,
  seed: number,
): Promise<Committee | undefined> {
  const random = randomGenerator(seed);
  const fitted = solver.shard.structures;
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
  return spread > 0 ? { deviations, factor: Math.sqrt(total(await held.residualNorms(weights)) / spread) } : undefined;
}
