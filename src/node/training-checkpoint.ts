/** The journal of a training run as a folder beside its model: one file a solution, one for the state of the one in work. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BrineError } from "../errors.js";
import { readSafetensors, type Safetensors, writeSafetensors } from "../io/safetensors.js";
import type { GradientState } from "../model/solver/conjugate-gradients.js";
import type { KeptSolution, SolveJournal } from "../model/solver/solve-journal.js";
import { makeEmptyFolder, readBytes, readText, writeAtomically } from "./files.js";

/**
 * Begins a new journal in `folder`, or goes on with the one that is there when `resume` is set. Throws `mismatch` for
 * the journal of another run, `storage` when it cannot be written. A state is written when the last one is
 * `secondsBetweenStates` old.
 */
export function openTrainingCheckpoint(
  folder: string,
  key: string,
  resume: boolean,
  secondsBetweenStates = 20,
): SolveJournal {
  const keyFile = join(folder, "key");
  if (!resume || !existsSync(keyFile)) {
    makeEmptyFolder(folder);
    writeAtomically(keyFile, key);
  } else if (readText(keyFile) !== key)
    throw new BrineError(
      "mismatch",
      "this is the checkpoint of a training with other settings or other structures; give those again, or leave --resume out to start anew",
      { where: folder },
    );
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

/** Whether there is work in `folder` that a run can go on from. */
export function hasTrainingCheckpoint(folder: string): boolean {
  return existsSync(join(folder, "key")) && readdirSync(folder).some((name) => /^(solution|state)-\d+$/.test(name));
}

/** Removes the journal in `folder`. */
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
      "this was kept by another version of brine, with other linear algebra (BRINE_BLAS) or another --memory; resume with the same, or leave --resume out to start anew",
      { where: file },
    );
  const vectors = names.map((name) => [name, tensors.get(name)?.data] as const);
  // JSON has null for what is not a number.
  if (vectors.some(([, data]) => !data?.every(Number.isFinite)) || Object.values(numbers).includes(null))
    throw damaged(file);
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
  return new BrineError("corrupt", "this part of the checkpoint is damaged; leave --resume out to start anew", {
    where: file,
    cause,
  });
}
