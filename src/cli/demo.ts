/** `brine demo`: the whole job on molecules made here, and a page about it. */
import { join } from "node:path";
import type { Command } from "commander";
import { writeExtxyz } from "../io/extxyz.js";
import { saveModel } from "../model/file/model-file.js";
import { makeFolder, writeAtomically } from "../node/files.js";
import { openDataset } from "../node/sqlite-dataset.js";
import { demo } from "../workflow/demo.js";
import { demoReport } from "../workflow/demo-report.js";
import { reportFailures } from "./failures.js";
import type { Frame } from "./frame.js";
import { addWorkerOption, levelFrom, poolFor, type WorkerOptions } from "./inputs.js";
import { count } from "./options.js";
import { writeSignedReport } from "./report-file.js";
import { listing } from "./table.js";
import { summaryLines } from "./validate.js";

interface Options extends WorkerOptions {
  readonly out: string;
  readonly seed: number;
  readonly train: number;
  readonly held: number;
}

export function register(command: Command, frame: Frame): void {
  command
    .option("--out <dir>", "folder for the files, made if it is not there", "brine-demo")
    .option("--seed <n>", "seed of the distortions", count("--seed", 0), 1)
    .option("--train <n>", "molecules to learn from", count("--train", 4), 24)
    .option("--held <n>", "molecules to predict", count("--held", 1), 6);
  addWorkerOption(command).action(
    frame.action<Options>(async (context) => {
      const { options, runOptions, print, use } = context;
      makeFolder(options.out);
      const file = (name: string): string => join(options.out, name);
      const level = levelFrom({ level: { functional: "pbe", basis: "def2-svp" } });
      const dataset = use(openDataset(file("references.db"), { create: true }));
      const pool = use(poolFor(options, options.train + options.held));
      const result = await demo(level, dataset, {
        ...runOptions,
        pool,
        seed: options.seed,
        train: options.train,
        held: options.held,
      });
      writeAtomically(file("structures.extxyz"), writeExtxyz(result.structures));
      writeAtomically(file("model.safetensors"), saveModel(result.model));
      await writeSignedReport(file("report.html"), await demoReport(result, runOptions));
      const { training, validation, curve, seconds } = result;
      const references = { ...result.references, failed: reportFailures(context, result.references.failed) };
      const failed = reportFailures(context, validation.failed);
      print(
        { out: options.out, references, training, curve, validation: { ...validation, failed }, seconds },
        () =>
          `${listing([["learned from", `${training.structures} molecules`], ...summaryLines(validation), ["seconds", seconds.toFixed(1)]])}\n\nOpen ${file("report.html")}`,
      );
    }),
  );
}
