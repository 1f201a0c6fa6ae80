/**
 * Self-consistency on a fine grid at the price of a coarse one. The coarse problem is solved with what it lacks
 * added as a term linear in the density matrix,
 *
 *   E'[D] = E_coarse[D] + Tr D Δ + ε,  Δ = F_fine[D₀] − F_coarse[D₀],  ε = E_fine[D₀] − E_coarse[D₀] − Tr D₀ Δ,
 *
 * D₀ the last solution (defect correction; Stetter, Numer. Math. 29, 425 (1978)). Its solution differs from the
 * fine one by what Δ changes between D₀ and D, which is of second order: two fine evaluations are enough as a rule.
 * The Fock matrices of the coarse problem become those of E' by adding Δ, so extrapolation goes on with them.
 */
import { BrineError } from "../errors.js";
import { createDiis } from "./diis.js";
import { checkpoint, type RunOptions } from "../run.js";
import { constantTerm, linearTerm } from "./linear-term.js";
import type { Occupation } from "./occupations.js";
import {
  gradientTolerance,
  largest,
  orbitalGradient,
  selfConsistentField,
  type KohnShamProblem,
  type ScfResult,
  type ScfSettings,
} from "./scf.js";
import { combinations, traceOfProducts, type PerChannel } from "./state.js";
import { evaluateTerms, type Term } from "./term.js";

const MAX_CORRECTIONS = 10;

/**
 * Solves the `fine` problem by way of `coarse`, from the Fock matrix `start`. The uncorrected coarse problem is
 * solved to `coarseTolerance` (hartree) only. Throws `not-converged`.
 */
export async function correctedSelfConsistency<Result extends Occupation>(
  fine: KohnShamProblem<Result>,
  coarse: KohnShamProblem<Result>,
  start: PerChannel,
  settings: ScfSettings,
  coarseTolerance: number,
  options?: RunOptions,
): Promise<ScfResult<Result>> {
  const { tolerance } = settings;
  const diis = createDiis(fine.channels);
  let solution = await selfConsistentField(
    coarse,
    start,
    {
      ...settings,
      tolerance: Math.max(coarseTolerance, tolerance),
      before: { iterations: 0, energy: Number.NaN, diis },
    },
    options,
  );
  let iterations = solution.iterations;
  let gradient = Number.NaN;
  let change = Number.NaN;
  let delta: PerChannel | undefined;
  let shift = 0;
  for (let correction = 0; correction < MAX_CORRECTIONS; correction++) {
    const { occupation, fock, energy } = solution;
    const value = await evaluateTerms(fine.terms, occupation, options);
    const error = orbitalGradient(fine, value.fock, occupation.densities);
    gradient = largest(error);
    change = value.energy - energy;
    iterations++;
    await checkpoint(options, { stage: "SCF", done: iterations, note: `gradient ${gradient.toExponential(0)}` });
    if (Math.abs(change) < tolerance && gradient < gradientTolerance(tolerance))
      return { ...value, occupation, iterations };
    // What is lacking now comes on top of what was lacking before.
    const lacking = combinations([1, -1], [value.fock, fock]);
    delta = delta ? combinations([1, 1], [delta, lacking]) : lacking;
    shift += change - traceOfProducts(fine.channels, occupation.densities, lacking);
    const terms: Term[] = [
      ...coarse.terms,
      linearTerm("gridCorrection", delta),
      constantTerm("gridCorrectionShift", shift),
    ];
    diis.translate(lacking, (f, density) => orbitalGradient(fine, f, density));
    solution = await selfConsistentField(
      { ...coarse, terms },
      diis.extrapolate({ fock: value.fock, error, density: occupation.densities }),
      { ...settings, before: { iterations, energy: value.energy, diis } },
      options,
    );
    iterations = solution.iterations;
  }
  throw new BrineError(
    "not-converged",
    `the SCF on the fine grid did not converge (last energy change ${change.toExponential(1)} hartree, gradient ${gradient.toExponential(1)}); choose a finer or coarser grid`,
  );
}
