/** The dense Hessian and its Cholesky factor: for problems of a few thousand weights. */
import { cholesky, choleskySolve } from "../../math/linear-algebra.js";
import { checkpoint } from "../../run.js";
import { weightsOf, type LearningProblem } from "../problem/learning-problem.js";
import { logDeterminantOf } from "../problem/on-site-part.js";
import { reducedHessianPart } from "../problem/reduced-hessian.js";
import { memberSolver } from "./iterative-solver.js";
import type { LossShard } from "./loss-shard.js";
import { onSiteScale, preconditionerParts, shifted, type PreconditionerParts } from "./preconditioner.js";
import { finite, type Regression, type Solver } from "./solver.js";

export async function directSolver(regression: Regression, shard: LossShard): Promise<Solver> {
  return solverWith(regression, shard, await onSiteScale(regression, shard.structures));
}

async function solverWith(regression: Regression, shard: LossShard, scale: number): Promise<Solver> {
  const { problem, options } = regression;
  const { structures } = shard;
  let parts: PreconditionerParts | undefined;
  const hessian = await reducedHessianPart({ problem, from: 0, to: structures }, options);
  const rightHandSide = reordered(
    problem,
    shard.rightHandSide.map((value) => value / structures),
    "channels first",
  );
  return {
    scale,
    shard,
    async solve(eta) {
      const factor = cholesky(shifted(hessian, structures, eta));
      const solution = choleskySolve(factor, rightHandSide);
      await checkpoint(options, { stage: "solution", done: 1, total: 1 });
      return finite({
        weights: reordered(problem, solution, "features first"),
        iterations: 1,
        residual: 0,
        converged: true,
        logDeterminant: logDeterminantOf(factor, eta),
      });
    },
    refit: (other) => solverWith(regression, other, scale),
    async resample(other) {
      parts ??= await preconditionerParts(regression, structures);
      return memberSolver(regression, other, parts);
    },
  };
}

/** Weights [block][d][n] → [block][n][d], or back. */
function reordered(
  problem: LearningProblem,
  w: Float64Array,
  order: "channels first" | "features first",
): Float64Array {
  const result = new Float64Array(w.length);
  for (const block of problem.blocks) {
    const { rows, columns } = weightsOf(block, w);
    for (let d = 0; d < rows; d++)
      for (let n = 0; n < columns; n++) {
        const byChannel = block.weightFirst + n * rows + d;
        const byFeature = block.weightFirst + d * columns + n;
        if (order === "channels first") result[byChannel] = w[byFeature];
        else result[byFeature] = w[byChannel];
      }
  }
  return result;
}
