/** Density coefficients that other programs exchange: their order, and files of them. */
import type { PlacedBasis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { readNpz } from "./npz.js";

/** How the functions of a shell are ordered: brine and SALTED m = −l … l; PySCF the same but p as x, y, z. */
export type FunctionOrder = "brine" | "pyscf" | "salted";

/** One structure of a file: its density, or what is wrong with it. */
export type ImportedDensity =
  | {
      /** hartree */
      readonly energy?: number;
      /** [auxiliary], in the order of the file. */
      readonly coefficients: Float64Array;
    }
  | {
      /** What is wrong with it. */
      readonly problem: string;
    };

/** brine's p functions are y, z, x: where each is in the order x, y, z. */
const P_IN_XYZ = [1, 2, 0];

/** The coefficients in another order; atoms and shells stay where they are. */
export function reorder(
  coefficients: Float64Array,
  placed: PlacedBasis,
  from: FunctionOrder,
  to: FunctionOrder,
): Float64Array {
  if (coefficients.length !== placed.size)
    throw new BrineError("mismatch", `${coefficients.length} coefficients for ${placed.size} functions`);
  const result = coefficients.slice();
  if ((from === "pyscf") === (to === "pyscf")) return result;
  for (const { l, first } of placed.shells) {
    if (l !== 1) continue;
    for (let m = 0; m < 3; m++) {
      if (from === "pyscf") result[first + m] = coefficients[first + P_IN_XYZ[m]];
      else result[first + P_IN_XYZ[m]] = coefficients[first + m];
    }
  }
  return result;
}

/**
 * Reads JSON (an array of `{energy?, coefficients}`, or an object with such an array under `structures`) or
 * an npz (`coefficients`: [functions], or [structures, functions] when all have the same number; else one
 * array a structure named 0, 1, …; `energies` beside it, hartree). Throws `corrupt` or `input` for a file that
 * is neither; numbers that are none are the problem of their structure.
 */
export function readCoefficients(bytes: Uint8Array, source = "coefficients"): ImportedDensity[] {
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  return zip ? fromNpz(bytes, source) : fromJson(new TextDecoder().decode(bytes), source);
}

function fromJson(text: string, source: string): ImportedDensity[] {
  let document: unknown;
  try {
    // Python writes NaN and Infinity, which are not JSON: as text they are found with their place below.
    document = JSON.parse(text.replace(/(?<=[[,:\s])-?(NaN|Infinity)(?=[\],}\s])/g, '"$1"'));
  } catch (error) {
    throw new BrineError(
      "corrupt",
      `neither JSON nor an npz archive: ${error instanceof Error ? error.message : String(error)}`,
      { where: source },
    );
  }
  const list = Array.isArray(document) ? document : (document as { structures?: unknown } | null)?.structures;
  if (!Array.isArray(list))
    throw new BrineError(
      "input",
      'expected an array of {energy, coefficients}, or an object with such an array under "structures"',
      { where: source },
    );
  return list.map((item: unknown) => {
    const { energy, coefficients } = (item ?? {}) as { energy?: unknown; coefficients?: unknown };
    return Array.isArray(coefficients)
      ? checked(coefficients, energy ?? undefined)
      : { problem: 'there is no array "coefficients"' };
  });
}

function fromNpz(bytes: Uint8Array, source: string): ImportedDensity[] {
  const arrays = readNpz(bytes, source);
  const rows: Float64Array[] = [];
  const { coefficients, energies } = arrays;
  if (coefficients) {
    const width = coefficients.shape[coefficients.shape.length - 1] ?? 0;
    for (let first = 0; first < coefficients.data.length; first += width)
      rows.push(coefficients.data.subarray(first, first + width));
  } else for (let index = 0; arrays[index]; index++) rows.push(arrays[index].data);
  if (rows.length === 0)
    throw new BrineError("input", 'expected an array "coefficients", or one array a structure named 0, 1, …', {
      where: source,
    });
  if (energies && energies.data.length !== rows.length)
    throw new BrineError("mismatch", `${energies.data.length} energies for ${rows.length} structures`, {
      where: source,
    });
  return rows.map((row, index) => checked(row, energies?.data[index]));
}

function checked(values: ArrayLike<unknown>, energy: unknown): ImportedDensity {
  if (energy !== undefined && !isNumber(energy)) return { problem: `the energy is not a number: ${String(energy)}` };
  for (let i = 0; i < values.length; i++)
    if (!isNumber(values[i])) return { problem: `coefficient ${i} is not a number: ${String(values[i])}` };
  return { ...(energy !== undefined && { energy }), coefficients: Float64Array.from(values as ArrayLike<number>) };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
