/** Products that are too small to be worth copying into WebAssembly memory. */
import type { Matrix } from "./matrix.js";

/** C ← α op(A) op(B) + β C by a loop over contiguous rows where possible. Shapes are taken to agree. */
export function plainGemm(
  transposeA: boolean,
  transposeB: boolean,
  alpha: number,
  a: Matrix,
  b: Matrix,
  beta: number,
  c: Matrix,
): void {
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
