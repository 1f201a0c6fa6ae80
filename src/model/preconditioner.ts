/**
 * Preconditioner for the regularised Hessian H + η of the loss. In whitened channels the on-site part of H is
 * G_b ⊗ 1 in each block, G_b = (1/N) Σ ψᵀψ, and the spectrum of (G + η)⁻¹(H + η) does not depend on η, on the
 * conditioning of ψ or on N. On the leading principal components Z of all blocks, where the coupling between
 * atoms matters most, H itself is inverted:
 *
 *   P⁻¹ = Z (ZᵀHZ + η)⁻¹ Zᵀ + (1 − ZZᵀ)(G + η)⁻¹(1 − ZZᵀ),   ZᵀZ = 1.
 */
import { block, cholesky, choleskySolve, eigh, gemm, multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { copy, matrix, type Matrix } from "../math/matrix.js";
import { randomGenerator } from "../math/random.js";
import { checkpoint, type RunOptions } from "../run.js";
import type { LearningProblem } from "./learning-problem.js";
import { weightsOf } from "./loss-shard.js";
import { reducedHessian } from "./reduced-hessian.js";

/** Largest number of unknowns of the coarse problem. */
const LARGEST_COARSE = 1500;
/** Principal components taken for λ = 0, 1, 2, 3 and above, before the limit. */
const COMPONENTS = [60, 30, 10, 5];
const SUBSPACE_ITERATIONS = 4;
const OVERSAMPLING = 10;
const GRAM_PANEL = 384;

/** What does not depend on η. */
export interface PreconditionerParts {
  /** G_b, [D, D]. */
  readonly grams: readonly Matrix[];
  /** Z_b, [D, K]. */
  readonly bases: readonly Matrix[];
  /** (1/N) ZᵀHZ. */
  readonly coarse: Matrix;
  /** Largest eigenvalue of all G_b: the scale of η. */
  readonly scale: number;
}

/** For the structures `from` … `to` − 1. */
export async function preconditionerParts(
  problem: LearningProblem,
  from: number,
  to: number,
  options?: RunOptions,
): Promise<PreconditionerParts> {
  const grams: Matrix[] = [];
  const bases: Matrix[] = [];
  let scale = 0;
  const counts = coarseCounts(problem);
  for (let b = 0; b < problem.blocks.length; b++) {
    const gram = onSiteGram(problem, b, from, to);
    const { vectors, largest } = leadingComponents(gram, counts[b]);
    grams.push(gram);
    bases.push(vectors);
    scale = Math.max(scale, largest);
    await checkpoint(options, { stage: "preconditioner", done: b + 1, total: problem.blocks.length });
  }
  const coarse = await reducedHessian(problem, from, to, bases, options);
  for (let i = 0; i < coarse.data.length; i++) coarse.data[i] /= to - from;
  return { grams, bases, coarse, scale };
}

/** `parts` of the structures 0 … `from` − 1 with those up to `to` − 1 added: principal components and scale stay. */
export async function withStructures(
  problem: LearningProblem,
  parts: PreconditionerParts,
  from: number,
  to: number,
  options?: RunOptions,
): Promise<PreconditionerParts> {
  const share = from / to;
  const merge = (a: Matrix, b: Matrix): Matrix =>
    matrix(
      a.rows,
      a.columns,
      a.data.map((value, i) => share * value + (1 - share) * b.data[i]),
    );
  const grams = parts.grams.map((gram, b) => merge(gram, onSiteGram(problem, b, from, to)));
  const added = await reducedHessian(problem, from, to, parts.bases, options);
  for (let i = 0; i < added.data.length; i++) added.data[i] /= to - from;
  return { ...parts, grams, coarse: merge(parts.coarse, added) };
}

/** The largest eigenvalue of all G_b of the structures `from` … `to` − 1. */
export async function onSiteScale(
  problem: LearningProblem,
  from: number,
  to: number,
  options?: RunOptions,
): Promise<number> {
  let scale = 0;
  for (let b = 0; b < problem.blocks.length; b++) {
    scale = Math.max(scale, leadingComponents(onSiteGram(problem, b, from, to), 1).largest);
    await checkpoint(options);
  }
  return scale;
}

/** G_b = (1/N) Σ ψᵀψ. */
function onSiteGram({ blocks }: LearningProblem, b: number, from: number, to: number): Matrix {
  const { psi, rowFirst } = blocks[b];
  return gramMatrix(block(psi, rowFirst[from], 0, rowFirst[to] - rowFirst[from], psi.columns), 1 / (to - from));
}

/** Principal components of each block in the coarse problem. */
function coarseCounts({ blocks }: LearningProblem): number[] {
  const wanted = blocks.map(({ block: { lambda }, psi }) =>
    Math.min(COMPONENTS[Math.min(lambda, COMPONENTS.length - 1)], psi.columns),
  );
  const unknowns = wanted.reduce((sum, k, b) => sum + k * blocks[b].block.channels, 0);
  const shrink = Math.min(1, LARGEST_COARSE / unknowns);
  return wanted.map((k) => Math.max(1, Math.floor(shrink * k)));
}

export interface Preconditioner {
  /** P⁻¹ r. */
  apply(r: Float64Array): Float64Array;
  /** log det(1 + H/η) of the on-site part of H. */
  readonly logDeterminant: number;
}

/** P⁻¹ at one η (absolute). */
export function preconditioner(problem: LearningProblem, parts: PreconditionerParts, eta: number): Preconditioner {
  const factors = parts.grams.map((gram) => cholesky(shifted(gram, eta)));
  const coarseFactor = cholesky(shifted(parts.coarse, eta));
  const logDeterminant = factors.reduce(
    (sum, factor, b) => sum + problem.blocks[b].block.channels * logDeterminantOf(factor, eta),
    0,
  );
  const apply = (r: Float64Array): Float64Array => {
    const result = new Float64Array(r.length);
    const coarse = new Float64Array(parts.coarse.rows);
    let first = 0;
    problem.blocks.forEach((own, b) => {
      const basis = parts.bases[b];
      const rest = copy(weightsOf(own, r));
      const inside = multiplyTransposed(true, false, basis, rest);
      gemm(false, false, -1, basis, inside, 1, rest);
      const solved = choleskySolve(factors[b], rest);
      gemm(false, false, -1, basis, multiplyTransposed(true, false, basis, solved), 1, solved);
      weightsOf(own, result).data.set(solved.data);
      for (let k = 0; k < inside.rows; k++)
        for (let n = 0; n < inside.columns; n++)
          coarse[first + n * inside.rows + k] = inside.data[k * inside.columns + n];
      first += inside.data.length;
    });
    const solution = choleskySolve(coarseFactor, coarse);
    first = 0;
    problem.blocks.forEach((own, b) => {
      const basis = parts.bases[b];
      const inside = matrix(basis.columns, own.block.channels);
      for (let k = 0; k < inside.rows; k++)
        for (let n = 0; n < inside.columns; n++)
          inside.data[k * inside.columns + n] = solution[first + n * inside.rows + k];
      gemm(false, false, 1, basis, inside, 1, weightsOf(own, result));
      first += inside.data.length;
    });
    return result;
  };
  return { apply, logDeterminant };
}

/** log det(A/η) from the Cholesky factor of A. */
export function logDeterminantOf(factor: Matrix, eta: number): number {
  const stride = factor.stride ?? factor.columns;
  let sum = 0;
  for (let i = 0; i < factor.rows; i++) sum += 2 * Math.log(factor.data[i * stride + i]) - Math.log(eta);
  return sum;
}

/** α AᵀA, by panels of columns: half the work of a product. */
function gramMatrix(a: Matrix, alpha: number): Matrix {
  const n = a.columns;
  const result = matrix(n, n);
  for (let first = 0; first < n; first += GRAM_PANEL) {
    const width = Math.min(GRAM_PANEL, n - first);
    const panel = block(a, 0, first, a.rows, width);
    gemm(
      true,
      false,
      alpha,
      panel,
      block(a, 0, 0, a.rows, first + width),
      0,
      block(result, first, 0, width, first + width),
    );
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) result.data[j * n + i] = result.data[i * n + j];
  return result;
}

/** A + η. */
export function shifted(a: Matrix, eta: number): Matrix {
  const result = copy(a);
  for (let i = 0; i < a.rows; i++) result.data[i * a.columns + i] += eta;
  return result;
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
