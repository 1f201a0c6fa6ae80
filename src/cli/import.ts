/** `brine import`: densities that another program computed, into a dataset. */
import { basename } from "node:path";
import type { Command } from "commander";
import { BrineError, isBrineError } from "../errors.js";
import { type FunctionOrder, type ImportedDensity, readCoefficients } from "../io/coefficients.js";
import { readExtxyz } from "../io/extxyz.js";
import { checkOverlaps } from "../io/salted-overlaps.js";
import type { LevelOfTheory, MetricName } from "../level.js";
import { readBytes, readText } from "../node/files.js";
import { openSaltedDirectory, type SaltedDirectory } from "../node/salted-directory.js";
import { openDataset } from "../node/sqlite-dataset.js";
import type { Structure } from "../structure/structure.js";
import { importDensities } from "../workflow/import-densities.js";
import { VERSION } from "../version.js";
import { reportFailures } from "./failures.js";
import type { ActionContext, Frame } from "./frame.js";
import { registerDensity } from "./import-density.js";
import { levelFrom } from "./inputs.js";
import { levelNames, oneOf } from "./options.js";

interface ImportOptions {
  readonly out: string;
  readonly level?: { readonly functional: string; readonly basis: string };
  readonly fit?: string;
  readonly metric: MetricName;
}

interface CoefficientsOptions extends ImportOptions {
  readonly order: FunctionOrder;
}

interface SaltedOptions extends ImportOptions {
  readonly structures?: string;
}

export function register(group: Command, frame: Frame): void {
  const coefficients = group
    .command("coefficients")
    .description("Density coefficients in JSON or npz, one set a structure")
    .argument("<structures>", "xyz or extxyz")
    .argument("<file>", 'JSON: an array of {energy, coefficients}, or such an array under "structures"; or an npz')
    .option(
      "--order <name>",
      "order of the functions in a shell: brine, pyscf or salted",
      oneOf("--order", ["brine", "pyscf", "salted"] as const),
      "brine",
    );
  addImportOptions(coefficients).action(
    frame.action<CoefficientsOptions>(async (context, structuresFile, file) => {
      const structures = readExtxyz(readText(structuresFile), structuresFile);
      const densities = readCoefficients(readBytes(file), file);
      if (structures.length !== densities.length)
        throw new BrineError(
          "mismatch",
          `${densities.length} sets of coefficients, but ${structuresFile} has ${structures.length} structures`,
          { where: file },
        );
      await put(context, structures, structuresFile, densities, importedLevel(context.options), context.options.order);
    }),
  );
  const salted = group
    .command("salted")
    .description("A working directory of SALTED, coefficients made with PySCF; names are read from its inp.yaml")
    .argument("<directory>", "with inp.yaml, the structures and coefficients/coefficients_confN.npy")
    .option("--structures <file>", "the structures (system.filename of inp.yaml, else structures.xyz)");
  addImportOptions(salted).action(
    frame.action<SaltedOptions>(async (context, folder) => {
      const { options } = context;
      const directory = openSaltedDirectory(folder);
      const file = options.structures ?? directory.structures;
      const structures = readExtxyz(readText(file), file);
      const { functional, orbitals, auxiliary } = directory.input;
      const level = importedLevel({
        ...options,
        level: options.level ?? { functional: functional?.toLowerCase() ?? "pbe", basis: orbitals ?? "def2-svp" },
        ...((options.fit ?? auxiliary) === undefined ? {} : { fit: options.fit ?? auxiliary }),
      });
      checkOverlaps(structures, level.auxiliary, readableOverlaps(directory, context.note));
      const densities = structures.map((_, index) => directory.density(index));
      if (densities.every((density) => "problem" in density))
        throw new BrineError("input", `no structure of ${file} has coefficients in it: ${problemOf(densities[0])}`, {
          where: folder,
        });
      await put(context, structures, file, densities, level, "salted");
    }),
  );
  registerDensity(group.command("density"), frame);
}

/** An overlap only checks the basis, which the next one does as well: one that cannot be read is no reason to stop. */
function readableOverlaps(directory: SaltedDirectory, note: (text: string) => void): SaltedDirectory["overlap"] {
  return (index) => {
    try {
      return directory.overlap(index);
    } catch (error) {
      if (!isBrineError(error)) throw error;
      note(`${error.message}; it was not compared`);
      return undefined;
    }
  };
}

function addImportOptions(command: Command): Command {
  return command
    .requiredOption("--out <dataset>", "dataset, made if it is not there")
    .option("--level <functional/basis>", "level of theory of the calculation (pbe/def2-svp)", levelNames("--level"))
    .option(
      "--fit <basis>",
      "auxiliary basis of the coefficients: a name, etb:RATIO or a basis-set file (def2-universal-jfit)",
    )
    .option(
      "--metric <name>",
      "metric of the fit: coulomb or overlap",
      oneOf("--metric", ["coulomb", "overlap"] as const),
      "coulomb",
    );
}

function importedLevel({ level, fit, metric }: ImportOptions): LevelOfTheory {
  return {
    ...levelFrom({ level: level ?? { functional: "pbe", basis: "def2-svp" } }, fit, metric),
    numerics: { engine: "imported", version: VERSION },
  };
}

function problemOf(density: ImportedDensity): string {
  return "problem" in density ? density.problem : "";
}

async function put(
  context: ActionContext<ImportOptions>,
  structures: readonly Structure[],
  file: string,
  densities: readonly ImportedDensity[],
  level: LevelOfTheory,
  order: FunctionOrder,
): Promise<void> {
  const { options, runOptions, print, note, use } = context;
  const dataset = use(openDataset(options.out, { create: true }));
  const labelled = structures.map((structure, index) => ({ source: basename(file), index, structure }));
  const summary = await importDensities(labelled, densities, level, order, dataset, runOptions);
  const { added, duplicates, electronCounts } = summary;
  const failed = reportFailures(context, summary.failed);
  for (const { index, of } of duplicates) note(`structure ${index} is the same as structure ${of} and was left out`);
  for (const { index, electrons, expected } of electronCounts)
    note(
      `structure ${index}: the density has ${electrons.toFixed(4)} electrons, the structure ${expected}; it is kept as it is`,
    );
  print({ dataset: options.out, ...summary, failed }, () => `${options.out}: ${added} added, ${failed.length} failed`);
}
