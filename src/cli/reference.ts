/** `brine reference`: reference calculations and their fitted densities into a dataset. */
import type { Command } from "commander";
import { BrineError } from "../errors.js";
import { onEngine } from "../node/engines.js";
import { openDataset } from "../node/sqlite-dataset.js";
import { keptOrbitals } from "../workflow/kept-orbitals.js";
import { computeReferences } from "../workflow/reference.js";
import { reportFailures } from "./failures.js";
import type { Frame } from "./frame.js";
import { openModel } from "./model-input.js";
import {
  addEngineOptions,
  addFitOptions,
  addStructureOptions,
  addWorkerOption,
  fromFile,
  checkFit,
  levelFrom,
  noteCutoff,
  poolFor,
  readStructures,
  scfSettings,
  type EngineOptions,
  type FitOptions,
  type StructureOptions,
  type WorkerOptions,
} from "./inputs.js";

interface Options extends StructureOptions, EngineOptions, FitOptions, WorkerOptions {
  readonly out: string;
  readonly keepOrbitals?: boolean;
  readonly orbitalsFrom?: string;
  readonly guess?: string;
}

export function register(command: Command, frame: Frame): void {
  addFitOptions(
    command.argument("<file>", "xyz or extxyz").requiredOption("--out <dataset>", "dataset, made if it is not there"),
  )
    .option("--keep-orbitals", "keep the density matrix too")
    .option(
      "--orbitals-from <dataset>",
      "fit anew what that dataset has converged at this level and kept with --keep-orbitals; no SCF for it",
    );
  command.option("--guess <model>", "start each SCF from the density that this model predicts: about half the steps");
  addWorkerOption(addEngineOptions(addStructureOptions(command))).action(
    frame.action<Options>(async (context, file) => {
      const { options, runOptions, print, use, note } = context;
      if (options.guess !== undefined && options.engine !== "builtin")
        throw new BrineError("usage", `--guess is for brine's own engine, not for ${options.engine}`);
      const structures = readStructures(file, options);
      const level = await onEngine(levelFrom(options, options.fit, options.metric), options.engine);
      checkFit(level, structures);
      noteCutoff(level, structures, note);
      const from = options.orbitalsFrom;
      const orbitals = from && keptOrbitals(use(openDataset(from, { readOnly: true })), level, from);
      const guess = options.guess === undefined ? undefined : openModel(options.guess);
      const dataset = use(openDataset(options.out, { create: true }));
      const pool = use(poolFor(options, structures.length));
      const summary = await computeReferences(fromFile(structures, file), level, dataset, {
        ...runOptions,
        settings: scfSettings(options),
        pool,
        keepOrbitals: options.keepOrbitals ?? false,
        ...(orbitals ? { orbitals } : {}),
        ...(guess ? { guess } : {}),
      });
      for (const { index, of } of summary.duplicates) note(`structure ${index} is the same as structure ${of}`);
      const failed = reportFailures(context, summary.failed);
      print({ dataset: options.out, ...summary, failed }, () => {
        const counts = [
          `${summary.added} added${orbitals ? ` (${summary.refitted} from the orbitals of ${from})` : ""}`,
          `${summary.skipped} already there`,
          `${summary.failed.length} failed`,
        ];
        return `${options.out}: ${counts.join(", ")} in ${summary.seconds.toFixed(1)} s`;
      });
    }, "what is finished is kept; the same command goes on"),
  );
}
