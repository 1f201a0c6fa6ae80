/** What a trained model consists of, and what it says about a structure. */
import type { AtomCentredDensity } from "../../density/atom-centred.js";
import type { Averages } from "../../density/averages.js";
import type { Environment } from "../../descriptor/environment.js";
import type { LevelOfTheory } from "../../level.js";
import type { Matrix } from "../../math/matrix.js";
import type { TrainSettings } from "../settings.js";
import type { TrainSummary } from "../summary.js";
import type { FeatureRecipe } from "./environment-features.js";

/** The members of a committee, as deviations from the model. */
export interface CommitteeWeights {
  /** Error over spread on held-out structures. */
  readonly factor: number;
  /** For each member by block key: deviations of b, [M (2λ + 1), channels]. */
  readonly members: readonly ReadonlyMap<string, Matrix>[];
}

/**
 * How far the predicted density is expected to be off, in the metric of the loss (atomic units: √hartree in the
 * Coulomb metric).
 */
export interface Uncertainty {
  /** Expected √(ΔcᵀMΔc). */
  readonly error: number;
  /** 100 × error / √(δcᵀMδc), δc the predicted deviation from the averages: the expected % RMSE of this structure. */
  readonly percent: number;
  /** The expected error from the functions of each atom alone. */
  readonly atoms: Float64Array;
}

/** What a model says about a structure. */
export interface Prediction {
  /** With exactly the electrons of the structure. */
  readonly density: AtomCentredDensity;
  /** Electrons before the count was constrained. */
  readonly electrons: number;
  /** Coefficients before the count was constrained. */
  readonly unconstrained: Float64Array;
  /** Of models with a committee. */
  readonly uncertainty?: Uncertainty;
}

/** Everything a model consists of: what its file holds. */
export interface ModelContent {
  /** Of the references it has learnt. */
  readonly level: LevelOfTheory;
  /** What it was trained with. */
  readonly settings: TrainSettings;
  /** Without its times, so that the same training gives the same file. */
  readonly summary: Omit<TrainSummary, "seconds" | "stages">;
  /** Versions of brine and linear algebra; absent in files of older versions. */
  readonly madeBy?: {
    /** Version of brine. */
    readonly brine: string;
    /** Linear algebra: `wasm` or `openblas`. */
    readonly backend: string;
  };
  /** l = 0 coefficients that predictions are deviations from. */
  readonly averages: Averages;
  /** Z less core, by atomic number. */
  readonly nuclearCharges: Readonly<Record<number, number>>;
  /** How features of environments are made. */
  readonly recipe: FeatureRecipe;
  /** Sparse environments by atomic number. */
  readonly environments: Readonly<Record<number, readonly Environment[]>>;
  /** By block key: b, [M (2λ + 1), channels]. */
  readonly weights: ReadonlyMap<string, Matrix>;
  /** For uncertainties; absent without a committee. */
  readonly committee?: CommitteeWeights;
  /** Keys of the training structures. */
  readonly trainingKeys: readonly string[];
}
