/** What the report of a validation shows. */
import { levelName } from "../level.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import type { ReportData, Stage } from "../report/report-data.js";
import type { RunOptions } from "../run.js";
import { densityViews } from "./density-views.js";
import { densityFigures, failedStructures, modelSettings, predictedStructure } from "./report-parts.js";
import type { Validated, ValidationSummary } from "./validate.js";

/** A validation, as its report needs it. */
export interface ValidationResult {
  /** The model. */
  readonly model: DensityModel;
  /** Errors of the model. */
  readonly summary: ValidationSummary;
  /** Those of each structure. */
  readonly structures: readonly Validated[];
  /** What people call the model. */
  readonly modelName: string;
  /** What people call the dataset. */
  readonly datasetName: string;
  /** How many of the structures the model was trained on. */
  readonly trainedOn: number;
}

/** What the report of a validation shows. Predicts some of the densities again, for the view of them. */
export async function validationReport(result: ValidationResult, options: RunOptions): Promise<ReportData> {
  const { model, summary, structures, modelName, datasetName, trainedOn } = result;
  const known =
    trainedOn === 0
      ? "none of which it was trained on"
      : `${trainedOn} of which it was trained on: their errors say nothing about new structures`;
  return {
    title: `How well ${modelName} predicts ${datasetName}`,
    summary: [
      `The model, which learned electron densities at ${levelName(model.level)}, predicted those of ${summary.structures} structures, ${known}. Here they are compared with the densities${summary.energy ? " and energies" : ""} of converged calculations.`,
    ],
    density: densityFigures(summary),
    predicted: structures.map(predictedStructure),
    failed: failedStructures(summary.failed),
    views: await densityViews(model, structures, options),
    stages: validationStages(summary, structures),
    settings: modelSettings(model),
  };
}

function validationStages({ seconds }: ValidationSummary, structures: readonly Validated[]): Stage[] {
  const sum = (of: (one: Validated) => number): number => structures.reduce((total, one) => total + of(one), 0);
  const energies = sum(({ errors }) => errors.energySeconds ?? 0);
  return [
    { name: "all", seconds, note: "by the clock, comparison with the references included" },
    {
      name: "densities",
      seconds: sum(({ errors }) => errors.predictSeconds),
      note: "added up; several run at a time",
    },
    ...(energies > 0 ? [{ name: "energies", seconds: energies, note: "added up; several run at a time" }] : []),
  ];
}
