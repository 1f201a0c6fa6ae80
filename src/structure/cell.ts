/** Geometry of a periodic cell with lattice vectors a_k (rows, bohr). */
import { BrineError } from "../errors.js";
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
  const [a, b, c] = rowsOf(vectors);
  return Math.abs(dot3(a, cross(b, c)));
}

/**
 * b_k with a_i · b_k = δ_ik (no factor 2π), rows: fractional coordinates are f_k = b_k · r, and |b_k| is one over the
 * distance of the lattice planes. Throws `input` for a cell without volume.
 */
export function reciprocalVectors(vectors: Float64Array): Float64Array {
  const [a, b, c] = rowsOf(vectors);
  const normals = [cross(b, c), cross(c, a), cross(a, b)];
  const volume = dot3(a, normals[0]);
  const size = Math.hypot(...a) * Math.hypot(...b) * Math.hypot(...c);
  if (!(Math.abs(volume) > 1e-10 * size && Number.isFinite(size)))
    throw new BrineError(
      "input",
      "the cell has no volume; check the lattice vectors and which directions are periodic",
    );
  return Float64Array.from({ length: 9 }, (_, k) => normals[Math.floor(k / 3)][k % 3] / volume);
}

export function cross(a: ArrayLike<number>, b: ArrayLike<number>): [number, number, number] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function rowsOf(m: Float64Array): [Float64Array, Float64Array, Float64Array] {
  return [m.subarray(0, 3), m.subarray(3, 6), m.subarray(6, 9)];
}

function dot3(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
