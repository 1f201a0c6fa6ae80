/** What kind of file a command was given, and what to do with one of another kind. */
import { BrineError } from "../errors.js";
import { isModel } from "../model/file/model-file.js";
import { isDataset } from "../node/dataset-file.js";
import { fileState, firstBytes } from "../node/files.js";

export type FileKind = "dataset" | "model" | "structures" | "other";

/** From the first bytes of a file that is there. An xyz file begins with a number on a line of its own. */
export function fileKind(path: string): FileKind {
  const header = firstBytes(path, 100);
  if (isDataset(header)) return "dataset";
  if (isModel(header)) return "model";
  return /^\s*\d+\s*[\r\n]/.test(header.toString("latin1")) ? "structures" : "other";
}

/** What to do with a file of the second kind where one of the first is asked for. */
const REMEDIES: Readonly<Record<Exclude<FileKind, "other">, Partial<Record<FileKind, string>>>> = {
  dataset: {
    structures: "this is a file of structures, not a dataset; brine reference FILE --out DATASET computes one",
    model: "this is a model, not a dataset; give the references that brine reference or brine import made",
  },
  model: {
    dataset: "this is a dataset, not a model; brine train DATASET --out MODEL makes one",
    structures: "this is a file of structures, not a model; give MODEL before FILE",
  },
  structures: {
    dataset: "this is a dataset, not a file of structures; give an xyz or extxyz file",
    model: "this is a model, not a file of structures; give an xyz or extxyz file",
  },
};

/** Throws `input` for a file that is of another kind; what is wrong with it otherwise its reader says. */
export function checkKind(path: string, wanted: Exclude<FileKind, "other">): void {
  if (fileState(path)?.isFile() !== true) return;
  const problem = REMEDIES[wanted][fileKind(path)];
  if (problem !== undefined) throw new BrineError("input", problem, { where: path });
}
