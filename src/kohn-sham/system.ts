/**
 * A molecule or a crystal, ready to be computed. SCF, one diagonalisation, corrections, forces and fits are written once
 * over this contract; what a molecule and a crystal do differently is in their own rooms.
 */
import type { Basis } from "../basis/basis.js";
import type { FitQuality } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { LevelOfTheory } from "../level.js";
import type { RunOptions } from "../run.js";
import type { Structure } from "../structure/structure.js";
import type { OrbitalOccupation } from "./occupations.js";
import type { KohnShamProblem } from "./scf.js";
import type { Electrons, State } from "./state.js";
import type { InputHamiltonian, Term } from "./term.js";

/** What could be wrong with a number although its calculation went well. */
export interface Note {
  /** What kind of doubt it is, in a word or two: `gamma-only`. */
  readonly tag: string;
  /** One sentence: what, and what to do. */
  readonly text: string;
}

/** How an SCF makes use of the coarse terms: not at all, to come near, or all the way with their error corrected. */
export type ScfPath = "direct" | "approach" | "corrected";

/** A density on the auxiliary basis. */
export interface DensityFit {
  /** With the exact number of electrons. */
  readonly density: AtomCentredDensity;
  /** How well it represents the density matrix. */
  readonly quality: FitQuality;
  /** Open shells: coefficients of ρ_α − ρ_β in the same functions. */
  readonly spinCoefficients?: Float64Array;
}

/** What self-consistency would still change after one diagonalisation. */
export interface Correction {
  /** hartree, to be added to the Kohn–Sham energy of the output density. */
  readonly energy: number;
  /** False when the range of the correction was left; then `energy` is not to be trusted. */
  readonly reliable: boolean;
  /** The input density with its response, electron count exact, where there is one. */
  readonly density?: AtomCentredDensity;
}

export interface System extends KohnShamProblem<OrbitalOccupation> {
  readonly level: LevelOfTheory;
  readonly structure: Structure;
  readonly electrons: Electrons;
  /** The charge that the electrons see on each atom: of the nucleus, or of a pseudopotential. */
  readonly charges: Float64Array;
  readonly scfPath: ScfPath;
  /** What could be wrong with all results for this structure. */
  readonly notes: readonly Note[];
  /** The terms on coarser grids; those of the system where these are coarse themselves. */
  coarseTerms(options?: RunOptions): Promise<readonly Term[]>;
  /** Superposed atoms in the functions that suit an SCF's start, or in `basis`. */
  start(options?: RunOptions, basis?: Basis): Promise<AtomCentredDensity>;
  /** The density, and that of spins, on the auxiliary basis of the level, numbers of electrons exact. */
  fit(state: State, options?: RunOptions): Promise<DensityFit>;
  /** `occupation` is of the diagonalisation of `input`, the Hamiltonian of `density`. Throws `not-converged`. */
  correct(
    density: AtomCentredDensity,
    input: InputHamiltonian,
    occupation: OrbitalOccupation,
    options?: RunOptions,
  ): Promise<Correction>;
  /** e·bohr, about the coordinate origin, nuclei included; a crystal has none. */
  dipole?(state: State): [number, number, number];
  /** −Tr W S^x, what keeping the orbitals orthonormal adds to dE/dR: [atoms, 3], hartree/bohr. */
  orthonormalityGradient?(energyWeighted: State["densities"]): Float64Array;
}
