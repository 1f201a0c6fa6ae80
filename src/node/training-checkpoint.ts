/** The journal of a training run as a folder beside its model: one file a solution, one for the state of the one in work. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BrineError } from "../errors.js";
import { readSafetensors, type Safetensors, writeSafetensors } from "../io/safetensors.js";
import type { GradientState } from "../model/solver/conjugate-gradients.js";
import type { KeptSolution, SolveJournal } from "../model/solver/solve-journal.js";
import { makeFolder, readBytes, writeAtomically } from "./files.js";

/** Of a key in the name of a folder. */
const KEY_LENGTH = 16;

export interface TrainingCheckpoint {
  readonly journal: SolveJournal;
  /** Whose finished work was in the folder. */
  readonly found: "nothing" | "this training" | "another training";
}

/**
 * The journal of the training with this key: goes on with what is in `folder`, where each training has a folder of its
 * own. A state is written when the last one is `secondsBetweenStates` old. Throws `storage` when it cannot be written;
 * its entries throw `mismatch` for what was kept of other numbers, `corrupt` for what is damaged.
 */
export function openTrainingCheckpoint(folder: string, key: string, secondsBetweenStates = 20): TrainingCheckpoint {
  const own = join(folder, key.slice(0, KEY_LENGTH));
  const found = hasWork(own) ? "this training" : foldersIn(folder).some(hasWork) ? "another training" : "nothing";
  makeFolder(own);
  return { journal: journalIn(own, secondsBetweenStates), found };
}

/** Whether there is something in `folder` that a run can go on from. */
function hasWork(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => /^(solution|state)-\d+$/.test(name));
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

function journalIn(folder: string, secondsBetweenStates: number): SolveJournal {
  let index = 0;
  let written = performance.now();
  return {
    next(problem) {
      const solution = join(folder, `solution-${index}`);
      const state = join(folder, `state-${index}`);
      index++;
      return {
        solution: () => read(solution, problem, ["weights"]) as KeptSolution | undefined,
        keep({ weights, ...numbers }) {
          write(solution, problem, { weights }, numbers);
          rmSync(state, { force: true });
        },
        state: () => read(state, problem, ["x", "r", "p"]) as GradientState | undefined,
        offerState(make) {
          if (performance.now() - written < 1000 * secondsBetweenStates) return;
          const { x, r, p, ...numbers } = make();
          write(state, problem, { x, r, p }, numbers);
          written = performance.now();
        },
      };
    },
  };
}

/** Removes all that is kept in `folder`. */
export function removeTrainingCheckpoint(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function write(file: string, problem: string, vectors: Readonly<Record<string, Float64Array>>, numbers: object): void {
  const tensors = Object.entries(vectors).map(([name, data]) => [name, { shape: [data.length], data }] as const);
  writeAtomically(file, writeSafetensors(new Map(tensors), { problem, numbers: JSON.stringify(numbers) }));
}

/** Throws `mismatch` for what was kept of another problem, `corrupt` for a damaged file and for what is not a number. */
function read(file: string, problem: string, names: readonly string[]): unknown {
  if (!existsSync(file)) return undefined;
  const { tensors, metadata, numbers } = readKept(file);
  if (metadata.problem !== problem)
    throw new BrineError(
      "mismatch",
      "this was kept by another version of brine, with other linear algebra (BRINE_BLAS) or another --memory; go on with the same, or remove its folder to start anew",
      { where: file },
    );
  const vectors = names.map((name) => [name, tensors.get(name)?.data] as const);
  // JSON has null for what is not a number, which only the determinant may be.
  const wrong = Object.entries(numbers).some(([name, value]) => value === null && name !== "logDeterminant");
  if (wrong || vectors.some(([, data]) => !data?.every(Number.isFinite))) throw damaged(file);
  return { ...Object.fromEntries(vectors), ...numbers };
}

function readKept(file: string): Safetensors & { readonly numbers: object } {
  const bytes = readBytes(file);
  try {
    const kept = readSafetensors(bytes);
    return { ...kept, numbers: JSON.parse(kept.metadata.numbers) as object };
  } catch (cause) {
    throw damaged(file, cause);
  }
}

function damaged(file: string, cause?: unknown): BrineError {
  return new BrineError("corrupt", "this part of the checkpoint is damaged; remove it, and it is made again", {
    where: file,
    cause,
  });
}
