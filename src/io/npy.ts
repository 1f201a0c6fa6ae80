/**
 * NumPy's array files. Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 *   \x93NUMPY, version, header length, header (a Python dict), then the numbers.
 */
import { BrineError } from "../errors.js";

/** An array of numpy, C order. */
export interface NpyArray {
  /** Lengths along the axes. */
  readonly shape: readonly number[];
  /** The numbers, the last axis fastest. */
  readonly data: Float64Array;
}

const MAGIC = "\u0093NUMPY";

type Read = (view: DataView, offset: number) => number;

/** Number types that are read, all as f64: size in bytes, and how. */
const TYPES: Readonly<Record<string, readonly [size: number, read: Read]>> = {
  "<f8": [8, (view, at) => view.getFloat64(at, true)],
  "<f4": [4, (view, at) => view.getFloat32(at, true)],
  "<i8": [8, (view, at) => Number(view.getBigInt64(at, true))],
  "<i4": [4, (view, at) => view.getInt32(at, true)],
  "|u1": [1, (view, at) => view.getUint8(at)],
};

/** A C-ordered f64 array. Throws `input` when shape and data disagree. */
export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  if (product(shape) !== data.length)
    throw new BrineError("input", `${data.length} numbers do not fill the shape [${shape.join(", ")}]`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '<f8', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const header = `${dict.padEnd(start - 11)}\n`;
  const bytes = new Uint8Array(start + 8 * data.length);
  const view = new DataView(bytes.buffer);
  bytes.set(latin1(`${MAGIC}\u0001\u0000`));
  view.setUint16(8, header.length, true);
  bytes.set(latin1(header), 10);
  data.forEach((value, i) => view.setFloat64(start + 8 * i, value, true));
  return bytes;
}

/** Throws `corrupt` for other or cut-off bytes, `unsupported` for other number types and Fortran order. */
export function readNpy(bytes: Uint8Array, source = "npy"): NpyArray {
  const corrupt = (message: string): BrineError => new BrineError("corrupt", message, { where: source });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC) throw corrupt("not an npy array");
  const long = bytes[6] > 1;
  const start = long ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  const header = new TextDecoder("latin1").decode(bytes.subarray(long ? 12 : 10, start));
  const dict = /'descr':\s*'([^']+)'.*'fortran_order':\s*(True|False).*'shape':\s*\(([^)]*)\)/s.exec(header);
  if (!dict)
    throw /'descr':\s*\[/.test(header)
      ? new BrineError("unsupported", "structured arrays are not read", { where: source })
      : corrupt("the header of the array is damaged");
  const shape = dict[3]
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
    .map(Number);
  const type = TYPES[dict[1]];
  if (!type) throw new BrineError("unsupported", `an array of type ${dict[1]}; save it as float64`, { where: source });
  if (dict[2] === "True" && shape.length > 1)
    throw new BrineError("unsupported", "the array is in Fortran order; save it in C order (numpy.ascontiguousarray)", {
      where: source,
    });
  const [size, read] = type;
  const count = product(shape);
  if (start + size * count > bytes.length) throw corrupt("the array is cut off");
  return { shape, data: Float64Array.from({ length: count }, (_, i) => read(view, start + size * i)) };
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1);
}
