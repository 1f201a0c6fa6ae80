/** Reading and writing whole files, with errors that say what to do. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { BrineError } from "../errors.js";

/** Throws `input` when there is no such file, `storage` when it cannot be read. */
export function readText(path: string): string {
  return readBytes(path).toString("utf8");
}

/** Throws `input` when there is no such file, `storage` when it cannot be read. */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** The first `count` bytes, or all when there are fewer. Throws like `readBytes`. */
export function firstBytes(path: string, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  try {
    const file = openSync(path, "r");
    try {
      return bytes.subarray(0, readSync(file, bytes, 0, count, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * Writes the whole file or nothing: into a file beside it that then takes its name. Throws `storage`
 * for a full disk, missing permission or a missing folder.
 */
export function writeAtomically(path: string, content: Uint8Array | string): void {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = openSync(temporary, "wx");
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, path, "write");
  }
}

/** Makes a folder, and those above it, unless it is there. Throws `storage`. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fileError(error, path, "write");
  }
}

/** What the operating system says about a file, in words. */
export function fileError(error: unknown, path: string, doing: "read" | "write" = "read"): BrineError {
  const code = (error as NodeJS.ErrnoException).code;
  const options = { where: path, cause: error };
  switch (code) {
    case "ENOENT":
      return doing === "read"
        ? new BrineError("input", "there is no such file", options)
        : new BrineError("storage", `there is no folder ${dirname(path)}; make it first`, options);
    case "EISDIR":
      return new BrineError("input", "this is a folder, not a file", options);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new BrineError("storage", `no permission to ${doing} this file`, options);
    case "ENOSPC":
    case "EDQUOT":
      return new BrineError("storage", "the disk is full; make room and run the command again", options);
    default:
      return new BrineError(
        "storage",
        `cannot ${doing} this file: ${error instanceof Error ? error.message : String(error)}`,
        options,
      );
  }
}
