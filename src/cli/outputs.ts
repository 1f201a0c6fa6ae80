/** Where results go, looked at before the work that makes them. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { BrineError } from "../errors.js";
import { checkWritable, fileState, makeFolder } from "../node/files.js";
import { fileKind } from "./file-kind.js";

/** What a command writes. Text has many formats, so that only what is no text at all is told from it. */
type Kind = "model" | "dataset" | "text";

const KINDS = { model: "a brine model", dataset: "a brine dataset", text: "text" } as const;

/**
 * Throws what would come after the work, or be lost by it: `storage` when no file can be written under this name,
 * `usage` for one of the `inputs`, `input` for a folder and for a file of another kind.
 */
export function checkOutput(path: string, kind: Kind, inputs: readonly string[] = []): void {
  const state = fileState(path);
  if (state) {
    if (inputs.some((input) => sameFile(input, path)))
      throw new BrineError("usage", `${path} is also the input, which it would replace; give another name`, {
        where: "--out",
      });
    const problem = state.isDirectory()
      ? "this is a folder, not a file"
      : !state.isFile()
        ? "this is not a regular file"
        : state.size > 0 && otherKind(path, kind);
    if (problem) throw new BrineError("input", problem, { where: path });
  }
  checkWritable(path);
}

/** A folder for results, made if it is not there. Throws `storage` when nothing can be written into it. */
export function outputFolder(path: string): void {
  makeFolder(path);
  checkWritable(join(path, "0"));
}

function sameFile(a: string, b: string): boolean {
  try {
    const [first, second] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
    return first.dev === second.dev && first.ino === second.ino;
  } catch {
    return false; // One of them is not there; who reads it says so.
  }
}

/** Why a file must not be replaced by one of `kind`; undefined when it may. */
function otherKind(path: string, kind: Kind): string | undefined {
  const own = fileKind(path);
  const found = own === "dataset" || own === "model" ? own : "text";
  if (found === kind) return undefined;
  const what = found === "text" ? `not ${KINDS[kind]}` : KINDS[found];
  return `this is ${what}, and it is not replaced; give another name or remove it first`;
}
