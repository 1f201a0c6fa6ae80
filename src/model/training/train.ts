/**
 * Learning a density model: sparse equivariant kernel regression of the coefficients, all of them coupled by
 * the metric of the auxiliary basis. Source: Grisafi et al., arXiv 2206.14087 (2022).
 */
import type { Basis } from "../../basis/basis.js";
import { structureKey } from "../../dataset/codec.js";
import { averageCoefficients } from "../../density/averages.js";
import type { Environment } from "../../descriptor/environment.js";
import { environmentsOf, featureCount } from "../../descriptor/index.js";
import { BrineError } from "../../errors.js";
import { backend } from "../../math/backend-in-use.js";
import { multiply } from "../../math/linear-algebra.js";
import type { Matrix } from "../../math/matrix.js";
import { randomGenerator } from "../../math/random.js";
import { checkpoint, type RunOptions } from "../../run.js";
import { elementSymbol } from "../../structure/elements.js";
import { speciesOf } from "../../structure/structure.js";
import { VERSION } from "../../version.js";
import { blockKey, blocksOf, largestLambda, type Block } from "../blocks.js";
import { densityModel, type DensityModel } from "../prediction/density-model.js";
import type { FeatureRecipe } from "../prediction/environment-features.js";
import { kernelWeights, type FeatureSpace } from "../problem/feature-space.js";
import { weightsOf, type LearningProblem } from "../problem/learning-problem.js";
import type { MemoryPlan } from "../problem/memory-plan.js";
import { whitenings } from "../problem/on-site.js";
import { inParallel } from "../problem/parallel.js";
import { environmentCounts, featureRecipe, type EnvironmentsBySpecies } from "../problem/sparse-set.js";
import { checkAskedSpecies, trainSettings, type PartialTrainSettings, type TrainSettings } from "../settings.js";
import { committee, type Committee } from "../solver/committee.js";
import { lossShard, total } from "../solver/loss-shard.js";
import {
  chooseRegularization,
  directSolver,
  iterativeSolver,
  lossOf,
  type Solution,
  type SolverOptions,
} from "../solver/regularization.js";
import type { SolveJournal } from "../solver/solve-journal.js";
import type { PathPoint, TrainSummary } from "../summary.js";
import { featureSpaces, learningProblem, mostColumns, planMemory } from "./design.js";
import { stopwatch } from "./stopwatch.js";
import { trainingKey } from "./training-key.js";
import { checkReferences, nuclearChargesOf, type TrainingReference } from "./training-set.js";

export type { TrainingReference } from "./training-set.js";

/** η/scale when there is only one structure and nothing can be held out. */
const FALLBACK_REGULARIZATION = 1e-6;
/** `auto` factorises the Hessian up to this many weights; `direct` refuses beyond the second number. */
const AUTO_DIRECT = 1500;
const LARGEST_DIRECT = 8000;
/**
 * Automatic number of environments: at most this many of a species and this share of its atoms (but so many in any
 * case), and this many numbers of ψ.
 */
const AUTO_ENVIRONMENTS = 1000;
const AUTO_SHARE = 0.25;
const FEWEST_ENVIRONMENTS = 400;
const PSI_NUMBERS = 6e8;
/** Halves of fewer structures tell nothing. */
const SMALLEST_FOR_COMMITTEE = 8;
const AUTO_COMMITTEE = 8;

export interface TrainOptions extends RunOptions {
  /** Judge η on these instead of holding out a part of the training structures. */
  readonly validation?: readonly TrainingReference[];
  /** Bytes that the run may take, about (8e9); beyond, numbers are kept in single precision and in scratch files. */
  readonly memory?: number;
  /** A folder for what does not fit into memory; the caller makes and removes it. Absent: all is in memory. */
  readonly scratch?: string;
  /** Opens the journal of a run with this key, to go on with a run that was killed. */
  readonly openJournal?: (key: string) => SolveJournal;
}

/** Learns from `references`. Throws as `checkReferences` does, `input` for a structure that is there twice, and `aborted`. */
export async function train(
  references: readonly TrainingReference[],
  given: PartialTrainSettings = {},
  options: TrainOptions = {},
): Promise<{ model: DensityModel; summary: TrainSummary }> {
  const watch = stopwatch();
  const settings = trainSettings(given);
  checkReferences(references);
  checkDuplicates(references);
  if (options.validation) checkValidation(options.validation, references);
  const members = committeeMembers(settings, references.length);
  const journal = options.openJournal?.(trainingKey(settings, references, options.validation));
  const level = references[0].level;
  const species = speciesOf(references.map(({ structure }) => structure));
  checkAskedSpecies(settings, species);
  const blocks = blocksOf(level.auxiliary, species);
  const averages = averageCoefficients(
    level.auxiliary,
    references.map(({ density }) => density),
  );
  const split = splitReferences(references, settings, options.validation);
  checkSpecies(split.ordered.slice(references.length), species);

  const count = references.length;
  const training = neighbourhoodsBySpecies(split.ordered.slice(0, count), species, settings);
  const judged = neighbourhoodsBySpecies(split.ordered.slice(count), species, settings);
  const atoms = new Map([...training].map(([z, all]) => [z, [...all, ...judged.get(z)!]]));
  const recipe = await makeRecipe(training, blocks, settings, options);
  watch.lap("features");
  const environments = await makeEnvironments(training, atoms, blocks, recipe, settings, options);
  const plan = planMemory(split.ordered, blocks, atoms, environments, options);
  watch.lap("environments");
  const spaces = await featureSpaces(blocks, atoms, environments, recipe, settings.zeta, plan, options);
  watch.lap("kernels");
  const problem = await learningProblem(split.ordered, blocks, spaces, averages, settings, plan, options);
  watch.lap("metrics");
  const solved = await solve(problem, plan, split, references.length, settings, members, watch.lap, {
    ...options,
    ...(journal ? { journal: { records: journal, next: 0 } } : {}),
  });
  const coloured = (weights: Float64Array): Map<string, Matrix> =>
    modelWeights(problem, spaces, environments, level.auxiliary, settings, weights);

  const summary = {
    structures: references.length,
    environments: Object.fromEntries(species.map((z) => [elementSymbol(z), environments[z].length])),
    features: recipe.selected.map((own, lambda) => own?.length ?? featureCount(recipe.descriptor, lambda)),
    dimension: problem.dimension,
    ...solved.report,
    committeeFactor: solved.committee?.factor ?? null,
  };
  const model = densityModel({
    level,
    settings,
    summary,
    madeBy: { brine: VERSION, backend: backend().name },
    averages,
    nuclearCharges: nuclearChargesOf(references),
    recipe,
    environments,
    weights: coloured(solved.weights),
    ...(solved.committee
      ? { committee: { factor: solved.committee.factor, members: solved.committee.deviations.map(coloured) } }
      : {}),
    trainingKeys: references.map(({ structure }) => structureKey(structure)),
  });
  return { model, summary: { ...summary, ...watch.result() } };
}

/** Throws `usage` when a committee is asked for that cannot be calibrated. */
function committeeMembers({ committee: asked, regularization }: TrainSettings, structures: number): number {
  const possible = regularization === "auto" && structures >= SMALLEST_FOR_COMMITTEE;
  if (asked === "auto") return possible ? AUTO_COMMITTEE : 0;
  if (asked > 0 && !possible)
    throw new BrineError(
      "usage",
      `a committee is calibrated on held-out structures: it needs automatic regularisation and at least ${SMALLEST_FOR_COMMITTEE} training structures`,
    );
  return asked;
}

/**
 * Throws `input` for a structure that is there twice: among the structures held out it would be judged by what was
 * learnt from it.
 */
function checkDuplicates(references: readonly TrainingReference[]): void {
  const known = new Map<string, number>();
  references.forEach(({ structure }, index) => {
    const key = structureKey(structure);
    const same = known.get(key);
    if (same !== undefined)
      throw new BrineError("input", `it is training structure ${same} once more; leave one of them out`, {
        where: `training structure ${index}`,
      });
    known.set(key, index);
  });
}

/** Throws as `checkReferences`, and `input` for a structure that is trained on. */
function checkValidation(validation: readonly TrainingReference[], references: readonly TrainingReference[]): void {
  checkReferences([references[0], ...validation], "validation structure");
  const trained = new Map(references.map(({ structure }, index) => [structureKey(structure), index]));
  validation.forEach(({ structure }, index) => {
    const same = trained.get(structureKey(structure));
    if (same !== undefined)
      throw new BrineError(
        "input",
        `it is training structure ${same}, and would be judged by what was learnt from it`,
        {
          where: `validation structure ${index}`,
        },
      );
  });
}

interface Split {
  /** Fitted structures, then held-out ones (or the validation set). */
  readonly ordered: readonly TrainingReference[];
  /** Number of structures that are fitted while η is chosen. */
  readonly fitted: number;
}

function splitReferences(
  references: readonly TrainingReference[],
  settings: TrainSettings,
  validation?: readonly TrainingReference[],
): Split {
  if (settings.regularization !== "auto") return { ordered: references, fitted: references.length };
  if (validation && validation.length > 0)
    return { ordered: [...references, ...validation], fitted: references.length };
  const shuffled = randomGenerator(settings.seed).shuffle([...references]);
  if (shuffled.length === 1) return { ordered: shuffled, fitted: 1 };
  const held = Math.min(shuffled.length - 1, Math.max(1, Math.round(settings.validationFraction * shuffled.length)));
  return { ordered: shuffled, fitted: shuffled.length - held };
}

function checkSpecies(validation: readonly TrainingReference[], species: readonly number[]): void {
  for (const z of speciesOf(validation.map(({ structure }) => structure)))
    if (!species.includes(z))
      throw new BrineError(
        "mismatch",
        `a validation structure contains ${elementSymbol(z)}, but no training structure does`,
      );
}

function neighbourhoodsBySpecies(
  references: readonly TrainingReference[],
  species: readonly number[],
  { cutoffRadius, lmax, farField }: TrainSettings,
): Map<number, Environment[]> {
  const result = new Map(species.map((z): [number, Environment[]] => [z, []]));
  for (const { structure } of references)
    for (const around of environmentsOf(structure, cutoffRadius, lmax, farField))
      result.get(around.centre)!.push(around);
  return result;
}

async function makeRecipe(
  atoms: EnvironmentsBySpecies,
  blocks: readonly Block[],
  settings: TrainSettings,
  options: RunOptions,
): Promise<FeatureRecipe> {
  const { cutoffRadius, cutoffOfSpecies, innerCutoffs, smoothing, sigma, nmax, lmax, scaling } = settings;
  const species = [...atoms.keys()];
  const lambdaMax = new Map(species.map((z) => [z, largestLambda(blocks, z)]));
  return featureRecipe(
    atoms,
    lambdaMax,
    { cutoffRadius, cutoffOfSpecies, innerCutoffs, smoothing, sigma, nmax, lmax, scaling, species },
    settings,
    options,
  );
}

/** The sparse environments of each species. */
async function makeEnvironments(
  training: EnvironmentsBySpecies,
  atoms: EnvironmentsBySpecies,
  blocks: readonly Block[],
  recipe: FeatureRecipe,
  settings: TrainSettings,
  options: RunOptions,
): Promise<Record<number, Environment[]>> {
  const counts = environmentCounts(training, settings.environments, automaticEnvironments(training, atoms, blocks));
  const tasks = [...training].map(([species, all]) => ({ all, species, count: counts.get(species)!, recipe }));
  const chosen = await inParallel("train/environments", tasks, options, "environments");
  return Object.fromEntries(
    tasks.map(({ all, species }, k) => [species, Array.from(chosen[k], (index) => all[index])]),
  );
}

/** The largest number of environments per species within the limits. */
function automaticEnvironments(
  training: EnvironmentsBySpecies,
  atoms: EnvironmentsBySpecies,
  blocks: readonly Block[],
): number {
  const numbers = (count: number): number =>
    blocks.reduce((sum, block) => {
      const rows = atoms.get(block.species)!.length;
      return sum + rows * (2 * block.lambda + 1) * mostColumns(block, Math.min(count, rows));
    }, 0);
  const most = Math.max(...[...training.values()].map((all) => all.length));
  let count = Math.round(Math.min(Math.max(AUTO_SHARE * most, FEWEST_ENVIRONMENTS), AUTO_ENVIRONMENTS));
  while (count > 1 && numbers(count) > PSI_NUMBERS) count = Math.floor(0.95 * count);
  return count;
}

interface Solved {
  readonly weights: Float64Array;
  readonly committee: Committee | undefined;
  readonly report: Pick<
    TrainSummary,
    "solver" | "regularization" | "iterations" | "residual" | "converged" | "loss" | "trainRmsePercent" | "validation"
  >;
}

/** Chooses η where asked to, then solves on all training structures. */
async function solve(
  problem: LearningProblem,
  plan: MemoryPlan,
  { ordered, fitted }: Split,
  training: number,
  settings: TrainSettings,
  committeeSize: number,
  lap: (stage: string) => void,
  options: SolverOptions,
): Promise<Solved> {
  const method = settings.solver === "auto" ? (problem.dimension <= AUTO_DIRECT ? "direct" : "cg") : settings.solver;
  if (method === "direct" && problem.dimension > LARGEST_DIRECT)
    throw new BrineError(
      "usage",
      `the direct solver takes at most ${LARGEST_DIRECT} weights, here are ${problem.dimension}; use conjugate gradients or fewer environments`,
    );
  const makeSolver = method === "direct" ? directSolver : iterativeSolver;
  const all = await lossShard(problem, 0, training, options);
  if (!Number.isFinite(all.targetNorm))
    throw new BrineError("input", "the training structures have densities of impossible size: their norm is no number");
  const automatic = settings.regularization === "auto";
  const judged = automatic && ordered.length > 1;
  const fit = fitted === training ? all : await lossShard(problem, 0, fitted, options);
  let solver = await makeSolver(problem, fit, fitted, plan, options);
  lap("preconditioner");
  let relative = settings.regularization === "auto" ? FALLBACK_REGULARIZATION : settings.regularization;
  let start: Float64Array | undefined;
  let path: readonly PathPoint[] = [];
  let iterations = 0;
  let members: Committee | undefined;
  if (judged) {
    const held = await lossShard(problem, fitted, ordered.length, options);
    const choice = await chooseRegularization(solver, held, options);
    ({ relative, path, iterations } = choice);
    start = choice.weights;
    lap("regularization");
    if (committeeSize > 0) {
      const eta = relative * solver.scale;
      members = await committee(problem, solver, fitted, held, choice.weights, eta, committeeSize, settings, options);
      lap("committee");
    }
  }
  const absolute = relative * solver.scale;
  if (fitted !== training) solver = await solver.refit(all, training);
  const solution: Solution = await solver.solve(absolute, true, start);
  const residual = total(await all.residualNorms(solution.weights));
  await checkpoint(options);
  const loss = await lossOf(all, solution.weights, absolute);
  lap("solution");
  const chosen = path.find((point) => point.relative === relative);
  return {
    weights: solution.weights,
    committee: members,
    report: {
      solver: method,
      regularization: { relative, absolute, automatic, likeliest: likeliestOf(path), path },
      iterations: iterations + solution.iterations,
      residual: solution.residual,
      converged: solution.converged,
      loss,
      trainRmsePercent: all.targetNorm > 0 ? 100 * Math.sqrt(Math.max(residual, 0) / all.targetNorm) : 0,
      validation: chosen ? { structures: ordered.length - fitted, rmsePercent: chosen.rmsePercent } : null,
    },
  };
}

function likeliestOf(path: readonly PathPoint[]): number | null {
  const known = path.flatMap(({ relative, negativeLogLikelihood: value }) =>
    value === null ? [] : [{ relative, value }],
  );
  if (known.length === 0) return null;
  return known.reduce((best, point) => (point.value < best.value ? point : best)).relative;
}

/** b of each block: L⁻ᵀ W T over all rows of the sparse set. */
function modelWeights(
  problem: LearningProblem,
  spaces: readonly FeatureSpace[],
  environments: Readonly<Record<number, readonly Environment[]>>,
  auxiliary: Basis,
  { lossMetric }: TrainSettings,
  weights: Float64Array,
): Map<string, Matrix> {
  const blocks = problem.blocks.map(({ block }) => block);
  const whitening = whitenings(blocks, auxiliary, lossMetric);
  return new Map(
    problem.blocks.map((own, b): [string, Matrix] => {
      const { block } = own;
      const coloured = multiply(weightsOf(own, weights), whitening[b].forward);
      const rows = environments[block.species].length * (2 * block.lambda + 1);
      return [blockKey(block), kernelWeights(spaces[b], coloured, rows)];
    }),
  );
}
