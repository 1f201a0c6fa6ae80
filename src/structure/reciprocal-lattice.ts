/**
 * The reciprocal lattice of lattice vectors a_k (rows, bohr): b_k with a_i · b_k = δ_ik, and the waves exp(iG·r) that
 * repeat with the cell, G = 2π Σ n_k b_k.
 */
import { BrineError } from "../errors.js";
import { cross, dot3 } from "../math/vectors.js";

/**
 * b_k with a_i · b_k = δ_ik (no factor 2π), rows: fractional coordinates are f_k = b_k · r, and |b_k| is one over the
 * distance of the lattice planes. Throws `input` for a cell without volume.
 */
export function reciprocalVectors(vectors: Float64Array): Float64Array {
  const [a, b, c] = latticeRows(vectors);
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

/** 2π b_k, rows, 1/bohr: the steps of G. Throws `input` for a cell without volume. */
export function waveVectors(vectors: Float64Array): Float64Array {
  return reciprocalVectors(vectors).map((x) => 2 * Math.PI * x);
}

/** The largest |n_k| of any |G| < `cutoff` (1/bohr), for lattice vectors a_k (rows, bohr). */
export function largestIntegers(vectors: Float64Array, cutoff: number): number[] {
  return [0, 1, 2].map((k) => Math.floor((cutoff * Math.hypot(...vectors.subarray(3 * k, 3 * k + 3))) / (2 * Math.PI)));
}

/** G = 2π Σ n_k b_k, 1/bohr, from `reciprocalVectors`. */
export function waveVector(b: Float64Array, [i, j, k]: readonly [number, number, number]): [number, number, number] {
  const component = (axis: number): number => 2 * Math.PI * (i * b[axis] + j * b[3 + axis] + k * b[6 + axis]);
  return [component(0), component(1), component(2)];
}

/** a_1, a_2, a_3. */
export function latticeRows(m: Float64Array): [Float64Array, Float64Array, Float64Array] {
  return [m.subarray(0, 3), m.subarray(3, 6), m.subarray(6, 9)];
}
