/**
 * A thread's workspace for intermediate matrices of one block, the same memory from block to block: allocating and clearing
 * it anew costs as much as a product. Each area holds one matrix at a time, until the next one is asked for there.
 */
import type { Matrix } from "../math/matrix.js";

/**
 * `points`: functions × points, made and used within one function. `functions`: functions × functions, likewise. The others
 * live longer, beside those: `half` and `potential` for a gradient, `kernel` for the functions scaled by f_xc, `value`,
 * `slope` and `curvature` for radial parts at the points.
 */
export type ScratchArea =
  | "points"
  | "functions"
  | "half"
  | "potential"
  | "kernel"
  | "strip"
  | "value"
  | "slope"
  | "curvature";

const areas = new Map<ScratchArea, Float64Array>();

/** A matrix with arbitrary content, valid until the next call with the same `area`. */
export function scratchMatrix(area: ScratchArea, rows: number, columns: number): Matrix {
  const size = rows * columns;
  let data = areas.get(area);
  if (!data || data.length < size) areas.set(area, (data = new Float64Array(size)));
  return { rows, columns, data };
}
