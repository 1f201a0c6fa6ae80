/**
 * The feature space of the sparse kernel (subset of regressors) of one block, and ψ of all atoms in it. With the
 * pivoted Cholesky factorisation K_MM ≈ F Fᵀ, rows L of F at the pivots,
 *
 *   ψ_i = k(i, pivots) L⁻ᵀ,   ψ_i · ψ_j = k(i, M) K_MM⁺ k(M, j):
 *
 * the same space as from the eigenvectors of K_MM, at a small part of the cost. Pivots below the
 * truncation are dropped. Predictions stay exactly covariant for any choice of columns.
 */
import type { Environment } from "../../descriptor/environment.js";
import { multiplyTransposed } from "../../math/linear-algebra.js";
import { dot, matrix, rowsAt, type Matrix } from "../../math/matrix.js";
import { solveFromRightInPlace } from "../../math/triangular.js";
import { checkpoint, type RunOptions } from "../../run.js";
import type { Block } from "../blocks.js";
import {
  ENVIRONMENTS_AT_ONCE,
  featuresOf,
  type FeatureRecipe,
  type FeatureWorkspace,
} from "../prediction/environment-features.js";
import { equivariantKernel } from "../prediction/kernel.js";
import { kernelPivots } from "./kernel-pivots.js";
import type { Place } from "./memory-plan.js";
import { put, store, type Precision, type Stored } from "./storage.js";
import { solveStored, solveStoredInSingles, storeTriangle, type StoredTriangle } from "./stored-triangle.js";

/** Pivots smaller than this share of the largest diagonal element are dropped. */
const TRUNCATION = 1e-10;
/**
 * Columns kept of each block. Of the (2λ + 1) M columns for λ ≥ 2 the first 3 M pivots are enough: on water clusters
 * the error changes by less than 1 % (2 M: 5 %), at a fifth of the work.
 */
const COLUMNS_PER_ENVIRONMENT = 3;
/** Numbers of ψ that are worked on at a time, about. */
const BATCH_NUMBERS = 8e6;

/** At most this many columns of a block for `environments` of its species. */
export function mostColumns({ lambda }: Block, environments: number): number {
  return environments * Math.min(2 * lambda + 1, COLUMNS_PER_ENVIRONMENT);
}

export interface FeatureSpaceTask {
  readonly block: Block;
  /** Sparse environments of the species. */
  readonly environments: readonly Environment[];
  /** All atoms of the species. */
  readonly atoms: readonly Environment[];
  readonly recipe: FeatureRecipe;
  readonly zeta: number;
  /** At most this many columns are kept. */
  readonly largest: number;
  readonly psi: Place;
  readonly factor: Place;
}

export interface FeatureSpace {
  /** Rows (j, μ') of the sparse set that are kept, in the order of the factorisation. */
  readonly pivots: Int32Array;
  /** L. */
  readonly factor: StoredTriangle;
  /** ψ of all atoms, [atoms (2λ + 1), pivots]. */
  readonly psi: Stored;
}

export async function featureSpace(task: FeatureSpaceTask, options?: RunOptions): Promise<FeatureSpace> {
  const { block, atoms, recipe, zeta } = task;
  const { species, lambda } = block;
  const components = 2 * lambda + 1;
  const sparse = sparseFeatures(task.environments, species, lambda, recipe);
  const { pivots, factor } = await choosePivots(sparse, components, zeta, task.largest, options);
  const environmentOf = pivots.map((row) => Math.floor(row / components));
  const columns = rowsAt(sparse.vectors, pivots);
  const width = pivots.length;
  const psi = store(atoms.length * components * width, task.psi.precision, task.psi.file);
  const atOnce = Math.max(8, Math.min(ENVIRONMENTS_AT_ONCE, Math.floor(BATCH_NUMBERS / (components * width))));
  const workspace: FeatureWorkspace = new Map();
  for (let from = 0; from < atoms.length; from += atOnce) {
    const { scalar, vectors } = featuresOf(atoms.slice(from, from + atOnce), species, lambda, recipe, workspace);
    const products = multiplyTransposed(false, true, scalar, sparse.scalar);
    const part = equivariantKernel(vectors, columns, environmentOf, products, zeta);
    solveFromRightInPlace(factor, part);
    put(psi, from * components * width, part.data);
    await checkpoint(options);
  }
  return { pivots, factor: storeTriangle(factor, task.factor.precision, task.factor.file), psi };
}

interface SparseFeatures {
  /** P^0, [M, features]. */
  readonly scalar: Matrix;
  /** P^λ, [M (2λ + 1), features]. */
  readonly vectors: Matrix;
}

function sparseFeatures(
  environments: readonly Environment[],
  species: number,
  lambda: number,
  recipe: FeatureRecipe,
): SparseFeatures {
  const parts: SparseFeatures[] = [];
  for (let from = 0; from < environments.length; from += ENVIRONMENTS_AT_ONCE)
    parts.push(featuresOf(environments.slice(from, from + ENVIRONMENTS_AT_ONCE), species, lambda, recipe));
  const join = (of: (part: SparseFeatures) => Matrix): Matrix => {
    const all = parts.map(of);
    const result = matrix(
      all.reduce((rows, part) => rows + part.rows, 0),
      all[0].columns,
    );
    let at = 0;
    for (const { data } of all) {
      result.data.set(data, at);
      at += data.length;
    }
    return result;
  };
  return { scalar: join((part) => part.scalar), vectors: join((part) => part.vectors) };
}

/** The first row with L = 1 for a kernel that vanishes: atoms so symmetric that there is nothing of this λ to learn. */
async function choosePivots(
  { scalar, vectors }: SparseFeatures,
  components: number,
  zeta: number,
  largest: number,
  options?: RunOptions,
): Promise<{ pivots: Int32Array; factor: Matrix }> {
  const products = multiplyTransposed(false, true, scalar, scalar);
  const width = vectors.columns;
  const diagonal = Float64Array.from({ length: vectors.rows }, (_, row) => {
    const own = vectors.data.subarray(row * width, (row + 1) * width);
    const j = Math.floor(row / components);
    return dot(own, own) * products.data[j * products.columns + j] ** (zeta - 1);
  });
  const columnsOf = (rows: Int32Array): Matrix =>
    equivariantKernel(
      vectors,
      rowsAt(vectors, rows),
      rows.map((row) => Math.floor(row / components)),
      products,
      zeta,
    );
  const { pivots, factor } = await kernelPivots(diagonal, columnsOf, TRUNCATION, largest, options);
  return pivots.length > 0
    ? { pivots, factor }
    : { pivots: Int32Array.of(0), factor: matrix(1, 1, Float64Array.of(1)) };
}

/**
 * Weights of the kernel columns, L⁻ᵀ W, as numbers of this precision, over all rows of the sparse set: [rows, channels],
 * zero at dropped pivots.
 */
export function kernelWeights(
  { pivots, factor }: FeatureSpace,
  weights: Matrix,
  sparseRows: number,
  precision: Precision,
): Matrix {
  const atPivots = matrix(weights.rows, weights.columns, weights.data.slice());
  if (precision === "double") solveStored(factor, atPivots, true);
  else solveStoredInSingles(factor, atPivots);
  const result = matrix(sparseRows, weights.columns);
  for (let p = 0; p < pivots.length; p++)
    result.data.set(
      atPivots.data.subarray(p * weights.columns, (p + 1) * weights.columns),
      pivots[p] * weights.columns,
    );
  return result;
}
