/** What the report of the demo shows. */
import type { ReportData } from "../report/report-data.js";
import type { RunOptions } from "../run.js";
import { DEMO_TEMPERATURES, type DemoResult } from "./demo.js";
import { densityViews } from "./density-views.js";
import { meanPoint } from "./learning-curve.js";
import { curvePoint, densityFigures, failedStructures, modelSettings, predictedStructure } from "./report-parts.js";

export async function demoReport(result: DemoResult, options: RunOptions): Promise<ReportData> {
  const { model, training, validation, validated, references, seconds } = result;
  const curveSeconds = seconds - references.seconds - training.seconds - validation.seconds;
  return {
    title: "brine: the whole job on ethanol",
    summary: [
      `${result.structures.length} ethanol molecules, distorted as heat of ${DEMO_TEMPERATURES[0]} to ${DEMO_TEMPERATURES[1]} K would, were made from one equilibrium geometry. For each the electron density was computed with density functional theory and written as a sum of functions on the atoms.`,
      `A model learned the densities of ${training.structures} of them and predicted the other ${validated.length}. Each predicted density gives an energy from a single diagonalisation; a converged calculation repeats it until nothing changes any more.`,
    ],
    settings: modelSettings(model),
    density: densityFigures(validation),
    predicted: validated.map(predictedStructure),
    failed: failedStructures(validation.failed),
    learningCurve: result.curve.map((point) => curvePoint(meanPoint([point]))),
    stages: [
      {
        name: "reference calculations",
        seconds: references.seconds,
        note: `${references.added} computed, ${references.skipped} kept from before`,
      },
      { name: "training", seconds: training.seconds, note: `${training.iterations} iterations` },
      {
        name: "validation",
        seconds: validation.seconds,
        note: `${validation.structures} molecules: densities, energies, fit floor, superposed atoms`,
      },
      {
        name: "learning curve",
        seconds: curveSeconds,
        note: `${result.curve.length - 1} smaller models, trained and validated`,
      },
    ],
    views: await densityViews(model, validated, options),
  };
}
