#!/usr/bin/env node
/** The `brine` command: its commands in their frame. Only the command that is named is loaded. */
import { Command } from "commander";
import { packageVersion } from "../node/package-files.js";
import { commands } from "./commands.js";
import { createFrame } from "./frame.js";

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
