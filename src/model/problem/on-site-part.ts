/**
 * The on-site part of the Hessian in one block, G = (1/N) Σ ψᵀψ: its leading principal components, and its Cholesky
 * factor at any η.
 */
import { choleskyInPlace } from "../../math/cholesky.js";
import { block, eigh, gemm, multiply, multiplyTransposed } from "../../math/linear-algebra.js";
import { matrix, type Matrix } from "../../math/matrix.js";
import { randomGenerator } from "../../math/random.js";
import { checkpoint, type RunOptions } from "../../run.js";
import type { Place } from "./memory-plan.js";
import type { Stored } from "./storage.js";
import { denseRows } from "./stored-products.js";
import { storeTriangle, triangleMatrix, type StoredTriangle } from "./stored-triangle.js";

const SUBSPACE_ITERATIONS = 4;
const OVERSAMPLING = 10;
const PANEL = 384;
/** Numbers of ψ that are multiplied at a time. */
const BATCH_NUMBERS = 8e6;
/** G in single precision is positive definite from this share of its largest eigenvalue on. */
const SINGLE_PRECISION_FLOOR = 1e-6;

export interface OnSiteTask {
  readonly psi: Stored;
  readonly columns: number;
  /** Rows `from` … `to` − 1. */
  readonly from: number;
  readonly to: number;
  /** Added to the result: the same of other rows. */
  readonly previous?: StoredTriangle;
  /** Number of principal components wanted. */
  readonly components: number;
  readonly place: Place;
}

export interface OnSitePart {
  /** Σ ψᵀψ. */
  readonly gram: StoredTriangle;
  /** Z, [D, components], orthonormal. */
  readonly basis: Matrix;
  /** Largest eigenvalue of Σ ψᵀψ. */
  readonly largest: number;
}

export async function onSitePart(task: OnSiteTask, options?: RunOptions): Promise<OnSitePart> {
  const { psi, columns, from, to, previous, components, place } = task;
  const gram = previous ? triangleMatrix(previous) : matrix(columns, columns);
  const atOnce = Math.max(PANEL, Math.floor(BATCH_NUMBERS / columns));
  for (let first = from; first < to; first += atOnce) {
    addGram(denseRows({ psi, columns, from: first, rows: Math.min(atOnce, to - first) }), gram);
    await checkpoint(options);
  }
  for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) gram.data[j * columns + i] = gram.data[i * columns + j];
  const { vectors, largest } = leadingComponents(gram, Math.min(components, columns));
  return { gram: storeTriangle(gram, place.precision, place.file), basis: vectors, largest };
}

export interface FactorTask {
  readonly gram: StoredTriangle;
  /** N. */
  readonly structures: number;
  readonly eta: number;
  /** Largest eigenvalue of Σ ψᵀψ. */
  readonly largest: number;
  readonly place: Place;
}

export interface OnSiteFactor {
  readonly factor: StoredTriangle;
  /** log det(1 + G/η); null where η is below what G in single precision can tell. */
  readonly logDeterminant: number | null;
}

/** Of G + η, or of G and the least that makes it positive definite in single precision. */
export async function factorOnSite(task: FactorTask): Promise<OnSiteFactor> {
  const { gram, structures, place } = task;
  const floor = gram.numbers.precision === "single" ? (SINGLE_PRECISION_FLOOR * task.largest) / structures : 0;
  const eta = Math.max(task.eta, floor);
  const a = triangleMatrix(gram);
  for (let i = 0; i < a.data.length; i++) a.data[i] /= structures;
  for (let i = 0; i < a.rows; i++) a.data[i * a.columns + i] += eta;
  choleskyInPlace(a);
  return {
    factor: storeTriangle(a, place.precision, place.file),
    logDeterminant: eta === task.eta ? logDeterminantOf(a, eta) : null,
  };
}

/** log det(A/η) from the Cholesky factor of A. */
export function logDeterminantOf(factor: Matrix, eta: number): number {
  const stride = factor.stride ?? factor.columns;
  let sum = 0;
  for (let i = 0; i < factor.rows; i++) sum += 2 * Math.log(factor.data[i * stride + i]) - Math.log(eta);
  return sum;
}

/** Lower triangle of C ← C + AᵀA, by panels of columns: half the work of a product. */
function addGram(a: Matrix, c: Matrix): void {
  const n = a.columns;
  for (let first = 0; first < n; first += PANEL) {
    const width = Math.min(PANEL, n - first);
    const left = block(a, 0, 0, a.rows, first + width);
    gemm(true, false, 1, block(a, 0, first, a.rows, width), left, 1, block(c, first, 0, width, first + width));
  }
}

/** Orthonormal approximations to the `count` leading eigenvectors, by subspace iteration. */
function leadingComponents(gram: Matrix, count: number): { vectors: Matrix; largest: number } {
  const n = gram.rows;
  const width = Math.min(n, count + OVERSAMPLING);
  const random = randomGenerator(1);
  let basis = matrix(n, width);
  for (let i = 0; i < basis.data.length; i++) basis.data[i] = random.normal();
  orthonormalize(basis);
  for (let iteration = 0; iteration < SUBSPACE_ITERATIONS; iteration++) {
    basis = multiply(gram, basis);
    orthonormalize(basis);
  }
  const projected = multiplyTransposed(true, false, basis, multiply(gram, basis));
  const { values, vectors } = eigh(projected);
  const leading = matrix(width, count);
  for (let k = 0; k < count; k++)
    for (let i = 0; i < width; i++) leading.data[i * count + k] = vectors.data[i * width + (width - 1 - k)];
  const result = multiply(basis, leading);
  orthonormalize(result);
  return { vectors: result, largest: values[width - 1] };
}

/** Orthonormal columns, in place: modified Gram–Schmidt, twice; columns that vanish are replaced. */
function orthonormalize(a: Matrix): void {
  const { rows, columns, data } = a;
  const vectors = Array.from({ length: columns }, (_, k) =>
    Float64Array.from({ length: rows }, (_unused, i) => data[i * columns + k]),
  );
  const random = randomGenerator(2);
  for (let k = 0; k < columns; k++) {
    const v = vectors[k];
    for (let pass = 0; pass < 3; pass++) {
      const before = norm(v);
      for (let j = 0; j < k; j++) {
        const u = vectors[j];
        let sum = 0;
        for (let i = 0; i < rows; i++) sum += u[i] * v[i];
        for (let i = 0; i < rows; i++) v[i] -= sum * u[i];
      }
      const after = norm(v);
      if (!(after > 1e-12 * before)) for (let i = 0; i < rows; i++) v[i] = random.normal();
      else for (let i = 0; i < rows; i++) v[i] /= after;
    }
  }
  for (let k = 0; k < columns; k++) for (let i = 0; i < rows; i++) data[i * columns + k] = vectors[k][i];
}

function norm(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i] * v[i];
  return Math.sqrt(sum);
}
