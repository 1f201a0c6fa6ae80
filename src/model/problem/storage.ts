/**
 * Long arrays of numbers: kept in memory that threads share, or in a scratch file where they are too many. Single
 * precision halves the bytes; products are always formed in double precision. A `Stored` is plain data and can be
 * handed to another thread.
 */
import { BrineError } from "../../errors.js";
import { machine } from "../../machine.js";

export type Precision = "single" | "double";

export interface Stored {
  readonly length: number;
  readonly precision: Precision;
  /** Where the numbers are: their memory, or the name of their scratch file. */
  readonly place: Float32Array | Float64Array | string;
}

/** The door to scratch files. Positions are in bytes; `read` fills all of `bytes` or throws. */
export interface ScratchFiles {
  /** Writes `bytes` at a position of a file, made if it is not there. */
  write(file: string, position: number, bytes: Uint8Array): void;
  /** Fills `bytes` from a position of a file. */
  read(file: string, position: number, bytes: Uint8Array): void;
}

declare module "../../machine.js" {
  interface Machine {
    /** Files for what does not fit into memory (none). */
    readonly scratchFiles?: ScratchFiles;
  }
}

function scratchFiles(): ScratchFiles {
  const files = machine().scratchFiles;
  if (!files) throw new BrineError("unsupported", "there are no scratch files here; use fewer environments");
  return files;
}

/** Numbers that pass through the stages at a time. */
const STAGE = 65536;
const singles = new Float32Array(STAGE);

/** Zeros in memory that threads share, where there is such memory. */
export function shared(length: number): Float64Array {
  return typeof SharedArrayBuffer === "undefined"
    ? new Float64Array(length)
    : new Float64Array(new SharedArrayBuffer(8 * length));
}

/** Room for `length` numbers: in `file`, or in memory (zeros) when absent. */
export function store(length: number, precision: Precision, file?: string): Stored {
  if (file !== undefined) return { length, precision, place: file };
  if (precision === "double") return { length, precision, place: shared(length) };
  const place =
    typeof SharedArrayBuffer === "undefined"
      ? new Float32Array(length)
      : new Float32Array(new SharedArrayBuffer(4 * length));
  return { length, precision, place };
}

/** Writes `values` from number `at` on. */
export function put({ place, precision }: Stored, at: number, values: Float64Array): void {
  if (typeof place !== "string") return place.set(values, at);
  if (precision === "double") return scratchFiles().write(place, 8 * at, bytesOf(values, 0, values.length));
  for (let from = 0; from < values.length; from += STAGE) {
    const part = values.subarray(from, from + STAGE);
    singles.set(part);
    scratchFiles().write(place, 4 * (at + from), bytesOf(singles, 0, part.length));
  }
}

/** Whether `view` costs nothing. */
export function isDirect({ place, precision }: Stored): boolean {
  return typeof place !== "string" && precision === "double";
}

/** Numbers `from` … `from + count` − 1: the memory itself when it is in double precision, else a copy in `work`. */
export function view(stored: Stored, from: number, count: number, work?: Float64Array): Float64Array {
  const { place, precision } = stored;
  if (typeof place !== "string" && precision === "double") return (place as Float64Array).subarray(from, from + count);
  const result = (work ?? new Float64Array(count)).subarray(0, count);
  if (typeof place === "string" && precision === "double") {
    scratchFiles().read(place, 8 * from, bytesOf(result, 0, count));
    return result;
  }
  for (let at = 0; at < count; at += STAGE) {
    const size = Math.min(STAGE, count - at);
    // Shared memory is converted many times faster by way of memory that is not.
    if (typeof place === "string") scratchFiles().read(place, 4 * (from + at), bytesOf(singles, 0, size));
    else singles.set(place.subarray(from + at, from + at + size));
    result.set(size === STAGE ? singles : singles.subarray(0, size), at);
  }
  return result;
}

function bytesOf(values: Float32Array | Float64Array, from: number, count: number): Uint8Array {
  const size = values.BYTES_PER_ELEMENT;
  return new Uint8Array(values.buffer, values.byteOffset + size * from, size * count);
}
