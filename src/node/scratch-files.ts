/** Scratch files of a run, in a folder that is removed at its end. */
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrineError } from "../errors.js";
import { useMachine } from "../machine.js";
import type { ScratchFiles } from "../model/problem/storage.js";
import { makeEmptyFolder } from "./files.js";

export interface ScratchFolder {
  readonly path: string;
  close(): void;
}

/** An empty folder within reach of this thread; what a killed run left in it is removed. Throws `storage`. */
export function scratchFolder(path: string): ScratchFolder {
  useMachine({ scratchFiles: machineFiles });
  makeEmptyFolder(path);
  return { path, close: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * A folder of this run alone, for others may work on the same file: beside `path`, where there is space for what was made
 * of it; among temporary files when nothing can be written there.
 */
export function ownScratchFolder(path: string): ScratchFolder {
  return scratchFolder(newFolder(`${path}.scratch-`) ?? mkdtempSync(join(tmpdir(), "brine-")));
}

function newFolder(prefix: string): string | undefined {
  try {
    return mkdtempSync(prefix);
  } catch {
    return undefined;
  }
}

/** Scratch files in folders of this machine, for `useMachine`. */
export const machineFiles: ScratchFiles = {
  write: (file, position, bytes) =>
    withFile(file, constants.O_WRONLY | constants.O_CREAT, (descriptor) => {
      for (let done = 0; done < bytes.length;)
        done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
    }),
  read: (file, position, bytes) =>
    withFile(file, constants.O_RDONLY, (descriptor) => {
      for (let done = 0; done < bytes.length;) {
        const count = readSync(descriptor, bytes, done, bytes.length - done, position + done);
        if (count === 0)
          throw new BrineError("corrupt", "the scratch file is shorter than what was written to it", { where: file });
        done += count;
      }
    }),
};

function withFile(file: string, flags: number, work: (descriptor: number) => void): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, flags, 0o600);
  } catch (error) {
    throw new BrineError("storage", "a scratch file of the training cannot be opened", { where: file, cause: error });
  }
  try {
    work(descriptor);
  } catch (error) {
    if (error instanceof BrineError) throw error;
    throw new BrineError("storage", `a scratch file of the training failed: ${(error as Error).message}`, {
      where: file,
      cause: error,
    });
  } finally {
    closeSync(descriptor);
  }
}
