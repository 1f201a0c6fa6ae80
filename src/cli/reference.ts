/** `brine reference`: reference calculations and their fitted densities into a dataset. */
import type { Command } from "commander";
import type { MetricName } from "../level.js";
import { onEngine } from "../node/engines.js";
import { openDataset } from "../node/sqlite-dataset.js";
import { computeReferences } from "../workflow/reference.js";
import type { Frame } from "./frame.js";
import {
  addEngineOptions,
  addStructureOptions,
  addWorkerOption,
  levelFrom,
  poolFor,
  readStructures,
  scfSettings,
  type EngineOptions,
  type StructureOptions,
  type WorkerOptions,
} from "./inputs.js";
import { oneOf } from "./options.js";

interface Options extends StructureOptions, EngineOptions, WorkerOptions {
  readonly out: string;
  readonly fit: string;
  readonly metric: MetricName;
  readonly keepOrbitals?: boolean;
}

export function register(program: Command, frame: Frame): void {
  const command = program
    .command("reference")
    .description("Converge Kohn-Sham, fit the density, and keep both in a dataset. Run it again to resume.")
    .argument("<file>", "xyz or extxyz")
    .requiredOption("--out <dataset>", "dataset, made if it is not there")
    .option(
      "--fit <basis>",
      "auxiliary basis of the density: a name, etb:RATIO or a basis-set file",
      "def2-universal-jfit",
    )
    .option(
      "--metric <name>",
      "metric of the fit: coulomb or overlap",
      oneOf("--metric", ["coulomb", "overlap"] as const),
      "coulomb",
    )
    .option("--keep-orbitals", "keep the density matrix too");
  addWorkerOption(addEngineOptions(addStructureOptions(command))).action(
    frame.action<Options>(async ({ options, runOptions, print, failed, use, note }, file) => {
      const structures = readStructures(file, options);
      const level = await onEngine(levelFrom(options, options.fit, options.metric), options.engine);
      const dataset = use(openDataset(options.out, { create: true }));
      const pool = use(poolFor(options, structures.length));
      const summary = await computeReferences(structures, level, dataset, {
        ...runOptions,
        settings: scfSettings(options),
        pool,
        keepOrbitals: options.keepOrbitals ?? false,
      });
      if (summary.failed.length > 0) failed();
      for (const { index, of } of summary.duplicates) note(`structure ${index} is the same as structure ${of}`);
      for (const { index, reason } of summary.failed) note(`structure ${index}: ${reason}`);
      print({ dataset: options.out, ...summary }, () => {
        const counts = [
          `${summary.added} added`,
          `${summary.skipped} already there`,
          `${summary.failed.length} failed`,
        ];
        return `${options.out}: ${counts.join(", ")} in ${summary.seconds.toFixed(1)} s`;
      });
    }),
  );
}
