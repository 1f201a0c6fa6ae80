/** From references to the regression problem: feature spaces with ψ of every atom, whitened metrics and targets. */
import { basisSize } from "../../basis/basis.js";
import { baselineCoefficients, type Averages } from "../../density/averages.js";
import type { Environment } from "../../descriptor/environment.js";
import type { RunOptions } from "../../run.js";
import { blockKey, blockOrder, type Block } from "../blocks.js";
import type { FeatureRecipe } from "../prediction/environment-features.js";
import type { FeatureSpace, FeatureSpaceTask } from "../problem/feature-space.js";
import { whitenTarget, type LearningProblem, type ProblemBlock } from "../problem/learning-problem.js";
import { memoryPlan, type MemoryPlan } from "../problem/memory-plan.js";
import { whitenings } from "../problem/on-site.js";
import { inParallel } from "../problem/parallel.js";
import type { EnvironmentsBySpecies } from "../problem/sparse-set.js";
import { shared, store } from "../problem/storage.js";
import { triangleLength } from "../problem/stored-triangle.js";
import type { TrainSettings } from "../settings.js";
import type { TrainingReference } from "./training-set.js";

/**
 * Columns kept of each block. Of the (2λ + 1) M columns for λ ≥ 2 the first 3 M pivots are enough: on water clusters
 * the error changes by less than 1 % (2 M: 5 %), at a fifth of the work.
 */
const COLUMNS_PER_ENVIRONMENT = 3;
/** Structures whose metrics are one piece of work. */
const METRICS_AT_ONCE = 16;

/** At most this many columns of a block for `environments` of its species. */
export function mostColumns({ lambda }: Block, environments: number): number {
  return environments * Math.min(2 * lambda + 1, COLUMNS_PER_ENVIRONMENT);
}

/** Where the numbers go, from the sizes before anything is made. */
export function planMemory(
  references: readonly TrainingReference[],
  blocks: readonly Block[],
  atoms: EnvironmentsBySpecies,
  environments: Readonly<Record<number, readonly Environment[]>>,
  { memory, scratch }: { readonly memory?: number; readonly scratch?: string },
): MemoryPlan {
  let [psi, triangles] = [0, 0];
  for (const block of blocks) {
    const columns = mostColumns(block, environments[block.species].length);
    psi += atoms.get(block.species)!.length * (2 * block.lambda + 1) * columns;
    triangles += triangleLength(columns);
  }
  const metrics = references.reduce(
    (sum, reference) => sum + basisSize(reference.level.auxiliary, reference.structure) ** 2,
    0,
  );
  return memoryPlan({ psi, metrics, triangles }, memory, scratch);
}

/** The feature space of each block. The most expensive ones are begun first. */
export async function featureSpaces(
  blocks: readonly Block[],
  atoms: EnvironmentsBySpecies,
  environments: Readonly<Record<number, readonly Environment[]>>,
  recipe: FeatureRecipe,
  zeta: number,
  plan: MemoryPlan,
  options?: RunOptions,
): Promise<FeatureSpace[]> {
  const tasks = blocks.map((block): FeatureSpaceTask => ({
    block,
    environments: environments[block.species],
    atoms: atoms.get(block.species)!,
    recipe,
    zeta,
    largest: mostColumns(block, environments[block.species].length),
    psi: plan.psi(blockKey(block)),
    factor: plan.root(blockKey(block)),
  }));
  const cost = ({ block, atoms: own, largest }: FeatureSpaceTask): number =>
    own.length * (2 * block.lambda + 1) * largest ** 2;
  const order = tasks.map((_, b) => b).toSorted((a, b) => cost(tasks[b]) - cost(tasks[a]) || a - b);
  const results = await inParallel(
    "train/feature-space",
    order.map((b) => tasks[b]),
    options,
    "kernels",
  );
  return blocks.map((_, b) => results[order.indexOf(b)]);
}

/** Puts feature spaces (by block) and references together; the order of structures is that of `references`. */
export async function learningProblem(
  references: readonly TrainingReference[],
  blocks: readonly Block[],
  spaces: readonly FeatureSpace[],
  averages: Averages,
  settings: TrainSettings,
  plan: MemoryPlan,
  options?: RunOptions,
): Promise<LearningProblem> {
  const { auxiliary } = references[0].level;
  const whitening = whitenings(blocks, auxiliary, settings.lossMetric);
  let dimension = 0;
  const problemBlocks = blocks.map((block, b): ProblemBlock => {
    const weightFirst = dimension;
    const columns = spaces[b].pivots.length;
    dimension += columns * block.channels;
    return { block, psi: spaces[b].psi, columns, rowFirst: rowFirsts(references, block), weightFirst };
  });
  const targetFirst = new Int32Array(references.length + 1);
  const metricFirst = new Float64Array(references.length + 1);
  references.forEach((reference, a) => {
    const functions = basisSize(auxiliary, reference.structure);
    targetFirst[a + 1] = targetFirst[a] + functions;
    metricFirst[a + 1] = metricFirst[a] + functions ** 2;
  });
  const targets = shared(targetFirst[references.length]);
  references.forEach(({ structure, density }, a) => {
    const baseline = baselineCoefficients(averages, auxiliary, structure);
    const deviation = density.coefficients.map((value, p) => value - baseline[p]);
    targets.set(whitenTarget(deviation, blockOrder(blocks, auxiliary, structure), whitening), targetFirst[a]);
  });
  const { precision, file } = plan.metrics();
  const metrics = store(metricFirst[references.length], precision, file);
  const tasks = [];
  for (let from = 0; from < references.length; from += METRICS_AT_ONCE)
    tasks.push({
      structures: references.slice(from, from + METRICS_AT_ONCE).map(({ structure }) => structure),
      auxiliary,
      metric: settings.lossMetric,
      blocks,
      into: metrics,
      first: metricFirst.slice(from, from + METRICS_AT_ONCE),
    });
  await inParallel("train/metrics", tasks, options, "metrics");
  return {
    blocks: problemBlocks,
    structures: references.length,
    targets,
    targetFirst,
    metrics,
    metricFirst,
    dimension,
  };
}

function rowFirsts(references: readonly TrainingReference[], { species, lambda }: Block): Int32Array {
  const result = new Int32Array(references.length + 1);
  references.forEach(({ structure }, a) => {
    const atoms = structure.species.reduce((count, z) => count + (z === species ? 1 : 0), 0);
    result[a + 1] = result[a] + atoms * (2 * lambda + 1);
  });
  return result;
}
