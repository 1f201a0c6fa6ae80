/**
 * From the density of superposed atoms, or another one, to self-consistency, the coarse terms of the system leading most of
 * the way: with what they lack corrected (defect-correction.ts), or as an approach only. The latter where an open shell may
 * be degenerate, as in atoms: grids turn it into different directions, and a correction from one to the other would not
 * settle.
 */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { RunOptions } from "../run.js";
import { correctedSelfConsistency } from "./defect-correction.js";
import { createDiis } from "./diis.js";
import type { OrbitalOccupation } from "./occupations.js";
import { selfConsistentField, type ScfResult, type ScfSettings } from "./scf.js";
import type { System } from "./system.js";
import { inputHamiltonian } from "./term.js";

/** Coarse terms are not worth a sharper convergence before they are corrected, hartree. */
const COARSE_TOLERANCE = 1e-5;

/** How a ground state is searched for. */
export interface GroundStateOptions extends RunOptions {
  /** Where the SCF starts, instead of superposed atoms. */
  readonly guess?: AtomCentredDensity;
}

/** Throws `not-converged`. */
export async function groundState(
  system: System,
  settings: ScfSettings,
  options?: GroundStateOptions,
): Promise<ScfResult<OrbitalOccupation>> {
  const { scfPath, terms } = system;
  const coarseTerms = scfPath === "direct" ? terms : await system.coarseTerms(options);
  const coarse = { ...system, terms: coarseTerms };
  const { fock } = await inputHamiltonian(coarseTerms, options?.guess ?? (await system.start(options)), options);
  if (coarseTerms === terms) return selfConsistentField(system, fock, settings, options);
  if (scfPath === "corrected")
    return correctedSelfConsistency(system, coarse, fock, settings, COARSE_TOLERANCE, options);
  const near = await selfConsistentField(
    coarse,
    fock,
    { ...settings, tolerance: Math.max(COARSE_TOLERANCE, settings.tolerance) },
    options,
  );
  const before = { iterations: near.iterations, energy: Number.NaN, diis: createDiis(system.channels) };
  return selfConsistentField(system, near.fock, { ...settings, before }, options);
}
