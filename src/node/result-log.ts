/**
 * Results that come one by one and outlive their process: JSON lines, the first with the settings they were made with, then
 * one a structure. Memory holds where each line is, not what is in it. A line that a crash cut off is dropped.
 */
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { canonicalJson, plainJson } from "../canonical-json.js";
import { structureKey } from "../dataset/codec.js";
import { BrineError } from "../errors.js";
import type { LabelledStructure } from "../workflow/each-structure.js";
import { own } from "./file-owner.js";
import { fileError } from "./files.js";

/** By name; what is undefined is not set. */
export type Settings = Readonly<Record<string, string | number | boolean | undefined>>;

interface Line {
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

export interface ResultLog<Result> {
  /** Of a structure at its position; undefined where it is not there. */
  get(structure: LabelledStructure): Result | undefined;
  has(structure: LabelledStructure): boolean;
  /** Throws `storage`. Typed arrays come back as plain ones. */
  add(structure: LabelledStructure, result: Result): void;
  /** Removes the file: what was in it is elsewhere. */
  remove(): void;
  close(): void;
}

/**
 * Opens or makes the file; without a path one that is removed at its end. Throws `mismatch` when its results were made with
 * other settings, `busy` when another process writes it, `corrupt` for a file of another kind.
 */
export function openResultLog<Result>(path: string | undefined, settings: Settings): ResultLog<Result> {
  const temporary = path === undefined ? join(mkdtempSync(join(tmpdir(), "brine-")), "results") : undefined;
  const file = path ?? temporary ?? "";
  const disown = path === undefined ? undefined : own(path, "results");
  try {
    return new LogFile<Result>(file, settings, () => {
      disown?.();
      if (temporary !== undefined) rmSync(dirname(temporary), { recursive: true, force: true });
    });
  } catch (error) {
    disown?.();
    throw error;
  }
}

const LINE = /^\{"index":(\d+),"key":"([0-9a-f]+)","result":/;
const CHUNK = 1 << 20;

class LogFile<Result> implements ResultLog<Result> {
  readonly #path: string;
  readonly #file: number;
  readonly #lines = new Map<number, Line>();
  readonly #onClose: () => void;
  #end = 0;

  constructor(path: string, settings: Settings, onClose: () => void) {
    this.#path = path;
    this.#onClose = onClose;
    this.#file = this.#try(() => openSync(path, "a+"));
    try {
      this.#read(settings);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  has(structure: LabelledStructure): boolean {
    return this.#lines.get(structure.index)?.key === structureKey(structure.structure);
  }

  get(structure: LabelledStructure): Result | undefined {
    const line = this.#lines.get(structure.index);
    if (line?.key !== structureKey(structure.structure)) return undefined;
    return (JSON.parse(this.#bytes(line.offset, line.length).toString("utf8")) as { result: Result }).result;
  }

  add({ index, structure }: LabelledStructure, result: Result): void {
    const key = structureKey(structure);
    const text = `{"index":${index},"key":"${key}","result":${plainJson(result)}}\n`;
    this.#lines.set(index, { key, ...this.#append(text) });
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }

  close(): void {
    closeSync(this.#file);
    this.#onClose();
  }

  /** Notes where the lines are; writes the first one into an empty file. */
  #read(settings: Settings): void {
    const size = this.#try(() => fstatSync(this.#file).size);
    let rest = Buffer.alloc(0);
    for (let offset = 0; offset < size; offset += CHUNK) {
      const bytes = Buffer.concat([rest, this.#bytes(offset, Math.min(CHUNK, size - offset))]);
      let from = 0;
      for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
        this.#note(bytes.subarray(from, to), settings);
        this.#end += to + 1 - from;
        from = to + 1;
      }
      rest = bytes.subarray(from);
    }
    if (this.#end < size) this.#try(() => ftruncateSync(this.#file, this.#end));
    if (this.#end === 0) this.#append(`${canonicalJson({ brine: "results", settings })}\n`);
  }

  #note(line: Buffer, settings: Settings): void {
    if (this.#end === 0) {
      checkSettings(line.toString("utf8"), settings, this.#path);
      return;
    }
    const [, index, key] = LINE.exec(line.toString("latin1", 0, 200)) ?? [];
    if (key !== undefined) this.#lines.set(Number(index), { key, offset: this.#end, length: line.length });
  }

  #append(text: string): { offset: number; length: number } {
    const bytes = Buffer.from(text);
    const offset = this.#end;
    this.#try(() => {
      for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
    });
    this.#end += bytes.length;
    return { offset, length: bytes.length };
  }

  #bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    this.#try(() => {
      for (let read = 0; read < length;) read += readSync(this.#file, bytes, read, length - read, offset + read);
    });
    return bytes;
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fileError(error, this.#path, "write");
    }
  }
}

function checkSettings(header: string, settings: Settings, path: string): void {
  const where = { where: path };
  const found = settingsOf(header);
  if (!found) throw new BrineError("corrupt", "these are no results of an unfinished run of brine", where);
  const names = [...new Set([...Object.keys(found), ...Object.keys(settings)])];
  const other = names.filter((name) => found[name] !== settings[name]);
  if (other.length > 0)
    throw new BrineError(
      "mismatch",
      `the results of an unfinished run were made with another ${other.join(", ")}; give what they were made with, another output, or delete this file to start anew`,
      where,
    );
}

function settingsOf(header: string): Settings | undefined {
  try {
    const { brine, settings } = JSON.parse(header) as { brine?: string; settings?: Settings };
    return brine === "results" ? settings : undefined;
  } catch {
    return undefined; // not JSON, so not ours
  }
}
