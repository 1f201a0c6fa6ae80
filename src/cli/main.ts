#!/usr/bin/env node
/** The `brine` command: a list of commands and the frame that runs them. */
import { Command } from "commander";
import { packageVersion } from "../node/package-files.js";
import * as curve from "./curve.js";
import * as demo from "./demo.js";
import * as doctor from "./doctor.js";
import * as energy from "./energy.js";
import { createFrame, type Frame } from "./frame.js";
import * as importCommand from "./import.js";
import * as importDensity from "./import-density.js";
import * as predict from "./predict.js";
import * as reference from "./reference.js";
import * as scf from "./scf.js";
import * as show from "./show.js";
import * as train from "./train.js";
import * as validate from "./validate.js";

/** A command is a module that adds itself to the program; `doctor.ts` is the shortest example. */
interface CommandModule {
  register(program: Command, frame: Frame): void;
}

const commands: readonly CommandModule[] = [
  demo,
  scf,
  reference,
  show,
  train,
  validate,
  curve,
  predict,
  energy,
  importCommand,
  importDensity,
  doctor,
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
  .helpCommand("help [command]", "Show the help of a command")
  .configureHelp({ showGlobalOptions: true });

const frame = createFrame(program);
for (const command of commands) command.register(program, frame);
await frame.run(process.argv);
