/**
 * Copies between ordinary row-major matrices and the panels that the WebAssembly product works on
 * (see kernels/packing.ts). Rows go by block copies into a stage inside the scratch memory and are
 * interleaved there: three times as fast as a loop that writes panels from outside.
 */
import { SCRATCH_START, type Kernels } from "./kernels.js";

/** Rows or columns in a panel. */
export const PANEL = 4;

export const STAGE_SIZE = 49152;
const STAGE_AT = SCRATCH_START;
/** Shorter rows are copied by a loop: a block copy costs about this many elements to start. */
const SHORT = 24;

/** Panels at `to` whose lines are rows of the source: `lines` rows from `offset`, the first `depth` elements of each. */
export function packRows(
  kernels: Kernels,
  source: Float64Array,
  offset: number,
  stride: number,
  lines: number,
  depth: number,
  to: number,
): void {
  const group = Math.floor(STAGE_SIZE / depth / PANEL) * PANEL;
  for (let first = 0; first < lines; first += group) {
    const count = Math.min(group, lines - first);
    stage(kernels.doubles, source, offset + first * stride, stride, count, depth);
    kernels.packRows(8 * STAGE_AT, 8 * depth, count, depth, 8 * (to + first * depth));
  }
}

/** Panels at `to` whose lines are columns of the source: `lines` columns from `offset`, the first `depth` elements of each. */
export function packColumns(
  kernels: Kernels,
  source: Float64Array,
  offset: number,
  stride: number,
  lines: number,
  depth: number,
  to: number,
): void {
  const group = Math.floor(STAGE_SIZE / lines);
  for (let first = 0; first < depth; first += group) {
    const count = Math.min(group, depth - first);
    stage(kernels.doubles, source, offset + first * stride, stride, count, lines);
    kernels.packColumns(8 * STAGE_AT, 8 * lines, lines, count, 8 * (to + first * PANEL), 8 * PANEL * depth);
  }
}

/** Copies rows to the stage, without gaps. */
function stage(
  scratch: Float64Array,
  source: Float64Array,
  offset: number,
  stride: number,
  rows: number,
  width: number,
): void {
  copyRows(source, offset, stride, rows, width, scratch, STAGE_AT, width);
}

/** Copies `rows` rows of `width` elements. */
export function copyRows(
  source: Float64Array,
  from: number,
  fromStride: number,
  rows: number,
  width: number,
  target: Float64Array,
  to: number,
  toStride: number,
): void {
  if (fromStride === width && toStride === width) target.set(source.subarray(from, from + rows * width), to);
  else
    for (let i = 0; i < rows; i++, from += fromStride, to += toStride)
      if (width >= SHORT) target.set(source.subarray(from, from + width), to);
      else for (let j = 0; j < width; j++) target[to + j] = source[from + j];
}

/** C ← α P + β C for a block of `rows` × `columns`; β = 0 overwrites whatever C holds. */
export function addBlock(
  product: Float64Array,
  from: number,
  fromStride: number,
  rows: number,
  columns: number,
  alpha: number,
  beta: number,
  c: Float64Array,
  to: number,
  toStride: number,
): void {
  if (alpha === 1 && beta === 0) return copyRows(product, from, fromStride, rows, columns, c, to, toStride);
  for (let i = 0; i < rows; i++, from += fromStride, to += toStride)
    if (beta === 0) for (let j = 0; j < columns; j++) c[to + j] = alpha * product[from + j];
    else if (beta === 1) for (let j = 0; j < columns; j++) c[to + j] += alpha * product[from + j];
    else for (let j = 0; j < columns; j++) c[to + j] = alpha * product[from + j] + beta * c[to + j];
}
