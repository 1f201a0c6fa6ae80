/**
 * A working directory of SALTED: `inp.yaml`, the structures, `coefficients/coefficients_confN.npy` in its order of
 * functions (p as y, z, x) and, where they were kept, `overlaps/overlap_confN.npy`. N counts structures from 0.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { BrineError, isBrineError } from "../errors.js";
import type { ImportedDensity } from "../io/coefficients.js";
import { readNpy, type NpyArray } from "../io/npy.js";
import { readSaltedInput, type SaltedInput } from "../io/salted-input.js";
import { readBytes, readText } from "./files.js";

const DEFAULT_STRUCTURES = "structures.xyz";

/** A working directory of SALTED, read as it is asked for. */
export interface SaltedDirectory {
  /** What its `inp.yaml` says. */
  readonly input: SaltedInput;
  /** Path of the structures. */
  readonly structures: string;
  /** Coefficients of structure `index`, or why there are none. */
  density(index: number): ImportedDensity;
  /** Overlap of the auxiliary functions of structure `index`; undefined when it was not kept. Throws like `readNpy`. */
  overlap(index: number): NpyArray | undefined;
}

/** Throws `input` when the directory has no coefficients. */
export function openSaltedDirectory(folder: string): SaltedDirectory {
  const coefficients = join(folder, "coefficients");
  if (!existsSync(coefficients) || !statSync(coefficients).isDirectory())
    throw new BrineError("input", "there is no folder coefficients/ in it; give the working directory of SALTED", {
      where: folder,
    });
  const inputFile = join(folder, "inp.yaml");
  const input = existsSync(inputFile) ? readSaltedInput(readText(inputFile), inputFile) : {};
  return {
    input,
    structures: join(folder, input.structures ?? DEFAULT_STRUCTURES),
    density(index) {
      const name = `coefficients_conf${index}.npy`;
      const file = join(coefficients, name);
      if (!existsSync(file)) return { problem: `there is no coefficients/${name}` };
      try {
        const values = readNpy(readBytes(file), file).data;
        const wrong = values.findIndex((value) => !Number.isFinite(value));
        return wrong < 0 ? { coefficients: values } : { problem: `coefficient ${wrong} is not a number` };
      } catch (error) {
        if (!isBrineError(error)) throw error;
        return { problem: error.message };
      }
    },
    overlap(index) {
      const file = join(folder, "overlaps", `overlap_conf${index}.npy`);
      return existsSync(file) ? readNpy(readBytes(file), file) : undefined;
    },
  };
}
