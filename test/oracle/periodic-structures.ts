/** Periodic structures of the oracle files. */
import { atomicNumber } from "../../dist/structure/elements.js";
import type { Structure } from "../../dist/structure/structure.js";

export interface PeriodicData {
  readonly species: readonly string[];
  readonly positions: readonly number[][];
  /** Three edges of a box or three vectors. */
  readonly cell: readonly (number | readonly number[])[];
}

/** `unit`: length of the numbers in bohr. */
export function periodicStructure(data: PeriodicData, unit = 1): Structure {
  const rows = data.cell.map((row, k) => (typeof row === "number" ? [0, 1, 2].map((j) => (j === k ? row : 0)) : row));
  return {
    species: Uint8Array.from(data.species, atomicNumber),
    positions: Float64Array.from(data.positions.flat(), (x) => x * unit),
    cell: { vectors: Float64Array.from(rows.flat(), (x) => x * unit), periodic: [true, true, true] },
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

/** The largest difference from a lower triangle. */
export function largestDifference(
  a: { readonly columns: number; readonly data: Float64Array },
  triangle: readonly number[],
): number {
  let largest = 0;
  for (let i = 0, at = 0; i < a.columns; i++)
    for (let j = 0; j <= i; j++, at++) largest = Math.max(largest, Math.abs(a.data[i * a.columns + j] - triangle[at]));
  return largest;
}
