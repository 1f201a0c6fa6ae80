/**
 * Errors of predicted coefficients relative to what there is to learn (SALTED's % RMSE):
 *
 *   100 √( Σ_A Δcᵀ M Δc / Σ_A δcᵀ M δc ),   Δc = c − c_ref,  δc = c_ref − c̄,  M = S or J,
 *
 * c̄ the averages of the training set. Errors are of the density with its electron count mended; those "unmended" are
 * of the density as it was learnt, which is what SALTED measures, and the fair number where the references' own count
 * is off.
 */
import { placeBasis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
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
  /** Largest |electrons before mending − electrons of the structure|. */
  readonly electronCountMaxError: number;
}

/** Sums of errors over structures. */
export interface DensityErrorSums {
  /** Adds one structure. `electrons` and `unmended`: electrons and coefficients before the count was mended. */
  add(
    prediction: { readonly density: AtomCentredDensity; readonly electrons: number; readonly unmended: Float64Array },
    reference: AtomCentredDensity,
  ): void;
  /** The errors of all structures added so far. */
  result(): DensityErrors;
}

/** Sums over structures; `averages` are those of the training set of the model. */
export function densityErrors(averages: Averages): DensityErrorSums {
  const error = { overlap: 0, coulomb: 0 };
  const errorUnmended = { overlap: 0, coulomb: 0 };
  const spread = { overlap: 0, coulomb: 0 };
  let worstCount = 0;
  return {
    add({ density, electrons, unmended }, reference) {
      const { structure, basis, nuclearCharges } = reference;
      if (density.coefficients.length !== reference.coefficients.length)
        throw new BrineError(
          "mismatch",
          `${density.coefficients.length} predicted coefficients but ${reference.coefficients.length} of the reference`,
        );
      const baseline = baselineCoefficients(averages, basis, structure);
      const delta = difference(density.coefficients, reference.coefficients);
      const deltaUnmended = difference(unmended, reference.coefficients);
      const deviation = difference(reference.coefficients, baseline);
      const placed = placeBasis(basis, structure);
      for (const name of ["overlap", "coulomb"] as const) {
        const metric = metricMatrix(name, placed, structure);
        error[name] += quadraticForm(metric, delta);
        errorUnmended[name] += quadraticForm(metric, deltaUnmended);
        spread[name] += quadraticForm(metric, deviation);
      }
      worstCount = Math.max(worstCount, Math.abs(electrons - electronCount(structure, nuclearCharges)));
    },
    result: () => ({
      rmsePercent: relative(error.overlap, spread.overlap),
      coulombRmsePercent: relative(error.coulomb, spread.coulomb),
      rmsePercentUnmended: relative(errorUnmended.overlap, spread.overlap),
      coulombRmsePercentUnmended: relative(errorUnmended.coulomb, spread.coulomb),
      electronCountMaxError: worstCount,
    }),
  };
}

/** xᵀ M x. */
export function quadraticForm(metric: Matrix, x: Float64Array): number {
  return dot(x, gemv(false, metric, x));
}

function relative(error: number, spread: number): number | null {
  return spread > 0 ? 100 * Math.sqrt(Math.max(error, 0) / spread) : null;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]);
}
