/** `brine train`: a dataset becomes a model. */
import type { Command } from "commander";
import { BrineError } from "../errors.js";
import { saveModel } from "../model/file/model-file.js";
import { train } from "../model/training/train.js";
import { trainingFiles } from "../node/training-files.js";
import { chooseStructures, isWorthThreads } from "../workflow/train.js";
import { finishedReferences } from "../workflow/training-set.js";
import type { Frame } from "./frame.js";
import { addWorkerOption, poolFor, readLabels, type WorkerOptions, readDataset } from "./inputs.js";
import { count } from "./options.js";
import { checkOutput } from "./outputs.js";
import { trainingNotes, trainingTable } from "./training-notes.js";
import { addTrainingOptions, settingsFrom, type TrainingOptions } from "./training-options.js";

interface Options extends TrainingOptions, WorkerOptions {
  readonly out: string;
  readonly train?: number;
  readonly trainIds?: string;
  readonly validation?: number;
}

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
    );
  addTrainingOptions(addWorkerOption(command)).action(
    frame.action<Options>(async ({ options, runOptions, print, note, use }, path) => {
      const settings = settingsFrom(options);
      checkTogether(options);
      checkOutput(options.out, "model", [path]);
      const files = use(trainingFiles(options.out, note));
      const references = finishedReferences(use(readDataset(path)));
      const labels = options.trainIds === undefined ? undefined : readLabels(options.trainIds);
      const choice = { count: options.train, labels, validation: options.validation };
      const structures = chooseStructures(references, choice, settings.seed);
      // What is used last is closed first: threads must not look for scratch files that are gone.
      const threads = options.workers !== undefined || isWorthThreads(structures);
      const pool = threads ? { pool: use(poolFor(options, structures.training.length)) } : {};
      const { model, summary } = await train(structures.training, settings, {
        ...runOptions,
        ...pool,
        ...files.options,
        memory: options.memory,
        validation: structures.validation,
      });
      files.finish(saveModel(model));
      trainingNotes(settings, summary).forEach(note);
      print({ model: options.out, ...summary }, () => trainingTable(options.out, summary));
    }, "finished work is kept, and the same command goes on from it"),
  );
}

/** Throws `usage` for options that exclude each other. */
function checkTogether({ train: size, trainIds, validation, regularization }: Options): void {
  if (size !== undefined && trainIds !== undefined)
    throw new BrineError("usage", "give --train or --train-ids, not both");
  if (validation !== undefined && regularization !== "auto")
    throw new BrineError(
      "usage",
      "it chooses the regularisation, which --regularization gives; leave one of them out (brine validate measures errors)",
      { where: "--validation" },
    );
}
