/** What a report can show. Every part but the title may be missing; energies in hartree unless the name says otherwise, times in seconds. */
import type { CubeGrid } from "../io/cube.js";
import type { Structure } from "../structure/structure.js";

/**
 * What a report can show; every part but the title may be missing. Energies in hartree unless the name says
 * otherwise, times in seconds.
 */
export interface ReportData {
  /** Its heading. */
  readonly title: string;
  /** Paragraphs in plain words: what was done, and what came out. */
  readonly summary?: readonly string[];
  /** What it was done with. */
  readonly settings?: readonly Setting[];
  /** Errors over all structures that were predicted. */
  readonly density?: DensityErrorFigures;
  /** Structures with what was predicted for them. */
  readonly predicted?: readonly PredictedStructure[];
  /** Structures that could not be predicted. */
  readonly failed?: readonly FailedStructure[];
  /** Errors against the number of training structures. */
  readonly learningCurve?: readonly LearningCurvePoint[];
  /** Where the time went. */
  readonly stages?: readonly Stage[];
  /** Densities to be looked at. */
  readonly views?: readonly DensityView[];
  /** What made the page: the version of brine and the command as it was typed. */
  readonly origin?: {
    /** Of brine. */
    readonly version: string;
    /** As it was typed. */
    readonly command: string;
  };
}

/** One line of the settings: `level of theory`, `pbe/def2-svp`, and what that is. */
export interface Setting {
  /** What is set. */
  readonly name: string;
  /** To what. */
  readonly value: string;
  /** What that is. */
  readonly note?: string;
}

/** Per cent, as defined in docs/conventions.md. */
export interface DensityErrorFigures {
  /** In the overlap metric. */
  readonly rmsePercent?: number;
  /** In the Coulomb metric. */
  readonly coulombRmsePercent?: number;
  /** 100 × mean of ∫|ρ − ρ_fit|/N. */
  readonly maePercent?: number;
}

/** A structure whose reference is known, and how far the predictions are from it. */
export interface PredictedStructure {
  /** What people call it: a name, or its position in the input file. */
  readonly name: string;
  /** The atoms. */
  readonly structure: Structure;
  /** 100 ∫|ρ − ρ_fit| / N. */
  readonly maePercent?: number;
  /** The same of the density that the response correction gives. */
  readonly improvedMaePercent?: number;
  /** Converged energy of the reference calculation. */
  readonly energy?: number;
  /** Of its energy. */
  readonly errors?: EnergyErrorFigures;
  /** Of the self-consistent calculation. */
  readonly scfSeconds?: number;
  /** Of the predicted density. */
  readonly predictSeconds?: number;
  /** Of the energy from it. */
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
  /** What people call it. */
  readonly name: string;
  /** Why it failed. */
  readonly reason: string;
}

/** Errors of models that have learnt as many structures. */
export interface LearningCurvePoint {
  /** How many structures. */
  readonly train: number;
  /** In the overlap metric. */
  readonly rmsePercent?: Repeated;
  /** Mean absolute error of energies of one diagonalisation. */
  readonly oneShotMeVPerAtom?: Repeated;
  /** Mean absolute error of energies with their correction. */
  readonly correctedMeVPerAtom?: Repeated;
  /** Of a training. */
  readonly trainSeconds?: number;
}

/** A number from several repeats. */
export interface Repeated {
  /** Over the repeats. */
  readonly mean: number;
  /** Sample standard deviation; absent for one repeat. */
  readonly deviation?: number;
}

/** Stages may overlap: they are not added up. */
export interface Stage {
  /** What was done. */
  readonly name: string;
  /** How long it took. */
  readonly seconds: number;
  /** What it consists of. */
  readonly note?: string;
}

/** A structure with its predicted density on a regular grid, to be turned and looked at. */
export interface DensityView {
  /** What people call it. */
  readonly name: string;
  /** The atoms. */
  readonly structure: Structure;
  /** Its values are the predicted density, e/bohr³. */
  readonly predicted: CubeGrid;
  /** Predicted less reference, e/bohr³, on the same points. */
  readonly error?: Float64Array;
}
