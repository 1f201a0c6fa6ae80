#!/usr/bin/env node
/** The `brine` command: a list of commands and the frame that runs them. Only the command that is named is loaded. */
import { Command } from "commander";
import { packageVersion } from "../node/package-files.js";
import { createFrame, type Frame } from "./frame.js";

/** A command is a module that adds arguments, options and its work; `doctor.ts` is the shortest example. */
interface CommandModule {
  register(command: Command, frame: Frame): void;
}

const commands: readonly (readonly [name: string, description: string, load: () => Promise<CommandModule>])[] = [
  [
    "demo",
    "Do the whole job on distorted ethanol molecules and write a report, in about a minute",
    () => import("./demo.js"),
  ],
  ["scf", "Converge Kohn-Sham for each structure of FILE", () => import("./scf.js")],
  [
    "reference",
    "Converge Kohn-Sham, fit the density, and keep both in a dataset. Run it again to resume.",
    () => import("./reference.js"),
  ],
  ["show", "What is in a dataset or a model", () => import("./show.js")],
  ["train", "Learn the densities of a dataset", () => import("./train.js")],
  [
    "validate",
    "Errors of a model on structures of a dataset that it was not trained on",
    () => import("./validate.js"),
  ],
  ["curve", "Learning curve: errors against the number of training structures", () => import("./curve.js")],
  [
    "predict",
    "Densities of new structures; coefficients and moments go to DIR/predictions.json",
    () => import("./predict.js"),
  ],
  ["energy", "Energies from predicted densities, one diagonalisation each", () => import("./energy.js")],
  ["import", "Take densities that were computed elsewhere into a dataset", () => import("./import.js")],
  ["doctor", "What this machine offers, and what of it is used", () => import("./doctor.js")],
];

const program = new Command("brine")
  .description(
    "Learns electron densities from a few hundred calculations, predicts them, and gets energies from one diagonalisation.",
  )
  .version(packageVersion(), "--version", "show the version")
  .option("--json", "print the result as one JSON document")
  .option("--quiet", "no progress and no notes")
  .option("--debug", "show where in the code an error came from")
  .helpOption("-h, --help", "show this help")
  .helpCommand("help [command]", "Show the help of a command");

const frame = createFrame(program);
for (const [name, description, load] of commands) {
  const command = program.command(name).description(description);
  if (process.argv.includes(name)) (await load()).register(command, frame);
}
await frame.run(process.argv);
