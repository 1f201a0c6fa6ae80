/** Densities of new structures. */
import { modelHandle, type SharedModel } from "../model/file/shared-model.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import type { RunOptions } from "../run.js";
import { forEachStructure, type Failed, type LabelledStructure } from "./each-structure.js";
import type { Predicted, PredictTask } from "./tasks.js";

/** A prediction with its structure. */
export type StructurePrediction = LabelledStructure & Predicted;

/** What is wanted beside the densities. */
export type PredictOptions = RunOptions & Pick<PredictTask, "diagonalise">;

/** Each prediction is handed to `onPrediction` as it comes and not kept; structures that the model refuses come back. */
export function predictions(
  model: DensityModel | SharedModel,
  structures: readonly LabelledStructure[],
  onPrediction: (found: StructurePrediction) => unknown,
  { diagonalise, ...options }: PredictOptions = {},
): Promise<Failed[]> {
  const task = { model: modelHandle(model, options.pool !== undefined), ...(diagonalise ? { diagonalise } : {}) };
  return forEachStructure(
    "predict",
    structures.map((context) => ({ context, input: () => ({ ...task, structure: context.structure }) })),
    (predicted, labelled) => onPrediction({ ...labelled, ...predicted }),
    { ...options, stage: "densities" },
  );
}
