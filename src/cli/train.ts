/** `brine train`: a dataset becomes a model. */
import type { Command } from "commander";
import { saveModel } from "../model/file/model-file.js";
import { trainSettings, type PartialTrainSettings } from "../model/settings.js";
import { train } from "../model/training/train.js";
import type { TrainingReference } from "../model/training/training-set.js";
import { own } from "../node/file-owner.js";
import { writeAtomically } from "../node/files.js";
import { scratchFolder, useMachineScratch, type ScratchFolder } from "../node/scratch-files.js";
import { openDataset } from "../node/sqlite-dataset.js";
import {
  hasTrainingCheckpoint,
  openTrainingCheckpoint,
  removeTrainingCheckpoint,
} from "../node/training-checkpoint.js";
import { BrineError } from "../errors.js";
import { BOHR_IN_ANGSTROM } from "../units.js";
import { chooseByLabel } from "../dataset/label.js";
import { chooseRandomly, finishedReferences, type IndexedReference, without } from "../workflow/training-set.js";
import type { Frame } from "./frame.js";
import { atomCount } from "../structure/structure.js";
import { addWorkerOption, poolFor, readLabels, type WorkerOptions } from "./inputs.js";
import { count, oneOf, perSpecies, positive, positivePerElement, withConfig } from "./options.js";
import { checkOutput } from "./outputs.js";
import { listing } from "./table.js";
import { environmentsText, trainingNotes } from "./training-notes.js";

export interface TrainingOptions {
  readonly seed: number;
  readonly environments?: number | Map<number, number>;
  readonly features?: number;
  readonly cutoff?: number;
  readonly sigma?: number;
  readonly nmax?: number;
  readonly lmax?: number;
  readonly zeta?: number;
  readonly regularization: "auto" | number;
  readonly metric: "coulomb" | "overlap";
  readonly cutoffOfSpecies?: ReadonlyMap<number, number>;
  readonly innerCutoffs?: readonly number[];
  readonly scaling?: { readonly exponent: number; readonly radius: number } | "none";
  readonly farField?: { readonly width: number; readonly weight: number; readonly polarizability?: number } | "none";
  readonly solver: "auto" | "cg" | "direct";
  readonly committee?: number | "auto";
  /** Gigabytes. */
  readonly memory?: number;
}

interface Options extends TrainingOptions, WorkerOptions {
  readonly out: string;
  readonly train?: number;
  readonly trainIds?: string;
  readonly validation?: number;
  readonly resume?: boolean;
}

/** The training settings, shared with `curve`. Lengths are ångström on the command line. */
export function addTrainingOptions(command: Command): Command {
  const automatic =
    (option: string) =>
    (text: string): number | "auto" =>
      text === "auto" ? text : positive(option)(text);
  return withConfig(
    command
      .option("--seed <n>", "seed of every random choice", count("--seed", 0), 1)
      .option(
        "--environments <n>",
        "sparse environments per species: a number or H:100,O:200 (auto)",
        perSpecies("--environments"),
      )
      .option("--features <n>", "features per λ (auto)", count("--features"))
      .option("--cutoff <ångström>", "radius of the neighbourhoods (4)", positive("--cutoff"))
      .option(
        "--cutoff-of-species <list>",
        "smaller radii for atoms of some elements, ångström: H:3,O:3.5",
        positivePerElement("--cutoff-of-species"),
      )
      .option(
        "--inner-cutoffs <list>",
        "radii of smaller spheres described beside the neighbourhood, ångström: 2.5,3",
        // As a list in a settings file may be empty.
        (text: string) => (text === "" ? [] : text.split(",").map(positive("--inner-cutoffs"))),
      )
      .option(
        "--scaling <list>",
        "neighbours weigh 1/(1 + (r/radius)^exponent), ångström: radius:2,exponent:4 (the default), or none",
        scaling,
      )
      .option(
        "--far-field <list>",
        "the potential of distant charges and the dipoles they induce: width:0.8,weight:0.1,polarizability:5 (the default; width in ångström), or none",
        farField,
      )
      .option("--sigma <ångström>", "width of the neighbour density (0.3)", positive("--sigma"))
      .option("--nmax <n>", "radial functions (8)", count("--nmax"))
      .option("--lmax <l>", "angular momenta (6)", count("--lmax", 0))
      .option("--zeta <n>", "exponent of the kernel (2)", count("--zeta"))
      .option("--regularization <x>", "auto, or relative to the on-site problem", automatic("--regularization"), "auto")
      .option(
        "--metric <name>",
        "metric of the loss: coulomb or overlap",
        oneOf("--metric", ["coulomb", "overlap"] as const),
        "coulomb",
      )
      .option(
        "--committee <n>",
        "members of a committee that tells how sure predictions are (0: none; auto: 8)",
        (text: string) => (text === "auto" ? text : count("--committee", 0)(text)),
      )
      .option("--solver <name>", "auto, cg or direct", oneOf("--solver", ["auto", "cg", "direct"] as const), "auto")
      .option("--memory <GB>", "memory that the run may take, about (8)", positive("--memory")),
    { cutoffRadius: "cutoff", lossMetric: "metric" },
  );
}

/** What the run may take, which is no setting of the model. */
export function memoryFrom({ memory }: TrainingOptions): { memory?: number } {
  return memory === undefined ? {} : { memory: memory * 1e9 };
}

export function settingsFrom(options: TrainingOptions): ReturnType<typeof trainSettings> {
  const { committee, environments, features, cutoff, cutoffOfSpecies, innerCutoffs, sigma, nmax, lmax, zeta } = options;
  const given: PartialTrainSettings = {
    seed: options.seed,
    regularization: options.regularization,
    lossMetric: options.metric,
    solver: options.solver,
    ...(environments === undefined
      ? {}
      : { environments: environments instanceof Map ? Object.fromEntries(environments) : environments }),
    ...(committee === undefined ? {} : { committee }),
    ...(features === undefined ? {} : { features }),
    ...(cutoff === undefined ? {} : { cutoffRadius: cutoff / BOHR_IN_ANGSTROM }),
    ...(cutoffOfSpecies === undefined
      ? {}
      : {
          cutoffOfSpecies: Object.fromEntries(
            [...cutoffOfSpecies].map(([z, radius]) => [z, radius / BOHR_IN_ANGSTROM]),
          ),
        }),
    ...(innerCutoffs === undefined ? {} : { innerCutoffs: innerCutoffs.map((radius) => radius / BOHR_IN_ANGSTROM) }),
    ...(options.scaling === undefined ? {} : { scaling: orNull(options.scaling) }),
    ...(options.farField === undefined ? {} : { farField: orNull(options.farField) }),
    ...(sigma === undefined ? {} : { sigma: sigma / BOHR_IN_ANGSTROM }),
    ...(nmax === undefined ? {} : { nmax }),
    ...(lmax === undefined ? {} : { lmax }),
    ...(zeta === undefined ? {} : { zeta }),
  };
  return trainSettings(given);
}

/** `none` as settings have it; as the value of an option commander would take null for an empty text. */
function orNull<T>(value: T | "none"): T | null {
  return value === "none" ? null : value;
}

/** `name:number,…` */
function numbersByName(option: string): (text: string) => Map<string, number> {
  return (text) =>
    new Map(
      text.split(",").map((part) => {
        const [name, value = ""] = part.split(":");
        return [name.trim(), positive(option, true)(value)];
      }),
    );
}

function scaling(text: string): TrainingOptions["scaling"] {
  const values = namedNumbers("--scaling", text, ["radius", "exponent"], [], "radius:2,exponent:4");
  return values === "none" ? values : { radius: values.radius / BOHR_IN_ANGSTROM, exponent: values.exponent };
}

function farField(text: string): TrainingOptions["farField"] {
  const example = "width:0.8,weight:0.1,polarizability:5";
  const values = namedNumbers("--far-field", text, ["width", "weight"], ["polarizability"], example);
  return values === "none" ? values : { ...values, width: values.width / BOHR_IN_ANGSTROM };
}

/** The numbers with these names, some of which can be left out, or `none`. */
function namedNumbers<Name extends string, Optional extends string>(
  option: string,
  text: string,
  names: readonly Name[],
  optional: readonly Optional[],
  example: string,
): (Record<Name, number> & Partial<Record<Optional, number>>) | "none" {
  if (text === "none" || text === "null") return "none";
  const values = numbersByName(option)(text);
  const known: readonly string[] = [...names, ...optional];
  if (!names.every((name) => values.has(name)) || [...values.keys()].some((name) => !known.includes(name)))
    throw new BrineError("usage", `expected ${example} or none, not "${text}"`, { where: option });
  return Object.fromEntries(values) as Record<Name, number> & Partial<Record<Optional, number>>;
}

/** Training on fewer atoms takes this thread a few seconds, and starting others about as long. */
const FEW_ATOMS = 800;

export function register(command: Command, frame: Frame): void {
  command
    .argument("<dataset>", "made by brine reference or brine import")
    .requiredOption("--out <model>", "the model file, .safetensors")
    .option("--train <n>", "train on a random choice of n structures (all)", count("--train"))
    .option("--train-ids <file>", "train on these: one a line, such as 5, water.xyz:5 or key:3fa9c1")
    .option(
      "--validation <n>",
      "choose the regularisation on n random structures of the rest (on 15 % of the training structures)",
      count("--validation"),
    )
    .option("--resume", "go on with a training that was killed, given the same settings and structures");
  addTrainingOptions(addWorkerOption(command)).action(
    frame.action<Options>(async ({ options, runOptions, print, note, use }, path) => {
      if (options.train !== undefined && options.trainIds !== undefined)
        throw new BrineError("usage", "give --train or --train-ids, not both");
      const settings = settingsFrom(options);
      if (options.validation !== undefined && settings.regularization !== "auto")
        throw new BrineError(
          "usage",
          "it chooses the regularisation, which --regularization gives; leave one of them out (brine validate measures errors)",
          { where: "--validation" },
        );
      checkOutput(options.out, "model", [path]);
      use({ close: own(options.out, "model") }); // with its scratch files and its checkpoint
      const references = finishedReferences(use(openDataset(path, { readOnly: true })));
      const chosen =
        options.trainIds === undefined
          ? chooseRandomly(references, options.train, settings.seed)
          : chooseByLabel(references, readLabels(options.trainIds));
      const validation = validationFrom(references, chosen, options.validation, settings.seed);
      const atoms = chosen.reduce((sum, { reference }) => sum + atomCount(reference.structure), 0);
      // What is used last is closed first: threads must not look for scratch files that are gone.
      const scratch = use(useScratch(`${options.out}.scratch`));
      const pool =
        options.workers === undefined && atoms < FEW_ATOMS ? undefined : use(poolFor(options, chosen.length));
      const checkpointFolder = `${options.out}.checkpoint`;
      const stopped = hasTrainingCheckpoint(checkpointFolder);
      if (stopped && !options.resume)
        note(`${checkpointFolder}, kept of a training that was stopped, is discarded (--resume goes on from it)`);
      if (options.resume && !stopped) note(`there is no ${checkpointFolder} to go on from; the training starts anew`);
      const { model, summary } = await train(
        chosen.map(({ reference }) => reference),
        settings,
        {
          ...runOptions,
          ...memoryFrom(options),
          scratch: scratch.path,
          ...(pool ? { pool } : {}),
          openJournal: (key) => openTrainingCheckpoint(checkpointFolder, key, options.resume ?? false),
          ...(validation ? { validation } : {}),
        },
      );
      writeAtomically(options.out, saveModel(model));
      removeTrainingCheckpoint(checkpointFolder);
      trainingNotes(settings, summary).forEach(note);
      print({ model: options.out, ...summary }, () =>
        listing([
          ["model", options.out],
          ["structures", summary.structures],
          ["environments", environmentsText(summary.environments)],
          ["unknowns", summary.dimension],
          ["regularization", summary.regularization.relative.toExponential(2)],
          [
            "held-out error",
            summary.validation ? `${summary.validation.rmsePercent.toFixed(2)} % RMSE` : "none held out",
          ],
          ["iterations", summary.iterations],
          ["seconds", summary.seconds.toFixed(1)],
        ]),
      );
    }, "finished work is kept, and goes on with --resume"),
  );
}

/** A folder for what does not fit into memory, within reach of this thread. */
export function useScratch(path: string): ScratchFolder {
  useMachineScratch();
  return scratchFolder(path);
}

/** `size` random references that are not trained on; undefined when none are asked for. */
function validationFrom(
  all: readonly IndexedReference[],
  training: readonly IndexedReference[],
  size: number | undefined,
  seed: number,
): TrainingReference[] | undefined {
  if (size === undefined) return undefined;
  const rest = without(all, training);
  if (size > rest.length)
    throw new BrineError(
      "usage",
      `${size} structures for validation asked for, but only ${rest.length} of the dataset are not trained on; lower it or --train`,
      { where: "--validation" },
    );
  return chooseRandomly(rest, size, seed).map(({ reference }) => reference);
}
