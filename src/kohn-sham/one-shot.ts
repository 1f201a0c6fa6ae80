/**
 * One diagonalisation of the Hamiltonian of a given density: FC = SCε, D = 2 C_occ C_occᵀ, and the energy E[D] of
 * that output density matrix. Variational: its error is of second order in ρ_out − ρ_SCF and never negative.
 */
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import type { Occupation } from "./occupations.js";
import type { KohnShamProblem } from "./scf.js";
import { evaluateTerms } from "./term.js";

export interface OneShotResult<Result extends Occupation> {
  readonly energy: number;
  readonly components: Readonly<Record<string, number>>;
  readonly occupation: Result;
}

/** Diagonalises `fock` once and evaluates the terms of the problem. */
export async function oneDiagonalisation<Result extends Occupation>(
  problem: KohnShamProblem<Result>,
  fock: Matrix,
  options?: RunOptions,
): Promise<OneShotResult<Result>> {
  const occupation = problem.occupy(fock);
  const { energy, components } = await evaluateTerms(problem.terms, occupation, { ...options, energyOnly: true });
  return { energy, components, occupation };
}
