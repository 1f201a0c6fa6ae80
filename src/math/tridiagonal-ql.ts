/**
 * Implicit QL iteration with Wilkinson's shift for a symmetric tridiagonal matrix (Dubrulle, Martin &
 * Wilkinson, Numer. Math. 12, 377 (1968)). The rotations are gathered over many sweeps and applied to the
 * vectors together.
 */
import { BrineError } from "../errors.js";
import type { Matrix } from "./matrix.js";
import { isFull, rotationsFor, type ApplyRotations, type Rotations } from "./rotations.js";

const MAX_SWEEPS_PER_VALUE = 60;
/** Off-diagonal elements below this (T has norm about one) are zero; smaller squares would lose digits. */
const TINY = 1e-30;

/**
 * Returns the eigenvalues, unsorted, in `diagonal` (both arrays are overwritten), and turns `rows` (Qᵀ)
 * so that row k becomes the eigenvector of value k. Throws `not-converged` after 60 sweeps for one value.
 */
export function diagonaliseTridiagonal(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  rows: Matrix,
  apply: ApplyRotations,
): Float64Array {
  const n = diagonal.length;
  const rotations = rotationsFor(n);
  for (let l = 0; l < n; l++)
    for (let sweep = 0; ; sweep++) {
      const m = endOfBlock(diagonal, offDiagonal, l);
      if (m === l) break;
      if (sweep === MAX_SWEEPS_PER_VALUE)
        throw new BrineError(
          "not-converged",
          `eigenvalue ${l + 1} of ${n} not found in ${MAX_SWEEPS_PER_VALUE} QL sweeps`,
        );
      if (isFull(rotations, m - l, n)) apply(rotations, rows);
      implicitSweep(diagonal, offDiagonal, l, m, rotations);
    }
  apply(rotations, rows);
  return diagonal;
}

/** The first m ≥ l where T splits between m and m + 1. */
function endOfBlock(d: Float64Array, e: Float64Array, l: number): number {
  let m = l;
  for (; m < d.length - 1; m++)
    if (Math.abs(e[m]) <= Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1])) + TINY) break;
  return m;
}

function implicitSweep(d: Float64Array, e: Float64Array, l: number, m: number, rotations: Rotations): void {
  const { pairs, sweeps, count: start } = rotations;
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
    pairs[2 * at] = c;
    pairs[2 * at + 1] = s;
    at++;
  }
  if (i < l) {
    d[l] -= shift;
    e[l] = g;
  }
  e[m] = 0;
  sweeps.push(m, i + 1, start);
  rotations.count = at;
}

/** √(f² + g²) without loss of digits to underflow (T has norm one: no overflow). */
function length(f: number, g: number): number {
  const r = Math.sqrt(f * f + g * g);
  return r > 1e-140 ? r : Math.hypot(f, g);
}
