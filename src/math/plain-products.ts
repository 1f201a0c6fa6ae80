/**
 * Products that are too small or too thin to be worth copying into WebAssembly memory: plain loops that
 * read a large matrix once, row by row.
 */
import type { Matrix } from "./matrix.js";

/** C ← α op(A) op(B) + β C by a loop over contiguous rows where possible. Shapes are taken to agree. */
export function plainGemm(transposeA: boolean, transposeB: boolean, alpha: number, a: Matrix, b: Matrix, beta: number, c: Matrix): void {
  const depth = transposeA ? a.rows : a.columns;
  const sa = a.stride ?? a.columns;
  const sb = b.stride ?? b.columns;
  const sc = c.stride ?? c.columns;
  const { rows, columns } = c;
  const x = a.data;
  const y = b.data;
  const z = c.data;
  scale(beta, c);
  for (let i = 0; i < rows; i++)
    if (transposeB)
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let p = 0; p < depth; p++) sum += x[transposeA ? p * sa + i : i * sa + p] * y[j * sb + p];
        z[i * sc + j] += alpha * sum;
      }
    else
      for (let p = 0; p < depth; p++) {
        const factor = alpha * x[transposeA ? p * sa + i : i * sa + p];
        for (let j = 0; j < columns; j++) z[i * sc + j] += factor * y[p * sb + j];
      }
}

/** C ← β C; β = 0 overwrites whatever C holds. */
export function scale(beta: number, c: Matrix): void {
  if (beta === 1) return;
  const stride = c.stride ?? c.columns;
  for (let i = 0; i < c.rows; i++) {
    const from = i * stride;
    if (beta === 0) c.data.fill(0, from, from + c.columns);
    else for (let j = from; j < from + c.columns; j++) c.data[j] *= beta;
  }
}

/** y ← y + α A x, four rows at a time. `x` and `y` are read with the given steps. */
export function addMatrixVector(alpha: number, a: Matrix, x: Float64Array, xStep: number, y: Float64Array, yStep: number): void {
  const { rows, columns, data } = a;
  const stride = a.stride ?? columns;
  const v = xStep === 1 ? x : gather(x, columns, xStep);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const r0 = i * stride;
    const r1 = r0 + stride;
    const r2 = r1 + stride;
    const r3 = r2 + stride;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < columns; j++) {
      const w = v[j];
      s0 += data[r0 + j] * w;
      s1 += data[r1 + j] * w;
      s2 += data[r2 + j] * w;
      s3 += data[r3 + j] * w;
    }
    y[i * yStep] += alpha * s0;
    y[(i + 1) * yStep] += alpha * s1;
    y[(i + 2) * yStep] += alpha * s2;
    y[(i + 3) * yStep] += alpha * s3;
  }
  for (; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * stride + j] * v[j];
    y[i * yStep] += alpha * sum;
  }
}

/** y ← y + α Aᵀ x, four rows at a time, so that y is read and written once for four rows of A. */
export function addTransposedMatrixVector(alpha: number, a: Matrix, x: Float64Array, xStep: number, y: Float64Array, yStep: number): void {
  const { rows, columns, data } = a;
  const stride = a.stride ?? columns;
  const sum = new Float64Array(columns);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const r0 = i * stride;
    const r1 = r0 + stride;
    const r2 = r1 + stride;
    const r3 = r2 + stride;
    const x0 = x[i * xStep];
    const x1 = x[(i + 1) * xStep];
    const x2 = x[(i + 2) * xStep];
    const x3 = x[(i + 3) * xStep];
    for (let j = 0; j < columns; j++) sum[j] += data[r0 + j] * x0 + data[r1 + j] * x1 + (data[r2 + j] * x2 + data[r3 + j] * x3);
  }
  for (; i < rows; i++) {
    const factor = x[i * xStep];
    for (let j = 0; j < columns; j++) sum[j] += data[i * stride + j] * factor;
  }
  for (let j = 0; j < columns; j++) y[j * yStep] += alpha * sum[j];
}

function gather(x: Float64Array, n: number, step: number): Float64Array {
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) result[i] = x[i * step];
  return result;
}
