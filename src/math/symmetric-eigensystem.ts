/**
 * Eigenvalues and vectors of a symmetric matrix: Householder reduction to a tridiagonal T = Qᵀ A Q, Q from
 * the reflectors in blocks (compact WY form, Schreiber & Van Loan, SIAM J. Sci. Stat. Comput. 10, 53
 * (1989)), then implicit QL on T, whose rotations turn Q into the eigenvectors. Throughout, Qᵀ is stored,
 * so that a vector is a contiguous row.
 */
import type { Backend, Eigensystem } from "./backend.js";
import { matrix, type Matrix } from "./matrix.js";
import type { ApplyRotations } from "./rotations.js";
import { tridiagonalise, type Tridiagonal } from "./tridiagonalise.js";
import { diagonaliseTridiagonal } from "./tridiagonal-ql.js";

const BLOCK = 32;

/** Reads the lower triangle of `a`; values ascending, vectors in columns. */
export function symmetricEigensystem(a: Matrix, gemm: Backend["gemm"], applyRotations: ApplyRotations): Eigensystem {
  const n = a.rows;
  if (n === 0) return { values: new Float64Array(0), vectors: matrix(0, 0) };
  const reduced = tridiagonalise(a);
  const rows = accumulate(reduced, gemm);
  const values = diagonaliseTridiagonal(reduced.diagonal, reduced.offDiagonal, rows, applyRotations);
  for (let i = 0; i < n; i++) values[i] *= reduced.scale;
  return sorted(values, rows);
}

/** Qᵀ = H₁ H₂ … H_{n−1}. Before H_i is applied only the leading i − 1 rows and columns differ from one. */
function accumulate({ reflectors, tau }: Tridiagonal, gemm: Backend["gemm"]): Matrix {
  const n = tau.length;
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  for (let first = 1; first < n; first += BLOCK) {
    const count = Math.min(BLOCK, n - first);
    const width = first + count - 1;
    const y: Matrix = { rows: count, columns: width, data: reflectors.data.subarray(first * n), stride: n };
    const leading: Matrix = { rows: width, columns: width, data: result.data, stride: n };
    const triangle = blockTriangle(y, tau.subarray(first, first + count), gemm);
    const projected = matrix(width, count);
    const turned = matrix(width, count);
    gemm(false, true, 1, leading, y, 0, projected);
    gemm(false, false, 1, projected, triangle, 0, turned);
    gemm(false, false, -1, turned, y, 1, leading);
  }
  return result;
}

/** The upper triangle S of H_a … H_b = 1 − Yᵀ S Y, H_k = 1 − τ_k y_k y_kᵀ: s_jk = −τ_k Σ_i s_ji y_i·y_k. */
function blockTriangle(y: Matrix, tau: Float64Array, gemm: Backend["gemm"]): Matrix {
  const count = y.rows;
  const overlap = matrix(count, count);
  gemm(false, true, 1, y, y, 0, overlap);
  const s = matrix(count, count);
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let i = j; i < k; i++) sum += s.data[j * count + i] * overlap.data[i * count + k];
      s.data[j * count + k] = -tau[k] * sum;
    }
    s.data[k * count + k] = tau[k];
  }
  return s;
}

/** Sorts values ascending and writes the vectors, given as rows, into columns. */
function sorted(values: Float64Array, rows: Matrix): Eigensystem {
  const n = values.length;
  const order = Int32Array.from(values, (_, i) => i).toSorted((i, j) => values[i] - values[j] || i - j);
  const vectors = matrix(n, n);
  for (let first = 0; first < n; first += BLOCK)
    for (let j = 0; j < n; j++) {
      const end = Math.min(first + BLOCK, n);
      for (let k = first; k < end; k++) vectors.data[j * n + k] = rows.data[order[k] * n + j];
    }
  return { values: values.map((_, k) => values[order[k]]), vectors };
}
