/**
 * One diagonalisation of the Hamiltonian of a given density ρ̃: FC = SCε, D = Σ f C C†, and two energies from it. E[D] of
 * that output density matrix is variational: its error is of second order in ρ_out − ρ_SCF and never negative. The
 * Harris–Foulkes energy comes from the orbital energies alone,
 *
 *   E_HF = Σ_i f_i ε_i + Σ_k (E_k[ρ̃] − Tr D̃ F_k[ρ̃]) = Σ_i f_i ε_i − ½∫∫ρ̃ρ̃'/|r − r'| + E_xc[ρ̃] − ∫v_xc ρ̃ + E_nn,
 *
 * where for a GGA ∫v_xc ρ̃ stands for ∫(v_ρ ρ̃ + 2 v_σ |∇ρ̃|²); its error is of second order in ρ̃ − ρ_SCF, with either
 * sign (Harris, Phys. Rev. B 31, 1770 (1985); Foulkes & Haydock, Phys. Rev. B 39, 12520 (1989)).
 */
import type { RunOptions } from "../run.js";
import type { Occupation } from "./occupations.js";
import type { KohnShamProblem } from "./scf.js";
import { evaluateTerms, type InputHamiltonian } from "./term.js";

export interface OneShotResult<Result extends Occupation> {
  /** E[D], hartree. */
  readonly energy: number;
  readonly components: Readonly<Record<string, number>>;
  readonly harrisFoulkes: number;
  readonly occupation: Result;
}

/** Diagonalises F[ρ̃] once and evaluates the terms of the problem. */
export async function oneDiagonalisation<Result extends Occupation>(
  problem: KohnShamProblem<Result>,
  input: InputHamiltonian,
  options?: RunOptions,
): Promise<OneShotResult<Result>> {
  const occupation = problem.occupy(input.fock);
  const { energy, components } = await evaluateTerms(problem.terms, occupation, { ...options, energyOnly: true });
  return { energy, components, harrisFoulkes: occupation.bandEnergy + input.doubleCounting, occupation };
}
