/** `brine validate`: errors of a model on structures that it has not seen. */
import { basename } from "node:path";
import type { Command } from "commander";
import { chooseByLabel } from "../dataset/label.js";
import { finishedReferences } from "../workflow/training-set.js";
import { validationReport } from "../workflow/validation-report.js";
import { validate, type ValidationSummary } from "../workflow/validate.js";
import { reportFailures } from "./failures.js";
import type { Frame } from "./frame.js";
import { atomCount } from "../structure/structure.js";
import { addWorkerOption, poolFor, type WorkerOptions, readDataset } from "./inputs.js";
import { openModel } from "./model-input.js";
import { labels } from "./options.js";
import { checkReport, writeSignedReport } from "./report-file.js";
import { listing } from "./table.js";

interface Options extends WorkerOptions {
  readonly energies?: boolean;
  readonly response: boolean;
  readonly indices?: readonly string[];
  readonly out?: string;
}

/** Densities of fewer atoms are compared in this thread: starting others takes longer. */
const FEW_ATOMS = 300;

export function register(command: Command, frame: Frame): void {
  command
    .argument("<model>", "path or bundled name")
    .argument("<dataset>")
    .option("--energies", "one-shot energies too, beside the fit floor and superposed atoms")
    .option("--no-response", "leave the response correction of the energies out")
    .option(
      "--indices <list>",
      "these structures, trained on or not: 0,7-12,water.xyz:3,key:3fa9c1",
      labels("--indices"),
    )
    .option("--out <report>", "write figures, tables and densities as a page too, .html");
  addWorkerOption(command).action(
    frame.action<Options>(async (context, modelName, path) => {
      const { options, runOptions, print, use, note } = context;
      if (options.out !== undefined) checkReport(options.out, [modelName, path]);
      const model = openModel(modelName);
      const all = finishedReferences(use(readDataset(path)));
      const seen = new Set(model.trainingKeys);
      const chosen = options.indices ? chooseByLabel(all, options.indices) : all.filter(({ key }) => !seen.has(key));
      const trainedOn = chosen.filter(({ key }) => seen.has(key)).length;
      if (trainedOn > 0)
        note(`${trainedOn} of ${chosen.length} were trained on: their errors say nothing about new structures`);
      const energies = options.energies ? "bounds" : "none";
      const atoms = chosen.reduce((sum, { reference }) => sum + atomCount(reference.structure), 0);
      const pool = energies === "none" && atoms < FEW_ATOMS ? undefined : use(poolFor(options, chosen.length));
      const { summary, structures } = await validate(model, chosen, {
        ...runOptions,
        ...(pool ? { pool } : {}),
        energies,
        response: options.response,
      });
      const failed = reportFailures(context, summary.failed);
      const out = options.out === undefined ? {} : { out: options.out };
      print({ ...summary, trainedOn, failed, ...out }, () => listing(summaryLines(summary)));
      if (options.out === undefined) return;
      const names = { modelName: basename(modelName), datasetName: basename(path) };
      const result = { model, summary, structures, ...names, trainedOn };
      await writeSignedReport(options.out, await validationReport(result, runOptions));
    }),
  );
}

/** The summary as name and value, for people. */
export function summaryLines({
  structures,
  density,
  energy,
  calibration,
}: ValidationSummary): [string, string | number][] {
  const percent = (value: number | null | undefined): string =>
    value === null || value === undefined ? "-" : `${value.toFixed(3)} %`;
  const meV = (value: number | undefined): string => (value === undefined ? "-" : `${value.toPrecision(3)} meV/atom`);
  const lines: [string, string | number][] = [
    ["structures", structures],
    ["density % RMSE (overlap)", percent(density.rmsePercent)],
    ["density % RMSE (coulomb)", percent(density.coulombRmsePercent)],
    ["density % MAE", percent(density.maePercent)],
    ["density % MAE against SCF", percent(density.maePercentVsScf)],
    ["largest error of the electron count", density.electronCountMaxError.toExponential(1)],
  ];
  if (calibration)
    lines.push([
      "uncertainty: rank correlation, error/expected",
      `${calibration.spearman?.toFixed(3) ?? "-"}, ${calibration.ratio?.toFixed(2) ?? "-"}`,
    ]);
  if (!energy) return lines;
  return [
    ...lines,
    ["energy MAE", `${meV(energy.maeMeVPerAtom)} (${energy.maeKcalPerMol.toPrecision(3)} kcal/mol)`],
    [
      "one diagonalisation, uncorrected",
      `${meV(energy.oneShotMaeMeVPerAtom)} (${energy.oneShotMaeKcalPerMol.toPrecision(3)} kcal/mol)`,
    ],
    ["Harris-Foulkes", meV(energy.harrisFoulkesMaeMeVPerAtom)],
    ["density % MAE after the response", percent(energy.improvedDensityMaePercent)],
    ["fit floor", meV(energy.fitFloorMaeMeVPerAtom)],
    ["superposed atoms", meV(energy.superposedAtomsMaeMeVPerAtom)],
    ["outside the linear range", energy.outsideLinearRange],
  ];
}
