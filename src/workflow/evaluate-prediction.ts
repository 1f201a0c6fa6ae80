/** Predicts a structure whose reference is known, and tells what is wrong with the prediction. */
import type { Reference } from "../dataset/record.js";
import { densityDeviation, type DensityDeviation } from "../density/errors.js";
import type { Engine } from "../engine/engine.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import { metricError, type ExpectedError } from "./calibration.js";
import { evaluateStructure, type EvaluateOptions, type StructureErrors } from "./evaluate-structure.js";

/** All errors of one prediction. */
export interface PredictionErrors extends StructureErrors {
  /** What the structure adds to the sums of errors. */
  readonly deviation: DensityDeviation;
  /** Of models with a committee: in the metric of the loss. */
  readonly uncertainty?: ExpectedError;
  /** Seconds that the prediction of the density took. */
  readonly predictSeconds: number;
}

/** `engine` must be at the level of the reference. */
export async function evaluatePrediction(
  engine: Engine,
  model: DensityModel,
  reference: Reference,
  options: EvaluateOptions,
): Promise<PredictionErrors> {
  const start = performance.now();
  const prediction = await model.predict(reference.structure, options);
  const predictSeconds = (performance.now() - start) / 1000;
  const { density } = reference;
  const uncertainty = prediction.uncertainty && {
    expected: prediction.uncertainty.error,
    error: metricError(prediction, density, model.settings.lossMetric),
  };
  return {
    ...(await evaluateStructure(engine, prediction.density, reference, options)),
    deviation: densityDeviation(model.averages, prediction, density),
    ...(uncertainty ? { uncertainty } : {}),
    predictSeconds,
  };
}
