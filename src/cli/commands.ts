/** The commands of `brine`: names, what they do in a line, and the modules they come from. */
import type { Command } from "commander";
import type { Frame } from "./frame.js";

/** A command is a module that adds arguments, options and its work; `doctor.ts` is the shortest example. */
export interface CommandModule {
  register(command: Command, frame: Frame): void;
}

export const commands: readonly (readonly [name: string, description: string, load: () => Promise<CommandModule>])[] = [
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
