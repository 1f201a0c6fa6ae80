/**
 * Conjugate gradients with the two-level preconditioner, matrix-free: for any number of weights. A solver that stops
 * early hides a bad η, so every solution is converged.
 */
import { checkpoint } from "../../run.js";
import { conjugateGradients } from "./conjugate-gradients.js";
import type { LossShard } from "./loss-shard.js";
import { preconditioner, preconditionerParts, withStructures, type PreconditionerParts } from "./preconditioner.js";
import { problemDigest } from "./solve-journal.js";
import { finite, type Regression, type Solver } from "./solver.js";

/** |r|/√L: what the loss can still fall by is at most about 10⁻³ of it on the path, 10⁻⁴ at its end. */
const PATH_TOLERANCE = 0.03;
const FINAL_TOLERANCE = 1e-2;
/** Members of a committee are spread by tenths of the error and more. */
const MEMBER_TOLERANCE = 0.1;
const MAX_ITERATIONS = 1000;

export async function iterativeSolver(regression: Regression, shard: LossShard): Promise<Solver> {
  return solverWith(regression, shard, await preconditionerParts(regression, shard.structures), PATH_TOLERANCE);
}

/** For the structures of `parts`, counted as in `shard`: what members of a committee are solved with. */
export function memberSolver(regression: Regression, shard: LossShard, parts: PreconditionerParts): Solver {
  return solverWith(regression, shard, parts, MEMBER_TOLERANCE);
}

function solverWith(
  regression: Regression,
  shard: LossShard,
  parts: PreconditionerParts,
  pathTolerance: number,
): Solver {
  const { journal, options, plan } = regression;
  const n = shard.structures;
  const rightHandSide = shard.rightHandSide.map((value) => value / n);
  const digest = journal && problemDigest(rightHandSide, plan.trianglePrecision);
  return {
    scale: parts.scale,
    shard,
    async solve(eta, final, start) {
      const entry = digest === undefined ? undefined : journal?.next(digest);
      const kept = entry?.solution();
      if (kept) return kept;
      const { apply: precondition, logDeterminant } = await preconditioner(regression, parts, eta);
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
      const { x, ...rest } = await conjugateGradients(
        system,
        final ? FINAL_TOLERANCE : pathTolerance,
        MAX_ITERATIONS,
        entry?.state() ?? start,
        async (state, residual) => {
          entry?.offerState(() => state);
          await checkpoint(options, {
            stage: final ? "solution" : "regularization",
            done: state.iterations,
            note: `η ${(eta / parts.scale).toExponential(1)} residual ${residual.toExponential(1)}`,
          });
        },
      );
      const solution = finite({ weights: x, ...rest, logDeterminant });
      entry?.keep(solution);
      return solution;
    },
    refit: async (other) =>
      solverWith(regression, other, await withStructures(regression, parts, other.structures), PATH_TOLERANCE),
    resample: async (other) => memberSolver(regression, other, parts),
  };
}
