/** Dense row-major matrices. */
import { BrineError } from "../errors.js";

/** Row-major: element (i, j) is `data[i * stride + j]`; `stride` is `columns` when absent. */
export interface Matrix {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** At least (rows − 1) · stride + columns numbers. */
  readonly data: Float64Array;
  /** From one row to the next in `data` (`columns`). */
  readonly stride?: number;
}

/** A matrix of zeros, or one over `data` (not copied) of length rows × columns. */
export function matrix(rows: number, columns: number, data?: Float64Array): Matrix {
  if (data && data.length !== rows * columns)
    throw new BrineError("input", `a ${rows} × ${columns} matrix needs ${rows * columns} numbers, not ${data.length}`);
  return { rows, columns, data: data ?? new Float64Array(rows * columns) };
}

/** Throws `input` unless the data hold all the elements that the shape and stride promise. */
export function requireElements(a: Matrix): void {
  const stride = a.stride ?? a.columns;
  const needed = a.rows === 0 || a.columns === 0 ? 0 : (a.rows - 1) * stride + a.columns;
  if (a.data.length < needed || stride < a.columns)
    throw new BrineError(
      "input",
      `a ${a.rows} × ${a.columns} matrix with rows ${stride} apart does not fit into ${a.data.length} numbers`,
    );
}

export function identity(n: number): Matrix {
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  return result;
}

/** A packed copy. */
export function copy(a: Matrix): Matrix {
  const stride = a.stride ?? a.columns;
  if (stride === a.columns) return matrix(a.rows, a.columns, a.data.slice(0, a.rows * a.columns));
  const result = matrix(a.rows, a.columns);
  for (let i = 0; i < a.rows; i++) result.data.set(a.data.subarray(i * stride, i * stride + a.columns), i * a.columns);
  return result;
}

/** A − B of packed matrices. */
export function difference(a: Matrix, b: Matrix): Matrix {
  return matrix(
    a.rows,
    a.columns,
    a.data.map((value, i) => value - b.data[i]),
  );
}

/** The given rows, packed. */
export function rowsAt(a: Matrix, rows: Int32Array): Matrix {
  const stride = a.stride ?? a.columns;
  const result = matrix(rows.length, a.columns);
  rows.forEach((row, i) => result.data.set(a.data.subarray(row * stride, row * stride + a.columns), i * a.columns));
  return result;
}

/** Rows `first` … `first + rows` − 1 of a packed matrix; not copied. */
export function rowsOf(a: Matrix, first: number, rows: number): Matrix {
  return { rows, columns: a.columns, data: a.data.subarray(first * a.columns, (first + rows) * a.columns) };
}

/** [a b …] of packed matrices; one alone is not copied. */
export function sideBySide(parts: readonly Matrix[]): Matrix {
  if (parts.length === 1) return parts[0];
  const columns = parts.reduce((sum, part) => sum + part.columns, 0);
  const joined = matrix(parts[0].rows, columns);
  let at = 0;
  for (const part of parts) {
    for (let i = 0; i < part.rows; i++)
      joined.data.set(part.data.subarray(i * part.columns, (i + 1) * part.columns), i * columns + at);
    at += part.columns;
  }
  return joined;
}

/** Eight columns at a time, so that whole cache lines are read and written. */
export function transpose(a: Matrix): Matrix {
  const { rows, columns, data } = a;
  const stride = a.stride ?? columns;
  const result = matrix(columns, rows);
  for (let first = 0; first < columns; first += 8) {
    const end = Math.min(first + 8, columns);
    for (let i = 0; i < rows; i++) for (let j = first; j < end; j++) result.data[j * rows + i] = data[i * stride + j];
  }
  return result;
}

/** Σ_ij a_ij b_ij of two packed matrices: Tr(A Bᵀ). */
export function contract(a: Matrix, b: Matrix): number {
  return dot(a.data, b.data);
}

export function dot(x: Float64Array, y: Float64Array): number {
  if (x.length !== y.length)
    throw new BrineError("input", `dot product of vectors of length ${x.length} and ${y.length}`);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** y ← y + α x. */
export function axpy(alpha: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) y[i] += alpha * x[i];
}

/** Makes a square packed matrix exactly symmetric, in place: (A + Aᵀ)/2. */
export function symmetrize(a: Matrix): Matrix {
  const { rows: n, data } = a;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * (data[i * n + j] + data[j * n + i]);
      data[i * n + j] = mean;
      data[j * n + i] = mean;
    }
  return a;
}

/** A symmetric matrix from its packed lower triangle [n (n + 1)/2]. */
export function unpackPairs(packed: Float64Array, n: number): Matrix {
  const result = matrix(n, n);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j <= i; j++, at++) {
      result.data[i * n + j] = packed[at];
      result.data[j * n + i] = packed[at];
    }
  return result;
}

/** Position of the pair μν among the pairs μ ≥ ν of a packed lower triangle. */
export function pairIndex(mu: number, nu: number): number {
  return mu >= nu ? (mu * (mu + 1)) / 2 + nu : (nu * (nu + 1)) / 2 + mu;
}

/** A symmetric matrix as its pairs μ ≥ ν [n (n + 1)/2], those off the diagonal doubled: Σ_μν D_μν A_μν is then a sum over pairs. */
export function packPairs(a: Matrix): Float64Array {
  const n = a.rows;
  const result = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j <= i; j++, at++) result[at] = (i === j ? 1 : 2) * a.data[i * n + j];
  return result;
}
