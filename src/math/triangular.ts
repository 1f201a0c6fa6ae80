/**
 * Triangular solves with a lower-triangular L, by halves: most of the work is a matrix product.
 * [L₁₁ 0; L₂₁ L₂₂] [X₁; X₂] = [B₁; B₂]: X₁ = L₁₁⁻¹ B₁, X₂ = L₂₂⁻¹ (B₂ − L₂₁ X₁).
 */
import { BrineError } from "../errors.js";
import { copy, type Matrix } from "./matrix.js";
import { block, gemm, requireSquare } from "./products.js";

/** Order below which plain loops solve. */
const PLAIN = 24;

/** L⁻¹ B, or L⁻ᵀ B when `transposed`. The upper triangle of L is not read. */
export function solveLower(l: Matrix, b: Matrix, transposed: boolean): Matrix {
  const n = requireSquare(l, "a triangular solve");
  if (b.rows !== n)
    throw new BrineError("input", `a right-hand side of ${b.rows} rows does not fit a triangle of order ${n}`);
  const x = copy(b);
  if (transposed) solveTransposedInPlace(l, x);
  else solveInPlace(l, x, false);
  return x;
}

/** B ← L⁻¹ B. With `unitDiagonal` the diagonal of L counts as ones and is not read. */
export function solveInPlace(l: Matrix, b: Matrix, unitDiagonal: boolean): void {
  const n = l.rows;
  if (n <= PLAIN) return plainForward(l, b, unitDiagonal);
  const half = split(n);
  const [upper, lower] = [block(b, 0, 0, half, b.columns), block(b, half, 0, n - half, b.columns)];
  solveInPlace(block(l, 0, 0, half, half), upper, unitDiagonal);
  gemm(false, false, -1, block(l, half, 0, n - half, half), upper, 1, lower);
  solveInPlace(block(l, half, half, n - half, n - half), lower, unitDiagonal);
}

/** B ← L⁻ᵀ B. */
export function solveTransposedInPlace(l: Matrix, b: Matrix): void {
  const n = l.rows;
  if (n <= PLAIN) return plainBackward(l, b);
  const half = split(n);
  const [upper, lower] = [block(b, 0, 0, half, b.columns), block(b, half, 0, n - half, b.columns)];
  solveTransposedInPlace(block(l, half, half, n - half, n - half), lower);
  gemm(true, false, -1, block(l, half, 0, n - half, half), lower, 1, upper);
  solveTransposedInPlace(block(l, 0, 0, half, half), upper);
}

/** B ← B L⁻ᵀ: each row of B is solved alone. */
export function solveFromRightInPlace(l: Matrix, b: Matrix): void {
  const n = l.rows;
  if (n <= PLAIN) return plainFromRight(l, b);
  const half = split(n);
  const [left, right] = [block(b, 0, 0, b.rows, half), block(b, 0, half, b.rows, n - half)];
  solveFromRightInPlace(block(l, 0, 0, half, half), left);
  gemm(false, true, -1, left, block(l, half, 0, n - half, half), 1, right);
  solveFromRightInPlace(block(l, half, half, n - half, n - half), right);
}

/** U⁻¹ b in place for an upper triangle U, by halves. */
export function solveUpperInPlace(u: Matrix, b: Matrix): void {
  const n = u.rows;
  if (n <= PLAIN) return plainUpper(u, b);
  const half = split(n);
  const [upper, lower] = [block(b, 0, 0, half, b.columns), block(b, half, 0, n - half, b.columns)];
  solveUpperInPlace(block(u, half, half, n - half, n - half), lower);
  gemm(false, false, -1, block(u, 0, half, half, n - half), lower, 1, upper);
  solveUpperInPlace(block(u, 0, 0, half, half), upper);
}

/** About half of n, a multiple of four so that the blocks fill whole register tiles. */
export function split(n: number): number {
  return Math.max(4, (n >> 3) << 2);
}

function plainForward(l: Matrix, b: Matrix, unitDiagonal: boolean): void {
  const sl = l.stride ?? l.columns;
  for (let i = 0; i < l.rows; i++) {
    for (let k = 0; k < i; k++) addRow(b, i, k, -l.data[i * sl + k]);
    if (!unitDiagonal) scaleRow(b, i, 1 / l.data[i * sl + i]);
  }
}

function plainBackward(l: Matrix, b: Matrix): void {
  const sl = l.stride ?? l.columns;
  for (let i = l.rows - 1; i >= 0; i--) {
    for (let k = i + 1; k < l.rows; k++) addRow(b, i, k, -l.data[k * sl + i]);
    scaleRow(b, i, 1 / l.data[i * sl + i]);
  }
}

function plainUpper(u: Matrix, b: Matrix): void {
  const su = u.stride ?? u.columns;
  for (let i = u.rows - 1; i >= 0; i--) {
    for (let k = i + 1; k < u.rows; k++) addRow(b, i, k, -u.data[i * su + k]);
    scaleRow(b, i, 1 / u.data[i * su + i]);
  }
}

/** Four rows at a time: four independent sums, and each element of L is loaded once for them. */
function plainFromRight(l: Matrix, b: Matrix): void {
  const { rows: n, data: ld } = l;
  const { data } = b;
  const sl = l.stride ?? l.columns;
  const sb = b.stride ?? b.columns;
  let row = 0;
  for (; row + 4 <= b.rows; row += 4) {
    const r0 = row * sb;
    const r1 = r0 + sb;
    const r2 = r1 + sb;
    const r3 = r2 + sb;
    for (let i = 0; i < n; i++) {
      let s0 = data[r0 + i];
      let s1 = data[r1 + i];
      let s2 = data[r2 + i];
      let s3 = data[r3 + i];
      for (let k = 0; k < i; k++) {
        const factor = ld[i * sl + k];
        s0 -= data[r0 + k] * factor;
        s1 -= data[r1 + k] * factor;
        s2 -= data[r2 + k] * factor;
        s3 -= data[r3 + k] * factor;
      }
      const pivot = ld[i * sl + i];
      data[r0 + i] = s0 / pivot;
      data[r1 + i] = s1 / pivot;
      data[r2 + i] = s2 / pivot;
      data[r3 + i] = s3 / pivot;
    }
  }
  for (; row < b.rows; row++)
    for (let i = 0; i < n; i++) {
      let sum = data[row * sb + i];
      for (let k = 0; k < i; k++) sum -= data[row * sb + k] * ld[i * sl + k];
      data[row * sb + i] = sum / ld[i * sl + i];
    }
}

/** Row i of B += factor × row k. */
function addRow(b: Matrix, i: number, k: number, factor: number): void {
  const { data, columns } = b;
  const stride = b.stride ?? columns;
  const to = i * stride;
  const from = k * stride;
  for (let j = 0; j < columns; j++) data[to + j] += factor * data[from + j];
}

function scaleRow(b: Matrix, i: number, factor: number): void {
  const { data, columns } = b;
  const from = i * (b.stride ?? columns);
  for (let j = from; j < from + columns; j++) data[j] *= factor;
}
