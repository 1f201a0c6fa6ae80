/** `brine curve`: how the error falls with the number of training structures. */
import { basename } from "node:path";
import type { Command } from "commander";
import { ownScratchFolder } from "../node/scratch-files.js";
import { curveReport } from "../workflow/curve-report.js";
import { type CurvePoint, type MeanCurvePoint, repeatedCurve } from "../workflow/learning-curve.js";
import { finishedReferences } from "../workflow/training-set.js";
import { failureText } from "./failures.js";
import type { Frame } from "./frame.js";
import { addWorkerOption, poolFor, type WorkerOptions, readDataset } from "./inputs.js";
import { count } from "./options.js";
import { checkReport, writeSignedReport } from "./report-file.js";
import { table } from "./table.js";
import { trainingNotes } from "./training-notes.js";
import { addTrainingOptions, settingsFrom, type TrainingOptions } from "./training-options.js";

interface Options extends TrainingOptions, WorkerOptions {
  readonly sizes?: readonly number[];
  readonly repeats: number;
  readonly validation?: number;
  readonly energies?: boolean;
  readonly response: boolean;
  readonly out?: string;
}

export function register(command: Command, frame: Frame): void {
  command
    .argument("<dataset>", "made by brine reference or brine import")
    .option("--sizes <list>", "numbers of training structures: 50,100,200 (an eighth, a quarter, half, all)", sizes)
    .option("--repeats <n>", "train each size so often, on other structures", count("--repeats"), 1)
    .option("--validation <n>", "structures to validate on (a fifth of the dataset)", count("--validation"))
    .option("--energies", "one-shot energies too")
    .option("--no-response", "leave the response correction of the energies out")
    .option("--out <report>", "write the curve as a page too, .html");
  addTrainingOptions(addWorkerOption(command)).action(
    frame.action<Options>(async ({ options, runOptions, print, note, failed, use }, path) => {
      const settings = settingsFrom(options);
      if (options.out !== undefined) checkReport(options.out, [path]);
      const references = finishedReferences(use(readDataset(path)));
      const scratch = use(ownScratchFolder(path));
      const pool = use(poolFor(options, references.length));
      const start = performance.now();
      const plan = { sizes: options.sizes, held: options.validation, repeats: options.repeats };
      const curve = await repeatedCurve(references, plan, settings, {
        ...runOptions,
        pool,
        memory: options.memory,
        scratch: scratch.path,
        energies: options.energies ? "predicted" : "none",
        response: options.response,
        onPoint: (point, training) => [pointNote(point), ...trainingNotes(settings, training)].forEach(note),
      });
      const seconds = (performance.now() - start) / 1000;
      if (curve.points.some((point) => point.failed > 0)) failed();
      print({ dataset: path, ...curve, ...(options.out === undefined ? {} : { out: options.out }) }, () =>
        curveTable(curve.points),
      );
      if (options.out !== undefined)
        await writeSignedReport(
          options.out,
          curveReport(curve, references[0].reference.level, basename(path), seconds),
        );
    }),
  );
}

/** `50,100,200` → ascending numbers, each once. */
function sizes(text: string): number[] {
  return [...new Set(text.split(",").map((word) => count("--sizes", 1)(word)))].toSorted((a, b) => a - b);
}

/** The error of one model, and what it could not predict: small training sets may lack a species. */
function pointNote({ train, validation: { density, failed, structures } }: CurvePoint): string {
  const error = `${train} structures: ${density.rmsePercent?.toFixed(3) ?? "-"} % RMSE`;
  if (failed.length === 0) return error;
  return `${error}; ${failed.length} of ${structures} failed, ${failureText(failed[0])}`;
}

function curveTable(points: readonly MeanCurvePoint[]): string {
  const energies = points.some((point) => point.energyMaeMeVPerAtom !== undefined);
  const number = (value: number | null | undefined): string => value?.toPrecision(4) ?? "-";
  return table(
    [
      "structures",
      "% RMSE",
      "± over repeats",
      "% MAE",
      ...(energies ? ["energy meV/atom", "uncorrected meV/atom"] : []),
      "training / s",
    ],
    points.map((point) => [
      point.train,
      number(point.rmsePercent),
      number(point.rmsePercentDeviation),
      number(point.maePercent),
      ...(energies ? [number(point.energyMaeMeVPerAtom), number(point.oneShotMaeMeVPerAtom)] : []),
      point.trainSeconds.toFixed(1),
    ]),
  );
}
