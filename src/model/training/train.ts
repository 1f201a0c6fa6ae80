/**
 * Learning a density model: sparse equivariant kernel regression of the coefficients, all of them coupled by
 * the metric of the auxiliary basis. Source: Grisafi et al., arXiv 2206.14087 (2022).
 */
import { structureKey } from "../../dataset/codec.js";
import { featureCount } from "../../descriptor/index.js";
import { backend } from "../../math/backend-in-use.js";
import { multiply } from "../../math/linear-algebra.js";
import type { Matrix } from "../../math/matrix.js";
import { elementSymbol } from "../../structure/elements.js";
import { VERSION } from "../../version.js";
import { blockKey } from "../blocks.js";
import { densityModel, type DensityModel } from "../prediction/density-model.js";
import type { CommitteeWeights } from "../prediction/model-content.js";
import { kernelWeights, type FeatureSpace } from "../problem/feature-space.js";
import { weightsOf, type LearningProblem } from "../problem/learning-problem.js";
import { whitenings } from "../problem/on-site.js";
import type { Precision } from "../problem/storage.js";
import type { Committee } from "../solver/committee.js";
import { trainSettings, type PartialTrainSettings } from "../settings.js";
import type { TrainSummary } from "../summary.js";
import { featureSpaces, learningProblem, planMemory } from "./design.js";
import { solve } from "./solve.js";
import { sparseEnvironments, type SparseEnvironments } from "./sparse-environments.js";
import { trainingRun, type TrainingRun, type TrainOptions } from "./training-run.js";
import { nuclearChargesOf, type TrainingReference } from "./training-set.js";

/** A model and how it came about. */
export interface Trained {
  /** For `predict` and `saveModel`. */
  readonly model: DensityModel;
  /** Sizes, regularisation, convergence, times. */
  readonly summary: TrainSummary;
}

/**
 * Learns from `references`, which are of one level, each structure once. Throws `input` for none, broken or repeated
 * structures and coefficients that are not numbers, `mismatch` when levels, numbers of coefficients or nuclear charges
 * disagree or settings name an element that is not there, `usage` for settings that cannot be, and `aborted`.
 */
export async function train(
  references: readonly TrainingReference[],
  settings: PartialTrainSettings = {},
  options: TrainOptions = {},
): Promise<Trained> {
  const run = trainingRun(references, trainSettings(settings), options);
  const sparse = await sparseEnvironments(run);
  const plan = planMemory(run, sparse);
  run.watch.lap("environments");
  const spaces = await featureSpaces(run, sparse, plan);
  run.watch.lap("kernels");
  const problem = await learningProblem(run, spaces, plan);
  run.watch.lap("metrics");
  const solved = await solve(run, problem, plan);
  const unwhitened = weightsOfModel(run, sparse, spaces, problem);
  const summary = {
    structures: references.length,
    ...counts(run, sparse),
    dimension: problem.dimension,
    ...solved.report,
    committeeFactor: solved.committee?.factor ?? null,
  };
  const model = densityModel({
    level: run.level,
    settings: run.settings,
    summary,
    madeBy: { brine: VERSION, backend: backend().name },
    averages: run.averages,
    nuclearCharges: nuclearChargesOf(references),
    recipe: sparse.recipe,
    environments: sparse.chosen,
    weights: unwhitened(solved.weights, "double"),
    ...(solved.committee ? { committee: committeeWeights(solved.committee, unwhitened) } : {}),
    trainingKeys: references.map(({ structure }) => structureKey(structure)),
  });
  return { model, summary: { ...summary, ...run.watch.result() } };
}

function counts(
  { species }: TrainingRun,
  { recipe, chosen }: SparseEnvironments,
): Pick<TrainSummary, "environments" | "features"> {
  return {
    environments: Object.fromEntries(species.map((z) => [elementSymbol(z), chosen[z].length])),
    features: recipe.selected.map((own, lambda) => own?.length ?? featureCount(recipe.descriptor, lambda)),
  };
}

/** What an uncertainty needs of its members is there in single precision, which halves most of the file. */
function committeeWeights({ factor, deviations }: Committee, unwhitened: WeightsOfModel): CommitteeWeights {
  return { factor, members: deviations.map((deviation) => unwhitened(deviation, "single")) };
}

type WeightsOfModel = (weights: Float64Array, precision: Precision) => Map<string, Matrix>;

/** Makes b of each block, L⁻ᵀ W T over all rows of the sparse set, of the weights w of the problem. */
function weightsOfModel(
  { blocks, level, settings }: TrainingRun,
  { chosen }: SparseEnvironments,
  spaces: readonly FeatureSpace[],
  problem: LearningProblem,
): WeightsOfModel {
  const whitening = whitenings(blocks, level.auxiliary, settings.lossMetric);
  return (weights, precision) =>
    new Map(
      blocks.map((block, b): [string, Matrix] => {
        const rows = chosen[block.species].length * (2 * block.lambda + 1);
        const unwhitened = multiply(weightsOf(problem.blocks[b], weights), whitening[b].forward);
        return [blockKey(block), kernelWeights(spaces[b], unwhitened, rows, precision)];
      }),
    );
}
