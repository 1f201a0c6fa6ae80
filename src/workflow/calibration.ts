/** Do the uncertainties of a model tell its errors? Both as √(ΔcᵀMΔc) in the metric of its loss. */
import { placeBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { quadraticForm } from "../density/errors.js";
import { metricMatrix } from "../density/metric.js";
import type { MetricName } from "../level.js";
import type { Prediction } from "../model/prediction/density-model.js";

const FEWEST_RANKED = 10;

/** How well uncertainties tell errors. */
export interface Calibration {
  /** Rank correlation of uncertainty and error over structures: 1 when the order is right. Null for fewer than ten: mostly chance. */
  readonly spearman: number | null;
  /** Root mean square error / root mean square uncertainty: above 1 where the model is too sure. */
  readonly ratio: number | null;
}

/** The error that a model expected of one prediction, and the true one. */
export interface ExpectedError {
  /** √(ΔcᵀMΔc) as the committee expects it. */
  readonly expected: number;
  /** √(ΔcᵀMΔc) against the reference. */
  readonly error: number;
}

/** Error of one prediction. */
export function metricError(prediction: Prediction, reference: AtomCentredDensity, metric: MetricName): number {
  const delta = prediction.density.coefficients.map((value, p) => value - reference.coefficients[p]);
  const matrix = metricMatrix(metric, placeBasis(reference.basis, reference.structure), reference.structure);
  return Math.sqrt(Math.max(quadraticForm(matrix, delta), 0));
}

/** From the uncertainty and the error of each structure. */
export function calibration(pairs: readonly ExpectedError[]): Calibration {
  const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
  const expected = pairs.map((pair) => pair.expected);
  const errors = pairs.map((pair) => pair.error);
  const spread = squares(expected);
  return {
    spearman: pairs.length < FEWEST_RANKED ? null : correlation(ranks(expected), ranks(errors)),
    ratio: spread > 0 ? Math.sqrt(squares(errors) / spread) : null,
  };
}

/** Ranks from 0; equal values share their mean rank. */
function ranks(values: readonly number[]): number[] {
  return values.map(
    (value) =>
      values.filter((other) => other < value).length + (values.filter((other) => other === value).length - 1) / 2,
  );
}

function correlation(x: readonly number[], y: readonly number[]): number | null {
  const mean = (x.length - 1) / 2;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  x.forEach((value, i) => {
    xy += (value - mean) * (y[i] - mean);
    xx += (value - mean) ** 2;
    yy += (y[i] - mean) ** 2;
  });
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}
