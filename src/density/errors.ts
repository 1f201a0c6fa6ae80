/**
 * Errors of predicted coefficients relative to what there is to learn (SALTED's % RMSE):
 *
 *   100 √( Σ_A Δcᵀ M Δc / Σ_A δcᵀ M δc ),   Δc = c − c_ref,  δc = c_ref − c̄,  M = S or J,
 *
 * c̄ the averages of the training set. Errors are of the density with its electron count constrained; those "unconstrained" are
 * of the density as it was learnt, which is what SALTED measures, and the fair number where the references' own count
 * is off.
 */
import { placeBasis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import type { MetricName } from "../level.js";
import { electronCount } from "../structure/structure.js";
import { gemv } from "../math/linear-algebra.js";
import { dot, type Matrix } from "../math/matrix.js";
import type { AtomCentredDensity } from "./atom-centred.js";
import { baselineCoefficients, type Averages } from "./averages.js";
import { metricMatrix } from "./metric.js";

/** Relative errors of predicted densities, % RMSE; 100 is no better than the averages of the training set. */
export interface DensityErrors {
  /** In the overlap metric. Null when the references do not differ from the averages. */
  readonly rmsePercent: number | null;
  /** In the Coulomb metric. */
  readonly coulombRmsePercent: number | null;
  /** In the overlap metric, before the electron count was corrected: SALTED's % RMSE. */
  readonly rmsePercentUnmended: number | null;
  /** In the Coulomb metric, before the electron count was corrected. */
  readonly coulombRmsePercentUnmended: number | null;
  /** Largest |electrons before it is constrained − electrons of the structure|. */
  readonly electronCountMaxError: number;
}

/** A density as it was predicted, and before its electron count was constrained. */
export interface PredictedDensity {
  /** With exactly the electrons of the structure. */
  readonly density: AtomCentredDensity;
  /** Electrons before the count was constrained. */
  readonly electrons: number;
  /** Coefficients before the count was constrained. */
  readonly unconstrained: Float64Array;
}

/** A number for each metric. */
export type MetricValues = Readonly<Record<MetricName, number>>;

/** What one structure adds to the sums: ΔcᵀMΔc, constrained and not, and δcᵀMδc. */
export interface DensityDeviation {
  /** ΔcᵀMΔc. */
  readonly error: MetricValues;
  /** ΔcᵀMΔc before the count was constrained. */
  readonly errorUnconstrained: MetricValues;
  /** δcᵀMδc. */
  readonly spread: MetricValues;
  /** |electrons before it is constrained − electrons of the structure|. */
  readonly electrons: number;
}

/** Of one structure; `averages` are those of the training set of the model. Throws `mismatch` for other functions. */
export function densityDeviation(
  averages: Averages,
  { density, electrons, unconstrained }: PredictedDensity,
  reference: AtomCentredDensity,
): DensityDeviation {
  const { structure, basis, nuclearCharges } = reference;
  if (density.coefficients.length !== reference.coefficients.length)
    throw new BrineError(
      "mismatch",
      `${density.coefficients.length} predicted coefficients but ${reference.coefficients.length} of the reference`,
    );
  const placed = placeBasis(basis, structure);
  const metrics = {
    overlap: metricMatrix("overlap", placed, structure),
    coulomb: metricMatrix("coulomb", placed, structure),
  };
  const squared = (delta: Float64Array): MetricValues => ({
    overlap: quadraticForm(metrics.overlap, delta),
    coulomb: quadraticForm(metrics.coulomb, delta),
  });
  return {
    error: squared(difference(density.coefficients, reference.coefficients)),
    errorUnconstrained: squared(difference(unconstrained, reference.coefficients)),
    spread: squared(difference(reference.coefficients, baselineCoefficients(averages, basis, structure))),
    electrons: Math.abs(electrons - electronCount(structure, nuclearCharges)),
  };
}

/** The errors over several structures. */
export function meanDensityErrors(deviations: readonly DensityDeviation[]): DensityErrors {
  const percent = (error: "error" | "errorUnconstrained", metric: MetricName): number | null => {
    const sum = (of: "error" | "errorUnconstrained" | "spread"): number =>
      deviations.reduce((total, deviation) => total + deviation[of][metric], 0);
    return sum("spread") > 0 ? 100 * Math.sqrt(Math.max(sum(error), 0) / sum("spread")) : null;
  };
  return {
    rmsePercent: percent("error", "overlap"),
    coulombRmsePercent: percent("error", "coulomb"),
    rmsePercentUnmended: percent("errorUnconstrained", "overlap"),
    coulombRmsePercentUnmended: percent("errorUnconstrained", "coulomb"),
    electronCountMaxError: deviations.reduce((most, { electrons }) => Math.max(most, electrons), 0),
  };
}

/** Sums of errors over structures. */
export interface DensityErrorSums {
  /** Adds one structure. */
  add(prediction: PredictedDensity, reference: AtomCentredDensity): void;
  /** The errors of all structures added so far. */
  result(): DensityErrors;
}

/** Sums over structures; `averages` are those of the training set of the model. */
export function densityErrors(averages: Averages): DensityErrorSums {
  const deviations: DensityDeviation[] = [];
  return {
    add: (prediction, reference) => void deviations.push(densityDeviation(averages, prediction, reference)),
    result: () => meanDensityErrors(deviations),
  };
}

/** xᵀ M x. */
export function quadraticForm(metric: Matrix, x: Float64Array): number {
  return dot(x, gemv(false, metric, x));
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]);
}
