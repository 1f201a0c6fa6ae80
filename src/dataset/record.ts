/** What a dataset holds: reference calculations, and the ones that failed. */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { LevelOfTheory } from "../level.js";
import type { Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";
import type { Labelled, Origin } from "./label.js";

/** hartree; they add up to the energy. */
export type EnergyComponents = MolecularComponents | PeriodicComponents;

export interface MolecularComponents {
  readonly kinetic: number;
  readonly external: number;
  readonly hartree: number;
  readonly exchangeCorrelation: number;
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
  readonly exchangeCorrelation: number;
  readonly coreOverlap: number;
  readonly coreSelf: number;
  /** −TS of smeared occupations; absent without smearing. */
  readonly entropy?: number;
}

/** How well the auxiliary functions represent the density of the calculation. */
export interface FitQuality {
  /** Electrons of the fit before its count was mended. */
  readonly electrons: number;
  /** ∫|ρ − ρ_fit| / N on the grid of the calculation. */
  readonly absoluteErrorPerElectron?: number;
  /** (ρ − ρ_fit | ρ − ρ_fit)/2, hartree. */
  readonly selfRepulsion?: number;
}

export interface Reference {
  readonly structure: Structure;
  readonly level: LevelOfTheory;
  /** hartree; absent for densities that were imported without one. */
  readonly energy?: number;
  readonly components?: EnergyComponents;
  /** e·bohr, origin at the coordinate origin. */
  readonly dipole?: readonly [number, number, number];
  readonly density: AtomCentredDensity;
  readonly fit?: FitQuality;
  /** Open shells: coefficients of ρ_α − ρ_β in the functions of the density. */
  readonly spinCoefficients?: Float64Array;
  /** Open shells: ⟨S²⟩. */
  readonly spinSquared?: number;
  /** Kept on request: the converged density matrix. */
  readonly densityMatrix?: Matrix;
  readonly iterations?: number;
  readonly seconds?: number;
}

/** A structure whose calculation failed, and why. */
export interface Failure {
  readonly structure: Structure;
  readonly level: LevelOfTheory;
  readonly reason: string;
}

export type DatasetRecord = FinishedRecord | ({ readonly state: "failed" } & Place & Failure);

export type FinishedRecord = { readonly state: "done" } & Place & Reference;

interface Place extends Labelled {
  readonly id: number;
}

export interface FoundRecord {
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
  get(id: number): DatasetRecord;
  /** All finished records by file and position, without density matrices: those are for `get`, one by one. */
  finished(): Omit<FinishedRecord, "densityMatrix">[];
  /** Ids by file and position, of finished records only unless `failed` asks for the others. */
  ids(options?: { failed?: boolean }): number[];
  /** The finished record of the structure at this level (numerics left out), if it is there. */
  find(structure: Structure, level: LevelOfTheory): FoundRecord | undefined;
  close(): void;
}
