/**
 * What self-consistency would still change in the energy of one diagonalisation, found on coarser grids: the Kohn–Sham
 * problem at a third of the cutoff, with what its Hamiltonian lacks at the input density as a term linear in D,
 *
 *   E'[D] = E_coarse[D] + Tr D Δ,   Δ = F[ρ̃] − F_coarse[ρ̃],   E ≈ E_KS[D_out] + E'[D'] − E'[D_out],
 *
 * is solved from D_out to its minimum D'. What linear response is for molecules (molecule/response-correction.ts):
 * the error is of second order in D' − D_out, times what the two grids differ by in the second derivative of the energy.
 */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { isBrineError } from "../errors.js";
import { createDiis } from "../kohn-sham/diis.js";
import { linearTerm } from "../kohn-sham/linear-term.js";
import type { Orbitals } from "../kohn-sham/occupations.js";
import { orbitalGradient, selfConsistentField, type ScfSettings } from "../kohn-sham/scf.js";
import { evaluateTerms } from "../kohn-sham/term.js";
import { difference, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { inputPotential } from "./input-potential.js";
import type { PeriodicSystem } from "./periodic-system.js";

/** hartree; 0.001 meV for each atom of 32 water molecules. */
const SETTINGS: ScfSettings = { tolerance: 3e-6, maxIterations: 30 };

export interface CoarseCorrection {
  /** E'[D'] − E'[D_out], hartree, never positive. */
  readonly energy: number;
  /** False when the coarse problem did not converge; the energy is then 0. */
  readonly reliable: boolean;
}

/** `fock`: F[ρ̃] of `density`; `occupation`: D_out, of its diagonalisation. */
export async function coarseCorrection(
  system: PeriodicSystem,
  density: AtomCentredDensity,
  fock: Matrix,
  occupation: Orbitals,
  options?: RunOptions,
): Promise<CoarseCorrection> {
  const coarse = await system.coarse(options);
  const lacking = difference(fock, (await inputPotential(system, coarse, density, options)).fock);
  const problem = { ...coarse.problem, terms: [...coarse.problem.terms, linearTerm("gridCorrection", lacking)] };
  const start = await evaluateTerms(problem.terms, occupation, options);
  const diis = createDiis();
  const next = diis.extrapolate(
    start.fock,
    orbitalGradient(problem, start.fock, occupation.density),
    occupation.density,
  );
  try {
    const before = { iterations: 1, energy: start.energy, diis };
    const { energy } = await selfConsistentField(problem, next, { ...SETTINGS, before }, options);
    return { energy: energy - start.energy, reliable: true };
  } catch (error) {
    if (!isBrineError(error, "not-converged")) throw error;
    return { energy: 0, reliable: false };
  }
}
