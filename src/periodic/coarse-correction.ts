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
import type { OrbitalOccupation } from "../kohn-sham/occupations.js";
import { orbitalGradient, selfConsistentField, type ScfSettings } from "../kohn-sham/scf.js";
import { combinations, type PerChannel } from "../kohn-sham/state.js";
import type { Correction, System } from "../kohn-sham/system.js";
import { evaluateTerms, inputHamiltonian } from "../kohn-sham/term.js";
import type { RunOptions } from "../run.js";

/** hartree; 0.001 meV for each atom of 32 water molecules. */
const SETTINGS: ScfSettings = { tolerance: 3e-6, maxIterations: 30 };

/**
 * `fock`: F[ρ̃] of `density`; `occupation`: D_out, of its diagonalisation. The energy is never positive, and 0 and not
 * reliable when the coarse problem did not converge.
 */
export async function coarseCorrection(
  system: System,
  density: AtomCentredDensity,
  fock: PerChannel,
  occupation: OrbitalOccupation,
  options?: RunOptions,
): Promise<Correction> {
  const coarse = await system.coarseTerms(options);
  const lacking = combinations([1, -1], [fock, (await inputHamiltonian(coarse, density, options)).fock]);
  const problem = { ...system, terms: [...coarse, linearTerm("gridCorrection", lacking)] };
  const start = await evaluateTerms(problem.terms, occupation, options);
  const diis = createDiis(system.channels);
  const next = diis.extrapolate({
    fock: start.fock,
    error: orbitalGradient(problem, start.fock, occupation.densities),
    density: occupation.densities,
  });
  try {
    const before = { iterations: 1, energy: start.energy, diis };
    const { energy } = await selfConsistentField(problem, next, { ...SETTINGS, before }, options);
    return { energy: energy - start.energy, reliable: true };
  } catch (error) {
    if (!isBrineError(error, "not-converged")) throw error;
    return { energy: 0, reliable: false };
  }
}
