/** What a report can show. Every part but the title may be missing; energies in hartree, times in seconds. */
import type { Structure } from "../structure/structure.js";

export interface ReportData {
  readonly title: string;
  /** Paragraphs in plain words: what was done, and what came out. */
  readonly summary?: readonly string[];
  readonly settings?: readonly Setting[];
  /** Errors over all structures that were not trained on. */
  readonly density?: DensityErrorFigures;
  readonly heldOut?: readonly HeldOutStructure[];
  readonly learningCurve?: readonly LearningCurvePoint[];
  readonly stages?: readonly Stage[];
  readonly molecule?: MoleculeView;
  /** Last line of the page: version, command, date. */
  readonly origin?: string;
}

/** One line of the table of settings: `level`, `PBE/def2-SVP`. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** Per cent, as defined in docs/conventions.md. */
export interface DensityErrorFigures {
  readonly rmsePercent?: number;
  readonly coulombRmsePercent?: number;
  readonly maePercent?: number;
}

export interface HeldOutStructure {
  /** Position in the input file. */
  readonly index: number;
  readonly name: string;
  readonly atoms: number;
  /** 100 ∫|ρ − ρ_fit| / N. */
  readonly maePercent?: number;
  /** Converged energy of the reference calculation. */
  readonly energy?: number;
  readonly errors?: EnergyErrorFigures;
  /** Seconds of the self-consistent calculation, of the predicted density, and of the energy from it. */
  readonly scfSeconds?: number;
  readonly predictSeconds?: number;
  readonly energySeconds?: number;
}

/** Signed errors of the energy of one structure: estimate less the converged energy. */
export interface EnergyErrorFigures {
  /** One diagonalisation from superposed atomic densities. */
  readonly superposedAtoms?: number;
  /** One diagonalisation from the predicted density. */
  readonly oneShot?: number;
  /** The same with its response correction. */
  readonly corrected?: number;
  /** From the reference's own fitted density. */
  readonly fitFloor?: number;
}

export interface LearningCurvePoint {
  readonly train: number;
  readonly rmsePercent?: number;
  /** Mean absolute errors per atom. */
  readonly energyMaePerAtom?: number;
  readonly oneShotMaePerAtom?: number;
}

/** Stages may overlap: they are not added up. */
export interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly note?: string;
}

/** One molecule with its predicted density on a uniform grid, to be turned and looked at. */
export interface MoleculeView {
  readonly name: string;
  readonly structure: Structure;
  readonly grid: ViewGrid;
  /** e/bohr³, [counts[0], counts[1], counts[2]], the last index fastest. */
  readonly predicted: Float64Array;
  /** Predicted less reference, in the same layout. */
  readonly error?: Float64Array;
}

/** Axis-parallel grid, bohr. */
export interface ViewGrid {
  readonly origin: readonly [number, number, number];
  readonly spacing: number;
  readonly counts: readonly [number, number, number];
}
