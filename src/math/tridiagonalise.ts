/**
 * Householder reduction of a symmetric matrix to tridiagonal form, H₁ … H_{n−1} A H_{n−1} … H₁ = T
 * (Golub & Van Loan, Matrix Computations, 4th ed., section 8.3.1), from the last row upwards.
 *
 * H = 1 − τ v vᵀ maps the row left of the diagonal onto its last element. With p = τ A v and
 * w = p − ½ τ (pᵀ v) v, H A H = A − v wᵀ − w vᵀ. This update and the product A v of the next step share
 * one pass over the lower triangle, which halves the memory traffic.
 */
import { matrix, type Matrix } from "./matrix.js";

export interface Tridiagonal {
  /** Factor by which T must be multiplied: A was divided by its largest element. */
  readonly scale: number;
  readonly diagonal: Float64Array;
  /** offDiagonal[i] couples i and i + 1; the last element is zero. */
  readonly offDiagonal: Float64Array;
  /** Row i holds v of H_i in columns 0 … i − 1, zeros elsewhere. */
  readonly reflectors: Matrix;
  readonly tau: Float64Array;
}

/** Below this the squares of a row (of a matrix of norm one) lose digits; such a row counts as zero. */
const NEGLIGIBLE = 1e-280;

export function tridiagonalise(a: Matrix): Tridiagonal {
  const n = a.rows;
  const { scale, lower } = scaledLowerTriangle(a);
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const tau = new Float64Array(n);
  const v = new Float64Array(n); // the pending update A − v wᵀ − w vᵀ
  const w = new Float64Array(n);
  const product = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    const row = lower.subarray(i * n, i * n + i + 1);
    for (let j = 0; j <= i; j++) row[j] -= v[i] * w[j] + w[i] * v[j];
    diagonal[i] = row[i];
    row[i] = 0;
    if (i === 0) break;
    const reflected = reflect(row, i);
    offDiagonal[i - 1] = reflected.element;
    tau[i] = reflected.tau;
    updateAndMultiply(lower, n, i, v, w, row, product);
    let overlap = 0;
    for (let j = 0; j < i; j++) overlap += product[j] * row[j];
    const t = reflected.tau;
    for (let j = 0; j < i; j++) {
      v[j] = row[j];
      w[j] = t * (product[j] - 0.5 * t * overlap * row[j]);
    }
  }
  return { scale, diagonal, offDiagonal, reflectors: matrix(n, n, lower), tau };
}

function scaledLowerTriangle(a: Matrix): { scale: number; lower: Float64Array } {
  const n = a.rows;
  const stride = a.stride ?? n;
  let scale = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) scale = Math.max(scale, Math.abs(a.data[i * stride + j]));
  const lower = new Float64Array(n * n);
  if (scale === 0) return { scale: 1, lower };
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) lower[i * n + j] = a.data[i * stride + j] / scale;
  return { scale, lower };
}

/** Turns the first `length` elements of `row` into v (last element one) and returns what H makes of the last. */
function reflect(row: Float64Array, length: number): { element: number; tau: number } {
  const last = row[length - 1];
  let rest = 0;
  for (let j = 0; j < length - 1; j++) rest += row[j] * row[j];
  if (rest < NEGLIGIBLE) {
    row.fill(0, 0, length - 1);
    row[length - 1] = 1;
    return { element: last, tau: 0 };
  }
  const norm = Math.sqrt(last * last + rest);
  const element = last > 0 ? -norm : norm;
  for (let j = 0; j < length - 1; j++) row[j] /= last - element;
  row[length - 1] = 1;
  return { element, tau: (element - last) / element };
}

/** On the leading `size` rows: A ← A − v wᵀ − w vᵀ, then product ← A x, in one pass over pairs of rows. */
function updateAndMultiply(
  a: Float64Array,
  n: number,
  size: number,
  v: Float64Array,
  w: Float64Array,
  x: Float64Array,
  product: Float64Array,
): void {
  product.fill(0, 0, size);
  let r = 0;
  if (size % 2 === 1) {
    a[0] -= 2 * v[0] * w[0];
    product[0] = a[0] * x[0];
    r = 1;
  }
  for (; r < size; r += 2) {
    const upper = r * n;
    const lower = upper + n;
    const [v0, w0, x0] = [v[r], w[r], x[r]];
    const [v1, w1, x1] = [v[r + 1], w[r + 1], x[r + 1]];
    let s0 = 0;
    let s1 = 0;
    for (let j = 0; j < r; j++) {
      const vj = v[j];
      const wj = w[j];
      const xj = x[j];
      const a0 = a[upper + j] - (v0 * wj + w0 * vj);
      const a1 = a[lower + j] - (v1 * wj + w1 * vj);
      a[upper + j] = a0;
      a[lower + j] = a1;
      s0 += a0 * xj;
      s1 += a1 * xj;
      product[j] += a0 * x0 + a1 * x1;
    }
    const d0 = (a[upper + r] -= 2 * v0 * w0);
    const off = (a[lower + r] -= v1 * w0 + w1 * v0);
    const d1 = (a[lower + r + 1] -= 2 * v1 * w1);
    product[r] = s0 + d0 * x0 + off * x1;
    product[r + 1] = s1 + off * x0 + d1 * x1;
  }
}
