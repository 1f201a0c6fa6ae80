/** What a dataset holds: reference calculations, and the ones that failed. */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { LevelOfTheory } from "../level.js";
import type { Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";
import type { Labelled, Origin } from "./label.js";

/** hartree; they add up to the energy. */
export type EnergyComponents = MolecularComponents | PeriodicComponents;

/** Of all-electron molecules, and of molecules with pseudopotentials. */
export interface MolecularComponents {
  /** Tr D T. */
  readonly kinetic: number;
  /** Of the electrons with the nuclei, or with the pseudopotentials. */
  readonly external: number;
  /** Of the electrons with each other, ½ bᵀJ⁻¹b. */
  readonly hartree: number;
  /** With exact exchange where the functional has it. */
  readonly exchangeCorrelation: number;
  /** Of the nuclei, or of the cores of pseudopotentials. */
  readonly nuclearRepulsion: number;
  /** −TS of smeared occupations; absent without smearing. */
  readonly entropy?: number;
}

/** As CP2K divides the energy of Gaussians and plane waves. */
export interface PeriodicComponents {
  /** Kinetic energy, short-range local and non-local pseudopotentials. */
  readonly coreHamiltonian: number;
  /** Of electrons and core charges, the cores with themselves included. */
  readonly hartree: number;
  /** On the grid of the cell. */
  readonly exchangeCorrelation: number;
  /** Of the Gaussian core charges beyond that of point charges on the grid. */
  readonly coreOverlap: number;
  /** What `hartree` has of each core with itself, taken away. */
  readonly coreSelf: number;
  /** −TS of smeared occupations; absent without smearing. */
  readonly entropy?: number;
}

/** How well the auxiliary functions represent the density of the calculation. */
export interface FitQuality {
  /** Electrons of the fit before its count was constrained. */
  readonly electrons: number;
  /** ∫|ρ − ρ_fit| / N on the grid of the calculation. */
  readonly absoluteErrorPerElectron?: number;
  /** (ρ − ρ_fit | ρ − ρ_fit)/2, hartree. */
  readonly selfRepulsion?: number;
}

/** A reference calculation: energy and fitted density of a structure at a level. */
export interface Reference {
  /** The structure. */
  readonly structure: Structure;
  /** The level of the calculation. */
  readonly level: LevelOfTheory;
  /** hartree; absent for densities that were imported without one. */
  readonly energy?: number;
  /** What the energy is the sum of. */
  readonly components?: EnergyComponents;
  /** e·bohr, origin at the coordinate origin. */
  readonly dipole?: readonly [number, number, number];
  /** The density on the auxiliary basis of the level, electron count exact. */
  readonly density: AtomCentredDensity;
  /** How well it was fitted; absent for imported coefficients. */
  readonly fit?: FitQuality;
  /** Open shells: coefficients of ρ_α − ρ_β in the functions of the density. */
  readonly spinCoefficients?: Float64Array;
  /** Open shells: ⟨S²⟩. */
  readonly spinSquared?: number;
  /** Kept on request: the converged density matrix. */
  readonly densityMatrix?: Matrix;
  /** Of the SCF. */
  readonly iterations?: number;
  /** That SCF and fit took. */
  readonly seconds?: number;
}

/** A structure whose calculation failed, and why. */
export interface Failure {
  /** The structure. */
  readonly structure: Structure;
  /** The level of the calculation. */
  readonly level: LevelOfTheory;
  /** The message of the error. */
  readonly reason: string;
}

/** What a dataset holds of one structure at one level: a reference, or why there is none. */
export type DatasetRecord = FinishedRecord | FailedRecord;

/** A reference with its place in the dataset. */
export interface FinishedRecord extends Place, Reference {
  /** A reference is there. */
  readonly state: "done";
}

/** A failure with its place in the dataset. */
export interface FailedRecord extends Place, Failure {
  /** There is none. */
  readonly state: "failed";
}

/** Where a record stands in its dataset. */
export interface Place extends Labelled {
  /** For `Dataset.get`. */
  readonly id: number;
}

/** A record that is there. */
export interface FoundRecord {
  /** For `Dataset.get`. */
  readonly id: number;
  /** Whether its density matrix was kept. */
  readonly orbitals: boolean;
}

/** Records of one or several levels. The memory form is in `memory-dataset.ts`, the file form in `node/`. */
export interface Dataset {
  /** The levels in the file, in the order of their first record. */
  levels(): LevelOfTheory[];
  /** Adds a record, replacing a failure of the same structure and level; one commit. Returns its id. */
  put(origin: Origin, record: Reference | Failure): number;
  /** The record of this id, with its density matrix where it was kept. Throws `input` when there is none. */
  get(id: number): DatasetRecord;
  /** All finished records by file and position, without density matrices: those are for `get`, one by one. */
  finished(): Omit<FinishedRecord, "densityMatrix">[];
  /** Ids by file and position, of finished records only unless `failed` asks for the others. */
  ids(options?: { failed?: boolean }): number[];
  /** The finished record of the structure at this level (numerics left out), if it is there. */
  find(structure: Structure, level: LevelOfTheory): FoundRecord | undefined;
  /** Closes the file; nothing of the dataset can be used afterwards. */
  close(): void;
}
