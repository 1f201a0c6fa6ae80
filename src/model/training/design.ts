/** From the structures of a run to its regression problem: feature spaces with ψ of every atom, whitened metrics and targets. */
import { basisSize } from "../../basis/basis.js";
import { baselineCoefficients } from "../../density/averages.js";
import { blockKey, blockOrder, type Block } from "../blocks.js";
import { mostColumns, type FeatureSpace, type FeatureSpaceTask } from "../problem/feature-space.js";
import { whitenTarget, type LearningProblem, type ProblemBlock } from "../problem/learning-problem.js";
import { memoryPlan, type MemoryPlan } from "../problem/memory-plan.js";
import { whitenings } from "../problem/on-site.js";
import { inParallel } from "../problem/parallel.js";
import { shared, store, type Stored } from "../problem/storage.js";
import { triangleLength } from "../problem/stored-triangle.js";
import type { SparseEnvironments } from "./sparse-environments.js";
import type { TrainingReference } from "./training-set.js";
import type { TrainingRun } from "./training-run.js";

/** Structures whose metrics are one piece of work. */
const METRICS_AT_ONCE = 16;

/** Where the numbers go, from the sizes before anything is made. */
export function planMemory(
  { split, level, blocks, options: { memory, scratch } }: TrainingRun,
  { atoms, chosen }: SparseEnvironments,
): MemoryPlan {
  let [psi, triangles] = [0, 0];
  for (const block of blocks) {
    const columns = mostColumns(block, chosen[block.species].length);
    psi += atoms.get(block.species)!.length * (2 * block.lambda + 1) * columns;
    triangles += triangleLength(columns);
  }
  const metrics = split.ordered.reduce((sum, { structure }) => sum + basisSize(level.auxiliary, structure) ** 2, 0);
  return memoryPlan({ psi, metrics, triangles }, memory, scratch);
}

/** The feature space of each block. The most expensive ones are begun first. */
export async function featureSpaces(
  { blocks, settings: { zeta }, options }: TrainingRun,
  { atoms, recipe, chosen }: SparseEnvironments,
  plan: MemoryPlan,
): Promise<FeatureSpace[]> {
  const tasks = blocks.map((block): FeatureSpaceTask => ({
    block,
    environments: chosen[block.species],
    atoms: atoms.get(block.species)!,
    recipe,
    zeta,
    largest: mostColumns(block, chosen[block.species].length),
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

/** Puts feature spaces (by block) and structures together. */
export async function learningProblem(
  run: TrainingRun,
  spaces: readonly FeatureSpace[],
  plan: MemoryPlan,
): Promise<LearningProblem> {
  const { ordered } = run.split;
  let dimension = 0;
  const blocks = run.blocks.map((block, b): ProblemBlock => {
    const weightFirst = dimension;
    const columns = spaces[b].pivots.length;
    dimension += columns * block.channels;
    return { block, psi: spaces[b].psi, columns, rowFirst: rowFirsts(ordered, block), weightFirst };
  });
  const targetFirst = new Int32Array(ordered.length + 1);
  const metricFirst = new Float64Array(ordered.length + 1);
  ordered.forEach(({ structure }, a) => {
    const functions = basisSize(run.level.auxiliary, structure);
    targetFirst[a + 1] = targetFirst[a] + functions;
    metricFirst[a + 1] = metricFirst[a] + functions ** 2;
  });
  const targets = whitenedTargets(run, targetFirst);
  const metrics = await whitenedMetrics(run, metricFirst, plan);
  return { blocks, structures: ordered.length, targets, targetFirst, metrics, metricFirst, dimension };
}

function rowFirsts(references: readonly TrainingReference[], { species, lambda }: Block): Int32Array {
  const result = new Int32Array(references.length + 1);
  references.forEach(({ structure }, a) => {
    const atoms = structure.species.reduce((count, z) => count + (z === species ? 1 : 0), 0);
    result[a + 1] = result[a] + atoms * (2 * lambda + 1);
  });
  return result;
}

/** y of all structures, that of structure a from `first[a]` on. */
function whitenedTargets(
  { split, blocks, level: { auxiliary }, settings, averages }: TrainingRun,
  first: Int32Array,
): Float64Array {
  const whitening = whitenings(blocks, auxiliary, settings.lossMetric);
  const targets = shared(first[split.ordered.length]);
  split.ordered.forEach(({ structure, density }, a) => {
    const baseline = baselineCoefficients(averages, auxiliary, structure);
    const deviation = density.coefficients.map((value, p) => value - baseline[p]);
    targets.set(whitenTarget(deviation, blockOrder(blocks, auxiliary, structure), whitening), first[a]);
  });
  return targets;
}

/** M̃ of all structures, that of structure a from `first[a]` on. */
async function whitenedMetrics(
  { split: { ordered }, blocks, level: { auxiliary }, settings, options }: TrainingRun,
  first: Float64Array,
  plan: MemoryPlan,
): Promise<Stored> {
  const { precision, file } = plan.metrics();
  const metrics = store(first[ordered.length], precision, file);
  const tasks = [];
  for (let from = 0; from < ordered.length; from += METRICS_AT_ONCE)
    tasks.push({
      structures: ordered.slice(from, from + METRICS_AT_ONCE).map(({ structure }) => structure),
      auxiliary,
      metric: settings.lossMetric,
      blocks,
      into: metrics,
      first: first.slice(from, from + METRICS_AT_ONCE),
    });
  await inParallel("train/metrics", tasks, options, "metrics");
  return metrics;
}
