/**
 * Implicit QL iteration with Wilkinson's shift for a symmetric tridiagonal matrix (Dubrulle, Martin &
 * Wilkinson, Numer. Math. 12, 377 (1968)). The rotations are gathered over many sweeps and applied to the
 * vectors together, a few columns at a time, so that the vectors are read from the cache.
 */
import { BrineError } from "../errors.js";
import type { Matrix } from "./matrix.js";

const MAX_SWEEPS_PER_VALUE = 60;
/** Off-diagonal elements below this (T has norm about one) are zero; smaller squares would lose digits. */
const TINY = 1e-30;

/** Rotations of rows i and i + 1: (z_i, z_{i+1}) ← (c z_i − s z_{i+1}, s z_i + c z_{i+1}), i = top − 1 … bottom. */
interface Sweep {
  readonly top: number;
  readonly bottom: number;
  /** Where its cosines and sines begin, the one of row top − 1 first. */
  readonly start: number;
}

interface Rotations {
  readonly sweeps: Sweep[];
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  count: number;
}

/**
 * Returns the eigenvalues, unsorted, in `diagonal` (both arrays are overwritten), and turns `rows` (Qᵀ)
 * so that row k becomes the eigenvector of value k. Throws `not-converged` after 60 sweeps for one value.
 */
export function diagonaliseTridiagonal(diagonal: Float64Array, offDiagonal: Float64Array, rows: Matrix): Float64Array {
  const n = diagonal.length;
  const capacity = 64 * n;
  const rotations: Rotations = { sweeps: [], cosines: new Float64Array(capacity), sines: new Float64Array(capacity), count: 0 };
  for (let l = 0; l < n; l++)
    for (let sweep = 0; ; sweep++) {
      const m = endOfBlock(diagonal, offDiagonal, l);
      if (m === l) break;
      if (sweep === MAX_SWEEPS_PER_VALUE)
        throw new BrineError("not-converged", `eigenvalue ${l + 1} of ${n} not found in ${MAX_SWEEPS_PER_VALUE} QL sweeps`);
      if (rotations.count + m - l > capacity) apply(rotations, rows);
      implicitSweep(diagonal, offDiagonal, l, m, rotations);
    }
  apply(rotations, rows);
  return diagonal;
}

/** The first m ≥ l where T splits between m and m + 1. */
function endOfBlock(d: Float64Array, e: Float64Array, l: number): number {
  let m = l;
  for (; m < d.length - 1; m++) if (Math.abs(e[m]) <= Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1])) + TINY) break;
  return m;
}

function implicitSweep(d: Float64Array, e: Float64Array, l: number, m: number, rotations: Rotations): void {
  const { cosines, sines, sweeps, count: start } = rotations;
  const half = (d[l + 1] - d[l]) / (2 * e[l]);
  const root = Math.hypot(half, 1);
  let g = d[m] - d[l] + e[l] / (half + (half < 0 ? -root : root));
  let s = 1;
  let c = 1;
  let shift = 0;
  let at = start;
  let i = m - 1;
  for (; i >= l; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = length(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= shift;
      break;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - shift;
    const turn = (d[i] - g) * s + 2 * c * b;
    shift = s * turn;
    d[i + 1] = g + shift;
    g = c * turn - b;
    cosines[at] = c;
    sines[at++] = s;
  }
  if (i < l) {
    d[l] -= shift;
    e[l] = g;
  }
  e[m] = 0;
  sweeps.push({ top: m, bottom: i + 1, start });
  rotations.count = at;
}

/** √(f² + g²) without loss of digits to underflow (T has norm one: no overflow). */
function length(f: number, g: number): number {
  const r = Math.sqrt(f * f + g * g);
  return r > 1e-140 ? r : Math.hypot(f, g);
}

function apply(rotations: Rotations, rows: Matrix): void {
  const { data, columns } = rows;
  const stride = rows.stride ?? columns;
  let j = 0;
  for (; j + 4 <= columns; j += 4) rotateFourColumns(rotations, data, stride, j);
  for (; j < columns; j++) rotateColumn(rotations, data, stride, j);
  rotations.sweeps.length = 0;
  rotations.count = 0;
}

/** The row that moves down is kept in variables: one load and one store for each rotated element. */
function rotateFourColumns({ sweeps, cosines, sines }: Rotations, z: Float64Array, stride: number, column: number): void {
  for (const { top, bottom, start } of sweeps) {
    let at = top * stride + column;
    let h0 = z[at];
    let h1 = z[at + 1];
    let h2 = z[at + 2];
    let h3 = z[at + 3];
    for (let k = start; k < start + top - bottom; k++) {
      const c = cosines[k];
      const s = sines[k];
      const next = at - stride;
      const z0 = z[next];
      const z1 = z[next + 1];
      const z2 = z[next + 2];
      const z3 = z[next + 3];
      z[at] = s * z0 + c * h0;
      z[at + 1] = s * z1 + c * h1;
      z[at + 2] = s * z2 + c * h2;
      z[at + 3] = s * z3 + c * h3;
      h0 = c * z0 - s * h0;
      h1 = c * z1 - s * h1;
      h2 = c * z2 - s * h2;
      h3 = c * z3 - s * h3;
      at = next;
    }
    z[at] = h0;
    z[at + 1] = h1;
    z[at + 2] = h2;
    z[at + 3] = h3;
  }
}

function rotateColumn({ sweeps, cosines, sines }: Rotations, z: Float64Array, stride: number, column: number): void {
  for (const { top, bottom, start } of sweeps) {
    let at = top * stride + column;
    let held = z[at];
    for (let k = start; k < start + top - bottom; k++) {
      const next = z[at - stride];
      z[at] = sines[k] * next + cosines[k] * held;
      held = cosines[k] * next - sines[k] * held;
      at -= stride;
    }
    z[at] = held;
  }
}
