/** What a report can show. Every part but the title may be missing; energies in hartree unless the name says otherwise, times in seconds. */
import type { CubeGrid } from "../io/cube.js";
import type { Structure } from "../structure/structure.js";

export interface ReportData {
  readonly title: string;
  /** Paragraphs in plain words: what was done, and what came out. */
  readonly summary?: readonly string[];
  readonly settings?: readonly Setting[];
  /** Errors over all structures that were predicted. */
  readonly density?: DensityErrorFigures;
  readonly predicted?: readonly PredictedStructure[];
  readonly failed?: readonly FailedStructure[];
  readonly learningCurve?: readonly LearningCurvePoint[];
  readonly stages?: readonly Stage[];
  readonly views?: readonly DensityView[];
  /** What made the page: the version of brine and the command as it was typed. */
  readonly origin?: { readonly version: string; readonly command: string };
}

/** One line of the settings: `level of theory`, `pbe/def2-svp`, and what that is. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

/** Per cent, as defined in docs/conventions.md. */
export interface DensityErrorFigures {
  readonly rmsePercent?: number;
  readonly coulombRmsePercent?: number;
  readonly maePercent?: number;
}

/** A structure whose reference is known, and how far the predictions are from it. */
export interface PredictedStructure {
  /** What people call it: a name, or its position in the input file. */
  readonly name: string;
  readonly structure: Structure;
  /** 100 ∫|ρ − ρ_fit| / N. */
  readonly maePercent?: number;
  /** The same of the density that the response correction gives. */
  readonly improvedMaePercent?: number;
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
  /** The same with its response correction; absent when that was left out. */
  readonly corrected?: number;
  /** The best estimate from the reference's own fitted density. */
  readonly fitFloor?: number;
}

/** A structure that could not be predicted, and why. */
export interface FailedStructure {
  readonly name: string;
  readonly reason: string;
}

export interface LearningCurvePoint {
  readonly train: number;
  readonly rmsePercent?: Repeated;
  /** Mean absolute errors, meV/atom. */
  readonly oneShotMeVPerAtom?: Repeated;
  readonly correctedMeVPerAtom?: Repeated;
  readonly trainSeconds?: number;
}

/** A number from several repeats. */
export interface Repeated {
  readonly mean: number;
  /** Sample standard deviation; absent for one repeat. */
  readonly deviation?: number;
}

/** Stages may overlap: they are not added up. */
export interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly note?: string;
}

/** A structure with its predicted density on a regular grid, to be turned and looked at. */
export interface DensityView {
  readonly name: string;
  readonly structure: Structure;
  /** Its values are the predicted density, e/bohr³. */
  readonly predicted: CubeGrid;
  /** Predicted less reference, e/bohr³, on the same points. */
  readonly error?: Float64Array;
}
