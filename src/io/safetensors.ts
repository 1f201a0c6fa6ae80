/**
 * safetensors: a JSON header with the name, type, shape and place of each tensor, then the raw numbers.
 *
 *   u64 header length (little-endian) | header | tensors
 *
 * Source: https://github.com/huggingface/safetensors#format. The header is padded with spaces to a
 * multiple of 8 bytes and f64 tensors come first, so that reading needs no copy.
 */
import { BrineError } from "../errors.js";

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
}

export interface Safetensors {
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Record<string, string>;
}

const TYPES = [
  { name: "F64", array: Float64Array },
  { name: "F32", array: Float32Array },
  { name: "I32", array: Int32Array },
  { name: "U8", array: Uint8Array },
] as const;

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** The bytes of a file; tensors of one type keep their order. Throws `input` when a shape and its data disagree. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const placed: { bytes: Uint8Array; offset: number }[] = [];
  let offset = 0;
  for (const { name: dtype, array } of TYPES)
    for (const [name, { shape, data }] of tensors) {
      if (!(data instanceof array)) continue;
      if (product(shape) !== data.length)
        throw new BrineError("input", `tensor ${name} has ${data.length} numbers but the shape [${shape.join(", ")}]`);
      header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
      placed.push({ bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset });
      offset += data.byteLength;
    }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(start + offset).fill(0x20, 8 + json.length, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(json, 8);
  for (const { bytes, offset: at } of placed) file.set(bytes, start + at);
  return file;
}

/**
 * Reads a file; the tensors are views of `bytes` where their alignment allows it. Throws `corrupt` for
 * bytes that are not safetensors or are cut off, `unsupported` for other number types.
 */
export function readSafetensors(bytes: Uint8Array, source?: string): Safetensors {
  const options = source === undefined ? {} : { where: source };
  const corrupt = (message: string): BrineError => new BrineError("corrupt", message, options);
  if (bytes.length < 8) throw corrupt("not a safetensors file: it is too short");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length < 2 || bytes[8] !== 0x7b) throw corrupt("not a safetensors file");
  if (8 + length > bytes.length) throw corrupt("the file is cut off inside its header; copy or make it again");
  const { __metadata__: metadata = {}, ...entries } = parseHeader(bytes.subarray(8, 8 + length), corrupt);
  const body = bytes.subarray(8 + length);
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(entries)) {
    if (!isEntry(entry)) throw corrupt(`the header entry of tensor ${name} is damaged`);
    const type = TYPES.find((known) => known.name === entry.dtype);
    if (!type)
      throw new BrineError(
        "unsupported",
        `tensor ${name} has the type ${entry.dtype}; brine reads ${TYPES.map((known) => known.name).join(", ")}`,
        options,
      );
    const [from, to] = entry.data_offsets;
    if (to > body.length) throw corrupt(`the file is cut off inside tensor ${name}; copy or make it again`);
    if (to - from !== product(entry.shape) * type.array.BYTES_PER_ELEMENT)
      throw corrupt(`the shape and the size of tensor ${name} disagree`);
    tensors.set(name, { shape: entry.shape, data: numbers(body.subarray(from, to), type.array) });
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

function parseHeader(json: Uint8Array, corrupt: (message: string) => BrineError): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json)) as Record<string, unknown>;
  } catch {
    throw corrupt("not a safetensors file, or its header is damaged");
  }
}

function isEntry(value: unknown): value is HeaderEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<HeaderEntry>;
  const naturals = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  return typeof dtype === "string" && naturals(shape) && naturals(offsets) && offsets.length === 2;
}

/** A view when the bytes are aligned, else a copy. */
function numbers(bytes: Uint8Array, array: (typeof TYPES)[number]["array"]): Tensor["data"] {
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new array(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / array.BYTES_PER_ELEMENT);
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1);
}
