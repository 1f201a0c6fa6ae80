/**
 * Preconditioner for the regularised Hessian H + η of the loss. In whitened channels the on-site part of H is
 * G_b ⊗ 1 in each block, G_b = (1/N) Σ ψᵀψ, and the spectrum of (G + η)⁻¹(H + η) does not depend on η, on the
 * conditioning of ψ or on N. On the leading principal components Z of all blocks, where the coupling between
 * atoms matters most, H itself is inverted:
 *
 *   P⁻¹ = Z (ZᵀHZ + η)⁻¹ Zᵀ + (1 − ZZᵀ)(G + η)⁻¹(1 − ZZᵀ),   ZᵀZ = 1.
 */
import { cholesky, choleskySolve, gemm, multiplyTransposed } from "../../math/linear-algebra.js";
import { copy, matrix, type Matrix } from "../../math/matrix.js";
import { blockKey } from "../blocks.js";
import { weightsOf, type LearningProblem } from "../problem/learning-problem.js";
import type { OnSitePart, OnSiteTask } from "../problem/on-site-part.js";
import { inParallel } from "../problem/parallel.js";
import { solveStored } from "../problem/stored-triangle.js";
import { chunksOf } from "./loss-shard.js";
import type { Regression } from "./solver.js";

/** Largest number of unknowns of the coarse problem. */
const LARGEST_COARSE = 1500;
/** Principal components taken for λ = 0, 1, 2, 3 and above, before the limit. */
const COMPONENTS = [60, 40, 30, 30];

/** What does not depend on η. */
export interface PreconditionerParts {
  /** Of each block. */
  readonly onSite: readonly OnSitePart[];
  /** ZᵀHZ, not divided by N. */
  readonly coarse: Matrix;
  /** N. */
  readonly structures: number;
  /** Largest eigenvalue of all G_b: the scale of η. */
  readonly scale: number;
}

/** For the structures 0 … `to` − 1. */
export async function preconditionerParts(regression: Regression, to: number): Promise<PreconditionerParts> {
  const onSite = await onSiteParts(regression, to, coarseCounts(regression.problem));
  const coarse = await reducedHessian(regression, to, onSite);
  return { onSite, coarse, structures: to, scale: scaleOf(onSite, to) };
}

/** The scale of η alone, of the structures 0 … `to` − 1. */
export async function onSiteScale(regression: Regression, to: number): Promise<number> {
  const one = regression.problem.blocks.map(() => 1);
  return scaleOf(await onSiteParts(regression, to, one), to);
}

function scaleOf(onSite: readonly OnSitePart[], structures: number): number {
  return onSite.reduce((most, { largest }) => Math.max(most, largest), 0) / structures;
}

/** Of each block, over the structures 0 … `to` − 1; with those of `previous`, which has the first of them, made before. */
async function onSiteParts(
  { problem: { blocks }, plan, options }: Regression,
  to: number,
  components: readonly number[],
  previous?: PreconditionerParts,
): Promise<OnSitePart[]> {
  const tasks = blocks.map(({ psi, columns, rowFirst, block }, b): OnSiteTask => ({
    psi,
    columns,
    from: rowFirst[previous?.structures ?? 0],
    to: rowFirst[to],
    components: components[b],
    place: plan.gram(blockKey(block)),
    ...(previous ? { previous: previous.onSite[b].gram } : {}),
  }));
  return inParallel("train/on-site", tasks, options, "preconditioner");
}

/**
 * `parts` with the structures up to `to` − 1 added; the scale stays. Principal components are made again: where those
 * of fewer structures leave a little of a large eigenvalue behind, (G + η)⁻¹ beside them is far from the inverse, and
 * noise-free data take ten times as many iterations.
 */
export async function withStructures(
  regression: Regression,
  parts: PreconditionerParts,
  to: number,
): Promise<PreconditionerParts> {
  const onSite = await onSiteParts(regression, to, coarseCounts(regression.problem), parts);
  const coarse = await reducedHessian(regression, to, onSite);
  return { ...parts, onSite, coarse, structures: to };
}

/** ZᵀHZ of the structures 0 … `to` − 1, summed over them in chunks. */
async function reducedHessian(
  { problem, options }: Regression,
  to: number,
  onSite: readonly OnSitePart[],
): Promise<Matrix> {
  const bases = onSite.map(({ basis }) => basis);
  const tasks = chunksOf(problem, 0, to).map(([first, end]) => ({ problem, from: first, to: end, bases }));
  const parts = await inParallel("train/coarse", tasks, options, "coarse problem");
  const [sum, ...rest] = parts;
  for (const part of rest) for (let i = 0; i < sum.data.length; i++) sum.data[i] += part.data[i];
  return sum;
}

/** Principal components of each block in the coarse problem. */
function coarseCounts({ blocks }: LearningProblem): number[] {
  const wanted = blocks.map(({ block: { lambda }, columns }) =>
    Math.min(COMPONENTS[Math.min(lambda, COMPONENTS.length - 1)], columns),
  );
  const unknowns = wanted.reduce((sum, k, b) => sum + k * blocks[b].block.channels, 0);
  const shrink = Math.min(1, LARGEST_COARSE / unknowns);
  return wanted.map((k) => Math.max(1, Math.floor(shrink * k)));
}

export interface Preconditioner {
  /** P⁻¹ r. */
  apply(r: Float64Array): Float64Array;
  /** log det(1 + H/η) of the on-site part of H; null where it is not known. */
  readonly logDeterminant: number | null;
}

/** P⁻¹ at one η (absolute). */
export async function preconditioner(
  { problem, plan, options }: Regression,
  parts: PreconditionerParts,
  eta: number,
): Promise<Preconditioner> {
  const { structures } = parts;
  const tasks = parts.onSite.map(({ gram, largest }, b) => ({
    gram,
    structures,
    eta,
    largest,
    place: plan.factor(blockKey(problem.blocks[b].block)),
  }));
  const factors = await inParallel("train/factor", tasks, options);
  const coarseFactor = cholesky(shifted(parts.coarse, structures, eta));
  const logDeterminant = factors.reduce<number | null>(
    (sum, { logDeterminant: own }, b) =>
      sum === null || own === null ? null : sum + problem.blocks[b].block.channels * own,
    0,
  );
  const bases = parts.onSite.map(({ basis }) => basis);
  const apply = (r: Float64Array): Float64Array => {
    const result = new Float64Array(r.length);
    const coarse = new Float64Array(parts.coarse.rows);
    let first = 0;
    problem.blocks.forEach((own, b) => {
      const rest = copy(weightsOf(own, r));
      const inside = multiplyTransposed(true, false, bases[b], rest);
      gemm(false, false, -1, bases[b], inside, 1, rest);
      solveStored(factors[b].factor, rest, false);
      solveStored(factors[b].factor, rest, true);
      gemm(false, false, -1, bases[b], multiplyTransposed(true, false, bases[b], rest), 1, rest);
      weightsOf(own, result).data.set(rest.data);
      for (let k = 0; k < inside.rows; k++)
        for (let n = 0; n < inside.columns; n++)
          coarse[first + n * inside.rows + k] = inside.data[k * inside.columns + n];
      first += inside.data.length;
    });
    const solution = choleskySolve(coarseFactor, coarse);
    first = 0;
    problem.blocks.forEach((own, b) => {
      const inside = matrix(bases[b].columns, own.block.channels);
      for (let k = 0; k < inside.rows; k++)
        for (let n = 0; n < inside.columns; n++)
          inside.data[k * inside.columns + n] = solution[first + n * inside.rows + k];
      gemm(false, false, 1, bases[b], inside, 1, weightsOf(own, result));
      first += inside.data.length;
    });
    return result;
  };
  return { apply, logDeterminant };
}

/** A/N + η. */
export function shifted(a: Matrix, structures: number, eta: number): Matrix {
  const result = copy(a);
  for (let i = 0; i < result.data.length; i++) result.data[i] /= structures;
  for (let i = 0; i < a.rows; i++) result.data[i * a.columns + i] += eta;
  return result;
}
