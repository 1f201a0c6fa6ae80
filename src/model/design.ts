/** From references to the regression problem: sparse spaces, ψ of every atom, whitened metrics and targets. */
import { baselineCoefficients, type Averages } from "../density/averages.js";
import { metricMatrix } from "../density/metric.js";
import { placeBasis } from "../basis/basis.js";
import { multiplyTransposed } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { elementSymbol } from "../structure/elements.js";
import type { Neighbourhood } from "../structure/neighbours.js";
import { blockOrder, largestLambda, type Block } from "./blocks.js";
import { ENVIRONMENTS_AT_ONCE, environmentFeatures, type FeatureRecipe } from "./environment-features.js";
import {
  whitenMetric,
  whitenTarget,
  type LearningProblem,
  type ProblemBlock,
  type StructureTerm,
} from "./learning-problem.js";
import { whitenings, type Whitening } from "./on-site.js";
import type { TrainSettings } from "./settings.js";
import { project, sparseSpace, type SparseSpace } from "./sparse-space.js";
import type { TrainingReference } from "./training-set.js";

/** Metrics are kept up to this many bytes and made again at each use beyond. */
const METRIC_BYTES = 1.5e9;

/**
 * Columns kept of each block. Of the (2λ + 1) M columns for λ ≥ 2 the first 3 M pivots are enough: on water clusters
 * the error changes by less than 1 % (2 M: 5 %), at a fifth of the work.
 */
export const COLUMNS_PER_ENVIRONMENT = 3;

/** Feature spaces of the blocks of one species, from its sparse environments. */
export interface SpeciesSpaces {
  readonly species: number;
  /** P^0 of the sparse environments, [M, features]. */
  readonly scalar: Matrix;
  readonly spaces: readonly SparseSpace[];
}

export async function speciesSpaces(
  environments: readonly Neighbourhood[],
  species: number,
  blocks: readonly Block[],
  recipe: FeatureRecipe,
  zeta: number,
  options?: RunOptions,
): Promise<SpeciesSpaces> {
  const last = largestLambda(blocks, species);
  const features: Matrix[] = [];
  for (let from = 0; from < environments.length; from += ENVIRONMENTS_AT_ONCE) {
    const part = environmentFeatures(environments.slice(from, from + ENVIRONMENTS_AT_ONCE), species, last, recipe);
    part.forEach((values, lambda) => {
      features[lambda] ??= matrix(environments.length * (2 * lambda + 1), values.columns);
      features[lambda].data.set(values.data, from * (2 * lambda + 1) * values.columns);
    });
    await checkpoint(options);
  }
  const scalar = multiplyTransposed(false, true, features[0], features[0]);
  const own = blocks.filter((block) => block.species === species);
  const spaces: SparseSpace[] = [];
  for (const block of own) {
    spaces.push(
      sparseSpace(block, features[block.lambda], scalar, zeta, COLUMNS_PER_ENVIRONMENT * environments.length),
    );
    await checkpoint(options, { stage: `kernel of ${elementSymbol(species)}`, done: spaces.length, total: own.length });
  }
  return { species, scalar: features[0], spaces };
}

/** ψ of all atoms of a species for each of its blocks: [atoms (2λ + 1), pivots]. Features are held for a few environments at a time. */
export async function projectAll(
  atoms: readonly Neighbourhood[],
  { species, scalar, spaces }: SpeciesSpaces,
  recipe: FeatureRecipe,
  zeta: number,
  options?: RunOptions,
): Promise<Matrix[]> {
  const results = spaces.map(({ block, pivots }) => matrix(atoms.length * (2 * block.lambda + 1), pivots.length));
  const last = Math.max(...spaces.map(({ block }) => block.lambda));
  for (let from = 0; from < atoms.length; from += ENVIRONMENTS_AT_ONCE) {
    const features = environmentFeatures(atoms.slice(from, from + ENVIRONMENTS_AT_ONCE), species, last, recipe);
    const kernel = multiplyTransposed(false, true, features[0], scalar);
    for (let b = 0; b < spaces.length; b++) {
      const { lambda } = spaces[b].block;
      results[b].data.set(
        project(spaces[b], features[lambda], kernel, zeta).data,
        from * (2 * lambda + 1) * results[b].columns,
      );
      await checkpoint(options, { stage: `features of ${elementSymbol(species)}`, done: from, total: atoms.length });
    }
  }
  return results;
}

/** Puts ψ (by block) and the references together; the order of structures is that of `references`. */
export async function learningProblem(
  references: readonly TrainingReference[],
  blocks: readonly Block[],
  psi: readonly Matrix[],
  averages: Averages,
  settings: TrainSettings,
  options?: RunOptions,
): Promise<{ problem: LearningProblem; whitening: readonly Whitening[] }> {
  const whitening = whitenings(blocks, references[0].level.auxiliary, settings.lossMetric);
  let dimension = 0;
  const problemBlocks = blocks.map((block, b): ProblemBlock => {
    const weightFirst = dimension;
    dimension += psi[b].columns * block.channels;
    return { block, psi: psi[b], rowFirst: rowFirsts(references, block), weightFirst };
  });
  let bytes = 0;
  const structures: StructureTerm[] = [];
  for (const { structure, level, density } of references) {
    const order = blockOrder(blocks, level.auxiliary, structure);
    const baseline = baselineCoefficients(averages, level.auxiliary, structure);
    const deviation = density.coefficients.map((value, p) => value - baseline[p]);
    const make = (): Matrix =>
      whitenMetric(metricMatrix(settings.lossMetric, placeBasis(level.auxiliary, structure)), order, whitening);
    bytes += 8 * order.functions.length ** 2;
    const kept = bytes <= METRIC_BYTES ? make() : undefined;
    structures.push({
      metric: kept ? () => kept : make,
      target: whitenTarget(deviation, order, whitening),
      first: order.first,
    });
    await checkpoint(options, { stage: "metrics", done: structures.length, total: references.length });
  }
  return { problem: { blocks: problemBlocks, structures, dimension }, whitening };
}

function rowFirsts(references: readonly TrainingReference[], { species, lambda }: Block): Int32Array {
  const result = new Int32Array(references.length + 1);
  references.forEach(({ structure }, a) => {
    const atoms = structure.species.reduce((count, z) => count + (z === species ? 1 : 0), 0);
    result[a + 1] = result[a] + atoms * (2 * lambda + 1);
  });
  return result;
}
