/** The interface of whatever solves Kohn–Sham: brine's own code, or another program in a subprocess. */
import type { EnergyComponents, FitQuality } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { LevelOfTheory } from "../level.js";
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import type { Structure } from "../structure/structure.js";

export interface GroundState {
  readonly structure: Structure;
  readonly energy: number;
  readonly components: EnergyComponents;
  /** e·bohr, about the coordinate origin, nuclei included; a periodic structure has none. */
  readonly dipole?: readonly [number, number, number];
  /** hartree, ascending; with `orbitals` and `occupied` those of spin α in open shells. */
  readonly orbitalEnergies: Float64Array;
  /** [functions, orbitals]: CᵀSC = 1. */
  readonly orbitals: Matrix;
  readonly occupied: number;
  /** Electrons in each orbital where they are smeared. */
  readonly occupations?: Float64Array;
  /** Both spins together; closed shell: D = 2 C_occ C_occᵀ. */
  readonly densityMatrix: Matrix;
  /** Open shells only. */
  readonly openShell?: OpenShellState;
  readonly iterations: number;
  readonly seconds: number;
}

export interface OpenShellState {
  /** Of spin β. */
  readonly orbitalEnergies: Float64Array;
  readonly orbitals: Matrix;
  readonly occupied: number;
  readonly occupations?: Float64Array;
  /** D_α − D_β */
  readonly spinDensityMatrix: Matrix;
  /** ⟨S²⟩; S(S + 1) for a pure spin state. */
  readonly spinSquared: number;
}

/** What one diagonalisation of F[ρ] gives (INTERFACE: `oneShot`, `energy`, `harrisFoulkes`). */
export interface OneShotEnergy {
  /** Best estimate: response-corrected where it exists, else `oneShot`. */
  readonly energy: number;
  /** E_KS of the output density matrix. */
  readonly oneShot: number;
  /** Present unless the correction was left out. */
  readonly response?: ResponseCorrection;
  readonly harrisFoulkes: number;
  readonly components: EnergyComponents;
  readonly dipole?: readonly [number, number, number];
  readonly homo: number;
  readonly lumo: number;
  /** Of the diagonalisation, where they were asked for. */
  readonly orbitals?: OneShotOrbitals;
  readonly seconds: number;
}

/** `densityMatrix` is the output density matrix, that of `oneShot` and `dipole`. */
export type OneShotOrbitals = Pick<GroundState, "orbitalEnergies" | "orbitals" | "occupied" | "densityMatrix">;

export interface GroundStateOptions extends RunOptions {
  /** The SCF of brine's own engine starts from this density instead of superposed atoms. */
  readonly guess?: AtomCentredDensity;
}

export interface OneShotOptions extends RunOptions {
  /** Whether to correct by linear response (true). */
  readonly response?: boolean;
  /** Whether to hand out the orbitals (false). */
  readonly orbitals?: boolean;
}

export interface ResponseCorrection {
  /** hartree; of molecules −½ rᵀK(r − δ). */
  readonly energy: number;
  /** Molecules only: c_in + δ, coefficients of the improved density in the RI-J basis. */
  readonly coefficients?: Float64Array;
  /** False when the linear range was left; then `energy` is not to be trusted. */
  readonly reliable: boolean;
}

/** What of a ground state its fit needs. */
export type ConvergedDensity = Pick<GroundState, "structure" | "densityMatrix" | "openShell">;

export interface DensityFit {
  readonly density: AtomCentredDensity;
  readonly quality: FitQuality;
  /** Open shells: coefficients of ρ_α − ρ_β in the same functions. */
  readonly spinCoefficients?: Float64Array;
}

export interface Engine {
  readonly level: LevelOfTheory;
  /** Throws `not-converged` when the SCF does not converge. */
  groundState(structure: Structure, options?: GroundStateOptions): Promise<GroundState>;
  /** Expands the density of a ground state on the auxiliary basis of the level, electron count exact. */
  fit(state: ConvergedDensity, options?: RunOptions): Promise<DensityFit>;
  /** dE/dR of a ground state: [atoms, 3], hartree/bohr. Not every engine has it. */
  gradient?(state: GroundState, options?: RunOptions): Promise<Float64Array>;
  /** Throws what `gradient` would throw for a structure, before its SCF. */
  checkGradient?(structure: Structure): void;
  oneShot(density: AtomCentredDensity, options?: OneShotOptions): Promise<OneShotEnergy>;
  close(): Promise<void>;
}
