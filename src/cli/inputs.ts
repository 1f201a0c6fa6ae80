/** What several commands take: structures of a file, a level of theory, a number of workers. */
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { type Command, Option } from "commander";
import type { BuiltinOptions } from "../engine/kohn-sham-engine.js";
import { levelByName } from "../engine/named-level.js";
import { BrineError } from "../errors.js";
import { readExtxyz } from "../io/extxyz.js";
import type { LevelOfTheory, MetricName } from "../level.js";
import { parseLabels } from "../dataset/label.js";
import type { Dataset } from "../dataset/record.js";
import { openDataset } from "../node/sqlite-dataset.js";
import { checkKind } from "./file-kind.js";
import { type EngineName, engineNames } from "../node/engines.js";
import { readText } from "../node/files.js";
import { packageLibrary, structuresPath } from "../node/library.js";
import { workerPool } from "../node/pool.js";
import { sufficientCutoff } from "../periodic/sufficient-cutoff.js";
import type { Pool } from "../run.js";
import { elementSymbol } from "../structure/elements.js";
import { speciesOf } from "../structure/structure.js";
import type { LabelledStructure } from "../workflow/each-structure.js";
import { count, indices, integer, levelNames, oneOf, positive, selectIndices, share } from "./options.js";

export interface StructureOptions {
  readonly indices?: readonly number[];
  readonly limit?: number;
  readonly charge?: number;
  readonly unpaired?: number;
}

export interface EngineOptions {
  readonly level: { readonly functional: string; readonly basis: string };
  readonly grid?: number;
  /** Of plane waves, Ry. */
  readonly cutoff?: number;
  readonly tolerance?: number;
  readonly maxIterations?: number;
  readonly engine: EngineName;
  readonly levelShift?: number;
  readonly damping?: number;
  /** kT, hartree. */
  readonly smearing?: number;
}

export interface FitOptions {
  readonly fit?: string;
  readonly metric: MetricName;
}

export interface WorkerOptions {
  readonly workers?: number;
}

export function addStructureOptions(command: Command): Command {
  return command
    .option("--indices <list>", "positions in the file, from 0: 0,5,7-12", indices("--indices"))
    .option("--limit <n>", "the first n structures only", count("--limit"))
    .option("--charge <q>", "total charge, where the file gives none (0)", integer("--charge"))
    .option("--unpaired <n>", "unpaired electrons, where the file gives none (0)", count("--unpaired", 0));
}

export function addWorkerOption(command: Command): Command {
  return command.option("--workers <n>", "worker threads (all cores)", count("--workers"));
}

export function addEngineOptions(command: Command): Command {
  return addNumericsOptions(
    command.addOption(
      new Option("--level <functional/basis>", "level of theory")
        .argParser(levelNames("--level"))
        .default({ functional: "pbe", basis: "def2-svp" }, "pbe/def2-svp"),
    ),
  )
    .option("--level-shift <hartree>", "raise empty orbitals in the SCF (0)", positive("--level-shift", true))
    .option(
      "--damping <share>",
      "keep this share of the last step far from convergence, below 1 (0)",
      share("--damping"),
    )
    .option("--smearing <hartree>", "electronic temperature kT, Fermi occupations (none)", positive("--smearing"));
}

/** What densities are expanded in, and how they are fitted. */
export function addFitOptions(command: Command): Command {
  return command
    .option(
      "--fit <basis>",
      "auxiliary basis of the density: a name, etb:RATIO or a basis-set file (def2-universal-jfit; with pseudopotentials its primitives up to 30)",
    )
    .option(
      "--metric <name>",
      "metric of the fit: coulomb or overlap",
      oneOf("--metric", ["coulomb", "overlap"] as const),
      "coulomb",
    );
}

/** The options of `addEngineOptions` that do not change the level. */
export function addNumericsOptions(command: Command): Command {
  return command
    .option("--grid <level>", "molecular grid, 1 (coarse) to 9 (fine) (3)", count("--grid", 1, 9))
    .option("--cutoff <Ry>", "plane waves of the density, periodic structures (300)", positive("--cutoff"))
    .option("--tolerance <hartree>", "SCF convergence (1e-9)", positive("--tolerance"))
    .option("--max-iterations <n>", "SCF iterations (100)", count("--max-iterations"))
    .option(
      "--engine <name>",
      `what solves Kohn-Sham: ${engineNames.slice(0, -1).join(", ")} or ${engineNames.at(-1)}`,
      oneOf("--engine", engineNames),
      "builtin",
    );
}

/** A dataset to look at. Throws `input` for a file of another kind, and what `openDataset` throws. */
export function readDataset(path: string): Dataset {
  checkKind(path, "dataset");
  return openDataset(path, { readOnly: true });
}

/** Structures with the name of their file, for datasets, which take several files. */
export function fromFile(structures: readonly LabelledStructure[], file: string): LabelledStructure[] {
  return structures.map((labelled) => ({ source: basename(file), ...labelled }));
}

/** Reads FILE; `charge` and `unpaired` of the command line fill in what its comment lines leave out. */
export function readStructures(file: string, options: StructureOptions): LabelledStructure[] {
  const path = structuresPath(file);
  checkKind(path, "structures");
  const all = readExtxyz(readText(path), file);
  return selectIndices(all.length, options).map((index) => {
    const structure = all[index];
    return {
      index,
      structure: {
        ...structure,
        charge: structure.charge === 0 ? (options.charge ?? 0) : structure.charge,
        unpaired: structure.unpaired === 0 ? (options.unpaired ?? 0) : structure.unpaired,
      },
    };
  });
}

/** The level that the options name, on the builtin engine, with bases read from the library. */
export function levelFrom(
  options: Omit<EngineOptions, "engine">,
  fit?: string,
  fitMetric: MetricName = "coulomb",
): LevelOfTheory {
  return levelByName(
    {
      ...options.level,
      ...(fit === undefined ? {} : { fit }),
      fitMetric,
      ...(options.smearing === undefined ? {} : { smearing: options.smearing }),
      ...numericsFrom(options),
    },
    packageLibrary,
  );
}

/** The numerical settings that were given, for a level that is there already. */
export function numericsFrom({ grid, cutoff, tolerance }: Pick<EngineOptions, "grid" | "cutoff" | "tolerance">): {
  grid?: number;
  planewaveCutoff?: number;
  tolerance?: number;
} {
  return {
    ...(grid === undefined ? {} : { grid }),
    ...(cutoff === undefined ? {} : { planewaveCutoff: cutoff / 2 }),
    ...(tolerance === undefined ? {} : { tolerance }),
  };
}

/** The cutoff of a periodic level in Ry, as it is given on the command line. */
export function cutoffOf({ pseudopotentials, numerics }: LevelOfTheory): { planewaveCutoff?: number } {
  return pseudopotentials && numerics.planewaveCutoff !== undefined
    ? { planewaveCutoff: 2 * numerics.planewaveCutoff }
    : {};
}

/** Says so when the cutoff of a periodic level is small for its orbitals, and what would do. */
export function noteCutoff(
  level: LevelOfTheory,
  structures: readonly LabelledStructure[],
  note: (text: string) => void,
): void {
  const { planewaveCutoff } = cutoffOf(level);
  if (planewaveCutoff === undefined) return;
  const known = speciesOf(structures.map(({ structure }) => structure)).filter((z) => level.orbitals.shells[z]);
  const enough = 10 * Math.ceil((2 * sufficientCutoff(level.orbitals, known)) / 10);
  if (planewaveCutoff < enough)
    note(
      `a cutoff of ${planewaveCutoff} Ry is small for ${level.orbitals.name} on these elements; --cutoff ${enough} would do`,
    );
}

/** Auxiliary functions sharper than this (bohr⁻²) belong to cores, and their densities on no grid: 60 Ry for each unit. */
const SHARPEST = 1000;

/** Throws `usage` for an auxiliary basis with the functions of cores on a level with pseudopotentials. */
export function checkFit(
  { pseudopotentials, auxiliary }: LevelOfTheory,
  structures: readonly LabelledStructure[],
): void {
  if (!pseudopotentials) return;
  for (const z of speciesOf(structures.map(({ structure }) => structure))) {
    const largest = Math.max(...(auxiliary.shells[z] ?? []).flatMap(({ exponents }) => exponents));
    if (largest >= SHARPEST)
      throw new BrineError(
        "usage",
        `${auxiliary.name} has exponents up to ${largest.toPrecision(3)} for ${elementSymbol(z)}, made for cores that pseudopotentials leave out; take ${auxiliary.name}:uncontracted:30`,
        { where: "--fit" },
      );
  }
}

/** What steers the SCF, as far as it was given. Throws `usage` for what only brine's own engine has. */
export function scfSettings(options: Omit<EngineOptions, "level">): BuiltinOptions {
  const { engine, maxIterations, levelShift, damping, smearing } = options;
  if (engine !== "builtin" && (levelShift ?? damping ?? smearing) !== undefined)
    throw new BrineError("usage", "--level-shift, --damping and --smearing need --engine builtin");
  return {
    ...(maxIterations === undefined ? {} : { maxIterations }),
    ...(levelShift === undefined ? {} : { levelShift }),
    ...(damping === undefined ? {} : { damping }),
  };
}

/** Threads for `tasks` independent tasks; a single one is spread over all of them. */
export function poolFor(options: WorkerOptions, tasks: number): Pool {
  const threads = options.workers ?? availableParallelism();
  return tasks === 1 ? workerPool(1, threads) : workerPool(Math.max(1, Math.min(threads, tasks)));
}

/** One label of a structure a line; blank lines and # comments are skipped. */
export function readLabels(file: string): string[] {
  return readText(file)
    .split(/\r?\n/)
    .flatMap((line, number) => {
      const text = line.replace(/#.*/, "").trim();
      try {
        return text === "" ? [] : parseLabels(text);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new BrineError("input", message, { where: `${file}:${number + 1}`, cause: error });
      }
    });
}
