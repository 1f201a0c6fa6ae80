/** NumPy's archives of arrays: a zip file with one .npy an array. */
import { unzipSync, zipSync } from "fflate";
import { BrineError } from "../errors.js";
import { type NpyArray, readNpy, writeNpy } from "./npy.js";

/** Arrays by name as an npz file. Equal arrays give equal bytes: the date in the zip is fixed. */
const DATE = new Date(1980, 0, 1);

/** The bytes of an npz of arrays by name. */
export function writeNpz(arrays: Readonly<Record<string, NpyArray>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)] as const);
  return zipSync(Object.fromEntries(files), { level: 1, mtime: DATE });
}

/** Throws `corrupt` or `unsupported` like `readNpy`. */
export function readNpz(bytes: Uint8Array, source = "npz"): Record<string, NpyArray> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes);
  } catch (error) {
    throw new BrineError("corrupt", "not an npz archive, or it is cut off", { where: source, cause: error });
  }
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name.replace(/\.npy$/, ""), readNpy(file, `${source}, ${name}`)]),
  );
}
