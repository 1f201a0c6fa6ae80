/** Overlap matrices of another program, against those of the auxiliary basis: do both mean the same functions? */
import { type Basis, placeBasis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { overlapMatrix } from "../integrals/index.js";
import type { Structure } from "../structure/structure.js";
import type { NpyArray } from "./npy.js";

/** Largest difference of an element: geometries in files have 8 digits. */
const TOLERANCE = 1e-5;

/**
 * Compares the first structure that has an element no earlier one has, where `overlap` has its matrix in brine's or
 * SALTED's order. Throws `mismatch` naming the structure when basis, order or normalisation differ.
 */
export function checkOverlaps(
  structures: readonly Structure[],
  auxiliary: Basis,
  overlap: (index: number) => NpyArray | undefined,
): void {
  const checked = new Set<number>();
  structures.forEach((structure, index) => {
    if (structure.species.every((z) => checked.has(z))) return;
    const theirs = overlap(index);
    if (!theirs) return;
    for (const z of structure.species) checked.add(z);
    const ours = overlapMatrix(placeBasis(auxiliary, structure));
    const where = `overlap of structure ${index}`;
    if (theirs.data.length !== ours.rows ** 2)
      throw new BrineError(
        "mismatch",
        `it is of ${Math.round(Math.sqrt(theirs.data.length))} functions, ${auxiliary.name} has ${ours.rows} on this structure; check the auxiliary basis`,
        { where, settings: ["fit"] },
      );
    let largest = 0;
    for (let i = 0; i < ours.data.length; i++) largest = Math.max(largest, Math.abs(ours.data[i] - theirs.data[i]));
    if (!(largest < TOLERANCE))
      throw new BrineError(
        "mismatch",
        `it differs by ${largest.toPrecision(2)} from that of ${auxiliary.name}: other functions, or another order; check the auxiliary basis`,
        { where, settings: ["fit"] },
      );
  });
}
