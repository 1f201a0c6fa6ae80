/** The interface of whatever solves Kohn–Sham: brine's own code, or another program in a subprocess. */
import type { EnergyComponents } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { GroundStateOptions } from "../kohn-sham/ground-state.js";
import type { OrbitalOccupation } from "../kohn-sham/occupations.js";
import type { State } from "../kohn-sham/state.js";
import type { Correction, DensityFit, Note } from "../kohn-sham/system.js";
import type { LevelOfTheory } from "../level.js";
import type { RunOptions } from "../run.js";
import type { Structure } from "../structure/structure.js";
import type { Capabilities } from "./capabilities.js";

/** A state with its orbitals. */
export type OrbitalState = State & Required<Pick<State, "orbitals">>;

/** A converged Kohn–Sham calculation. */
export interface GroundState {
  /** The structure. */
  readonly structure: Structure;
  /** hartree; with smeared occupations the free energy. */
  readonly energy: number;
  /** What the energy is the sum of. */
  readonly components: EnergyComponents;
  /** e·bohr, about the coordinate origin, nuclei included; a periodic structure has none. */
  readonly dipole?: readonly [number, number, number];
  /** Density matrices and orbitals of each channel. */
  readonly state: OrbitalState;
  /** Open shells: ⟨S²⟩; S(S + 1) for a pure spin state. */
  readonly spinSquared?: number;
  /** Of the SCF. */
  readonly iterations: number;
  /** That the calculation took. */
  readonly seconds: number;
  /** What could be wrong with the numbers. */
  readonly notes?: readonly Note[];
}

/** What one diagonalisation of F[ρ] gives. Energies in hartree. */
export interface OneShotEnergy {
  /** Best estimate: response-corrected where it exists, else `oneShot`. */
  readonly energy: number;
  /** E_KS of the output density matrix. */
  readonly oneShot: number;
  /** Present unless the correction was left out. */
  readonly response?: Omit<Correction, "density">;
  /** The input density with its linear response; molecules only, unless the correction was left out. */
  readonly improved?: AtomCentredDensity;
  /** The Harris–Foulkes functional of the density that came in, hartree. */
  readonly harrisFoulkes: number;
  /** What `oneShot` is the sum of. */
  readonly components: EnergyComponents;
  /** e·bohr, of the best density there is: `improved`, else that of the output density matrix. */
  readonly dipole?: readonly [number, number, number];
  /** e·bohr, of the output density matrix. */
  readonly oneShotDipole?: readonly [number, number, number];
  /** Highest filled orbital energy, hartree. */
  readonly homo: number;
  /** Lowest empty orbital energy, hartree. */
  readonly lumo: number;
  /** The output density matrix and orbitals of the diagonalisation, where they were asked for. */
  readonly state?: OrbitalState;
  /** That it took. */
  readonly seconds: number;
  /** What could be wrong with the numbers. */
  readonly notes?: readonly Note[];
}

/** What `Engine.oneShot` is told beside the density. */
export interface OneShotOptions extends RunOptions {
  /** Whether to correct by linear response (true). */
  readonly response?: boolean;
  /** Whether to hand out the orbitals (false). */
  readonly orbitals?: boolean;
}

/** What of a ground state its fit needs. */
export interface ConvergedDensity {
  /** The structure. */
  readonly structure: Structure;
  /** Its density matrices. */
  readonly state: Pick<State, "channels" | "densities">;
}

/** Solves Kohn–Sham at one level: brine's own code, or another program. */
export interface Engine {
  /** The level of all its results. */
  readonly level: LevelOfTheory;
  /** What it does, for which structures. The methods below throw `unsupported` for others. */
  readonly can: Capabilities;
  /** Throws `not-converged` when the SCF does not converge. */
  groundState(structure: Structure, options?: GroundStateOptions): Promise<GroundState>;
  /** Expands the density of a ground state on the auxiliary basis of the level, electron count exact. */
  fit(state: ConvergedDensity, options?: RunOptions): Promise<DensityFit>;
  /** dE/dR of a ground state of this engine: [atoms, 3], hartree/bohr. */
  gradient(state: GroundState, options?: RunOptions): Promise<Float64Array>;
  /** Builds the Hamiltonian of a density and diagonalises it once. Throws `unsupported` where `can` says so. */
  oneShot(density: AtomCentredDensity, options?: OneShotOptions): Promise<OneShotEnergy>;
  /** Ends what it started, such as the other program. */
  close(): Promise<void>;
}

/** What the occupation of a diagonalisation hands out: its state without what only an SCF needs. */
export function orbitalState({ channels, densities, orbitals, entropyEnergy }: OrbitalOccupation): OrbitalState {
  return { channels, densities, orbitals, ...(entropyEnergy === undefined ? {} : { entropyEnergy }) };
}
