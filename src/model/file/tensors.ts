/** The arrays of a model file by name, checked. */
import type { Tensor } from "../../io/safetensors.js";
import { damaged } from "./header.js";

export interface NamedTensors {
  has(name: string): boolean;
  /** Numbers of single or double precision, all finite. */
  floats(name: string, length?: number): Float64Array;
  integers(name: string): Int32Array;
  bytes(name: string): Uint8Array;
}

/** All of them throw `corrupt` for what is missing, of another type or length, or no number. */
export function namedTensors(tensors: ReadonlyMap<string, Tensor>, where: { readonly where?: string }): NamedTensors {
  const missing = (name: string): never => {
    throw damaged(`${name} is missing`, where);
  };
  return {
    has: (name) => tensors.has(name),
    floats(name, length) {
      const found = tensors.get(name)?.data;
      const data = found instanceof Float32Array ? Float64Array.from(found) : found;
      if (!(data instanceof Float64Array)) return missing(name);
      if (length !== undefined && data.length !== length)
        throw damaged(`${name} has ${data.length} numbers instead of ${length}`, where);
      if (!data.every(Number.isFinite)) throw damaged(`${name} holds something that is not a number`, where);
      return data;
    },
    integers(name) {
      const data = tensors.get(name)?.data;
      return data instanceof Int32Array ? data : missing(name);
    },
    bytes(name) {
      const data = tensors.get(name)?.data;
      return data instanceof Uint8Array ? data : missing(name);
    },
  };
}
