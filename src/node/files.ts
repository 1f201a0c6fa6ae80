/** Reading and writing whole files, with errors that say what to do. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
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
 * Writes the whole file or nothing, in the parts that it comes in: into a file beside it that then takes its name. Throws `storage`
 * for a full disk, missing permission or a missing folder.
 */
export function writeAtomically(path: string, content: Uint8Array | string | Iterable<string>): void {
  const temporary = temporaryName(path);
  try {
    const file = openSync(temporary, "wx");
    try {
      if (typeof content === "string" || ArrayBuffer.isView(content)) writeFileSync(file, content);
      else for (const part of content) writeFileSync(file, part); // from where the last one ended
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw fileError(error, path, "write");
  }
}

/** Throws what `writeAtomically` would throw for a missing folder or permission, by making a file there for a moment. */
export function checkWritable(path: string): void {
  const temporary = temporaryName(path);
  try {
    closeSync(openSync(temporary, "wx"));
    rmSync(temporary);
  } catch (error) {
    throw fileError(error, path, "write");
  }
}

function temporaryName(path: string): string {
  return `${path}.${randomBytes(4).toString("hex")}.tmp`;
}

/** What is there under this name; undefined for nothing. Throws `storage`. */
export function fileState(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, path, "write");
  }
}

/**
 * Makes a folder, and those above it, unless it is there. Throws `storage`. One by one: the recursive call of Node 20
 * does not return where none can be made, as in /proc.
 */
export function makeFolder(path: string): void {
  const state = fileState(path);
  if (state?.isDirectory()) return;
  if (state) throw new BrineError("storage", "this is a file, not a folder", { where: path });
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!fileState(path)?.isDirectory()) throw fileError(error, path, "write"); // else another process was faster
  }
}

/** Makes a folder as `makeFolder` does; what is in one of this name is removed. */
export function makeEmptyFolder(path: string): void {
  makeFolder(path);
  try {
    rmSync(path, { recursive: true });
    mkdirSync(path);
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
      if (doing === "read") return new BrineError("input", "there is no such file", options);
      return existsSync(dirname(path))
        ? new BrineError("storage", "nothing of this name can be made there", options)
        : new BrineError("storage", `there is no folder ${dirname(path)}; make it first`, options);
    case "ENOTDIR":
      return new BrineError("storage", `${dirname(path)} is not a folder`, options);
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
