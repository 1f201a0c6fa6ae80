/**
 * Orbitals of an atom-centred density: those of one diagonalisation of F[ρ̃], or, closer to the self-consistent ones,
 * those after two Newton steps of linear response, c ← c + δ (kohn-sham/response.ts), a diagonalisation after each:
 *
 *   F[c₁] → D_1,   ΔV = V_xc[D_1] − V_xc[fit of D_1],   F[c₁] + ΔV → δ₂,   F[c₁ + δ₂] + ΔV → D.
 *
 * ΔV is what the fit loses; without it the steps lead to a fixed point that is some 1e-6 hartree off.
 *
 * They start the SCF of another program. Hybrids and meta-GGA take F of PBE, and open shells F without spin
 * polarisation; for these there are no steps, because their fixed point is not that of F.
 */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { functionalByName, needsOrbitals } from "../functional/functional.js";
import type { OrbitalOccupation } from "../kohn-sham/occupations.js";
import { combinations, realDensity, type PerChannel, type State } from "../kohn-sham/state.js";
import { evaluateTerms, inputHamiltonian } from "../kohn-sham/term.js";
import type { LevelOfTheory } from "../level.js";
import { checkpoint, type RunOptions } from "../run.js";
import { prepareMolecule } from "./prepare-molecule.js";
import type { MolecularSystem } from "./molecular-system.js";
import { responseCorrection } from "./response-correction.js";

/** The orbitals of the Hamiltonian of a density. */
export interface DensityOrbitals {
  /** Orbitals and density matrices of the last diagonalisation. */
  readonly state: State & Required<Pick<State, "orbitals">>;
  /** Whether the steps were made. */
  readonly improved: boolean;
}

/** `improve` (true) asks for the steps; they are left out where the linear range is left, too. */
export async function orbitalsOfDensity(
  level: LevelOfTheory,
  density: AtomCentredDensity,
  options: RunOptions & { readonly improve?: boolean } = {},
): Promise<DensityOrbitals> {
  const system = await prepareMolecule(level, density.structure, options);
  const input = await inputHamiltonian(system.terms, density, options);
  const state = system.occupy(input.fock);
  const [{ energies, occupied }] = state.orbitals;
  const wholeShells = system.channels.length === 1 && level.smearing === undefined && energies.length > occupied;
  const stepsLead = wholeShells && !needsOrbitals(functionalByName(level.functional));
  if (!stepsLead || options.improve === false) return { state, improved: false };
  await checkpoint(options);
  const first = await responseCorrection(system, density, state, options);
  if (!first.reliable) return { state, improved: false };
  return { state: await secondStep(system, first.density, options), improved: true };
}

/** From the density after the first step to the orbitals after the second. */
async function secondStep(
  system: MolecularSystem,
  density: AtomCentredDensity,
  options?: RunOptions,
): Promise<OrbitalOccupation> {
  const { terms, occupy } = system;
  const { fock } = await inputHamiltonian(terms, density, options);
  const lost = await lostByFit(system, density, occupy(fock), options);
  const corrected = (f: PerChannel): PerChannel => combinations([1, 1], [f, lost]);
  const step = await responseCorrection(system, density, occupy(corrected(fock)), options);
  const last = await inputHamiltonian(terms, step.density, options);
  return occupy(corrected(last.fock));
}

/** F[D] − F[fit of D]; `density` is one in the RI-J basis. */
async function lostByFit(
  { terms, hartree }: MolecularSystem,
  density: AtomCentredDensity,
  state: State,
  options?: RunOptions,
): Promise<PerChannel> {
  const { fock } = await evaluateTerms(terms, state, options);
  const fitted = { ...density, coefficients: await hartree.coefficients(realDensity(state), options) };
  return combinations([1, -1], [fock, (await inputHamiltonian(terms, fitted, options)).fock]);
}
