#!/usr/bin/env node
/** The `brine` command: a list of commands and the frame that runs them. */
import { Command } from "commander";
import { packageVersion } from "../node/package-files.js";
import * as doctor from "./doctor.js";
import { createFrame, type Frame } from "./frame.js";

/** A command is a module that adds itself to the program; `doctor.ts` is the shortest example. */
interface CommandModule {
  register(program: Command, frame: Frame): void;
}

const commands: readonly CommandModule[] = [doctor];

const program = new Command("brine")
  .description("Learns electron densities from a few hundred calculations, predicts them, and gets energies from one diagonalisation.")
  .version(packageVersion(), "--version")
  .option("--json", "print the result as one JSON document")
  .option("--quiet", "no progress and no notes")
  .option("--debug", "show where in the code an error came from")
  .helpOption("-h, --help", "show this help")
  .configureHelp({ showGlobalOptions: true });

const frame = createFrame(program);
for (const command of commands) command.register(program, frame);
await frame.run(process.argv);
