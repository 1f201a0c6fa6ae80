/** Geometry of a periodic cell with lattice vectors a_k (rows, bohr). */
import { BrineError } from "../errors.js";
import { cross, dot3 } from "../math/vectors.js";
import { latticeRows, reciprocalVectors } from "./reciprocal-lattice.js";
import { isPeriodic, type Structure } from "./structure.js";

/**
 * The lattice vectors of a structure that repeats in all three directions: [3, 3], rows. Throws `input` when there is
 * no cell or it has no volume, and `unsupported` when it repeats in fewer directions.
 */
export function latticeVectors(structure: Structure): Float64Array {
  const { cell } = structure;
  if (!cell || !isPeriodic(structure))
    throw new BrineError(
      "input",
      'the structure has no periodic cell; give Lattice="…" and pbc="T T T" in its comment line, or take a molecular level',
    );
  if (!cell.periodic.every(Boolean))
    throw new BrineError("unsupported", 'the cell must repeat in all three directions (pbc="T T T")');
  reciprocalVectors(cell.vectors);
  return cell.vectors;
}

/** a_1 · (a_2 × a_3), bohr³, positive. */
export function cellVolume(vectors: Float64Array): number {
  const [a, b, c] = latticeRows(vectors);
  return Math.abs(dot3(a, cross(b, c)));
}
