/**
 * A large matrix, or its transpose, times a few vectors: the matrix is read once. Groups of rows are
 * copied into the second-level cache, as the scratch of the WebAssembly kernels, and all vectors pass over
 * them there (see kernels/vectors.ts).
 */
import { SCRATCH_START, type Kernels } from "./kernels.js";
import type { Matrix } from "./matrix.js";
import { copyRows } from "./packing.js";

/** Numbers in a group of rows, 128 kB. */
const GROUP_SIZE = 16384;
/** Longer rows are cut, so that a group has at least four. */
const LONGEST_ROW = GROUP_SIZE / 4;
/** Vectors that one pass over the matrix serves. */
export const MOST_VECTORS = 8;

const A_AT = SCRATCH_START;
const LONG_AT = A_AT + GROUP_SIZE; // vectors along a row
const SHORT_AT = LONG_AT + MOST_VECTORS * LONGEST_ROW; // vectors along the rows of a group

/** The columns or rows of a matrix as vectors. */
export interface Vectors {
  readonly data: Float64Array;
  readonly count: number;
  /** From one vector to the next, and from one element of a vector to the next. */
  readonly apart: number;
  readonly step: number;
}

export function columnsOf(a: Matrix): Vectors {
  return { data: a.data, count: a.columns, apart: 1, step: a.stride ?? a.columns };
}

export function rowsOf(a: Matrix): Vectors {
  return { data: a.data, count: a.rows, apart: a.stride ?? a.columns, step: 1 };
}

/** y_v ← y_v + α op(A) x_v for at most eight vectors. */
export function addThinProduct(
  kernels: Kernels,
  transposed: boolean,
  alpha: number,
  a: Matrix,
  x: Vectors,
  y: Vectors,
): void {
  const stride = a.stride ?? a.columns;
  const { doubles: scratch } = kernels;
  const count = x.count;
  for (let j = 0; j < a.columns; j += LONGEST_ROW) {
    const width = Math.min(LONGEST_ROW, a.columns - j);
    const group = Math.floor(GROUP_SIZE / width / 4) * 4;
    if (transposed) scratch.fill(0, LONG_AT, LONG_AT + count * width);
    else load(scratch, LONG_AT, width, x, j, width);
    for (let i = 0; i < a.rows; i += group) {
      const rows = Math.min(group, a.rows - i);
      const padded = (rows + 3) & ~3;
      copyRows(a.data, i * stride + j, stride, rows, width, scratch, A_AT, width);
      if (padded > rows) scratch.fill(0, A_AT + rows * width, A_AT + padded * width);
      if (transposed) {
        load(scratch, SHORT_AT, padded, x, i, rows);
        kernels.addTransposedVectors(8 * A_AT, padded, width, 8 * SHORT_AT, 8 * LONG_AT, count);
      } else {
        kernels.multiplyVectors(8 * A_AT, padded, width, 8 * LONG_AT, 8 * SHORT_AT, count);
        add(alpha, scratch, SHORT_AT, padded, y, i, rows);
      }
    }
    if (transposed) add(alpha, scratch, LONG_AT, width, y, j, width);
  }
}

/** Elements first … first + length of each vector, to rows of the scratch that are `apart` from each other; zeros after them. */
function load(scratch: Float64Array, at: number, apart: number, x: Vectors, first: number, length: number): void {
  const { data, count, step } = x;
  for (let v = 0; v < count; v++) {
    const from = v * x.apart + first * step;
    const to = at + v * apart;
    for (let i = 0; i < length; i++) scratch[to + i] = data[from + i * step];
    for (let i = length; i < apart; i++) scratch[to + i] = 0;
  }
}

/** Adds α × rows of the scratch to elements first … first + length of each vector. */
function add(
  alpha: number,
  scratch: Float64Array,
  at: number,
  apart: number,
  y: Vectors,
  first: number,
  length: number,
): void {
  const { data, count, step } = y;
  for (let v = 0; v < count; v++) {
    const to = v * y.apart + first * step;
    const from = at + v * apart;
    for (let i = 0; i < length; i++) data[to + i * step] += alpha * scratch[from + i];
  }
}
