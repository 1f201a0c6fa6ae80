/**
 * The sparse environments of each species: farthest-point sampling on P^0 over the training atoms. Also made
 * here, in the same pass over the training set: the choice of features and the scale of each (a, λ).
 */
import type { Environment } from "../../descriptor/environment.js";
import {
  cutoffCount,
  expansionsOf,
  farFieldFactors,
  farthestPoints,
  featureCount,
  joinExpansions,
  selectFeatures,
} from "../../descriptor/index.js";
import type { DescriptorSettings } from "../../descriptor/settings.js";
import { matrix, type Matrix } from "../../math/matrix.js";
import { checkpoint, type RunOptions } from "../../run.js";
import { elementSymbol } from "../../structure/elements.js";
import {
  addRelativeNorms,
  ENVIRONMENTS_AT_ONCE,
  environmentFeatures,
  type FeatureRecipe,
  type FeatureRoom,
} from "../prediction/environment-features.js";
import type { TrainSettings } from "../settings.js";

/** Features per λ when the setting is `auto`. */
const AUTO_FEATURES = 1000;
/** Environments on which features are chosen, about. */
const FEATURE_SAMPLE = 512;
/** Mean |P^λ|²/|P^0|² that is rounding: P^λ vanishes by symmetry, as on isolated atoms. */
const VANISHING = 1e-20;
/** Farthest points are looked for among at most this many environments of a species, evenly spaced. */
const LARGEST_CANDIDATES = 20000;

/** By species, ascending atomic number: the neighbourhoods of all training atoms in order. */
export type EnvironmentsBySpecies = ReadonlyMap<number, readonly Environment[]>;

/** Chooses features for λ ≤ lambdaMax and scales for every species. */
export async function featureRecipe(
  atoms: EnvironmentsBySpecies,
  lambdaMax: ReadonlyMap<number, number>,
  neighbours: DescriptorSettings,
  settings: TrainSettings,
  options?: RunOptions,
): Promise<FeatureRecipe> {
  // The same number of each species, so that what only a rare one needs is seen.
  const share = Math.ceil(FEATURE_SAMPLE / atoms.size);
  const chosen = new Map([...atoms].map(([species, all]) => [species, evenly(all, share)]));
  const descriptor = withFarField(neighbours, chosen, settings.farField);
  const samples = [...chosen].map(([species, some]) => expansionsOf(some, species, descriptor));
  const spheres = Array.from({ length: cutoffCount(descriptor) }, (_, c) =>
    joinExpansions(samples.map((ofSpecies) => ofSpecies[c])),
  );
  const wanted = settings.features === "auto" ? AUTO_FEATURES : settings.features;
  const selected: (Int32Array | undefined)[] = [];
  const last = Math.max(...lambdaMax.values());
  for (let lambda = 0; lambda <= last; lambda++) {
    const each = featureCount(descriptor, lambda) / spheres.length;
    selected.push(
      wanted >= each
        ? undefined
        : Int32Array.from(
            spheres.flatMap((sample, c) => Array.from(selectFeatures(sample, lambda, wanted), (f) => c * each + f)),
          ),
    );
    await checkpoint(options, { stage: "features", done: lambda + 1, total: last + 1 });
  }
  const scales: Record<number, Float64Array> = {};
  for (const [species, all] of atoms) {
    const sums = new Float64Array(lambdaMax.get(species)! + 1);
    for (let from = 0; from < all.length; from += ENVIRONMENTS_AT_ONCE) {
      addRelativeNorms(all.slice(from, from + ENVIRONMENTS_AT_ONCE), species, descriptor, sums);
      await checkpoint(options, { stage: "norms", done: from, total: all.length });
    }
    scales[species] = sums.map((sum) => (sum > VANISHING * all.length ? Math.sqrt(all.length / sum) : 0));
  }
  return { descriptor, selected, scales };
}

/** The descriptor with the far field as large as the setting says, if there is one. */
function withFarField(
  descriptor: DescriptorSettings,
  atoms: EnvironmentsBySpecies,
  asked: TrainSettings["farField"],
): DescriptorSettings {
  if (!asked) return descriptor;
  const expansions = [...atoms].map(([species, some]) => expansionsOf(some, species, descriptor)[0]);
  const factors = farFieldFactors([...atoms.values()].flat(), expansions, asked.weight);
  const { width, polarizability } = asked;
  return factors ? { ...descriptor, farField: { width, polarizability, factors } } : descriptor;
}

/** Indices into the neighbourhoods of one species of its sparse environments, in the order chosen; duplicates never. */
export async function sparseEnvironments(
  all: readonly Environment[],
  species: number,
  count: number,
  recipe: FeatureRecipe,
  options?: RunOptions,
): Promise<Int32Array> {
  const candidates = evenIndices(all.length, LARGEST_CANDIDATES);
  let rows: Matrix | undefined;
  const room: FeatureRoom = new Map();
  for (let from = 0; from < candidates.length; from += ENVIRONMENTS_AT_ONCE) {
    const part = candidates.slice(from, from + ENVIRONMENTS_AT_ONCE).map((i) => all[i]);
    const [scalar] = environmentFeatures(part, species, 0, recipe, room);
    rows ??= matrix(candidates.length, scalar.columns);
    rows.data.set(scalar.data, from * scalar.columns);
    await checkpoint(options, {
      stage: `environments of ${elementSymbol(species)}`,
      done: from,
      total: candidates.length,
    });
  }
  return farthestPoints(rows!, count).map((row) => candidates[row]);
}

export interface EnvironmentsTask {
  readonly all: readonly Environment[];
  readonly species: number;
  readonly count: number;
  readonly recipe: FeatureRecipe;
}

/** `sparseEnvironments` as a task. */
export async function chooseEnvironments(task: EnvironmentsTask, options?: RunOptions): Promise<Int32Array> {
  return sparseEnvironments(task.all, task.species, task.count, task.recipe, options);
}

/** Environments asked for of each species, as far as there are so many; `auto` gives `automatic`. */
export function environmentCounts(
  atoms: EnvironmentsBySpecies,
  asked: TrainSettings["environments"],
  automatic: number,
): Map<number, number> {
  return new Map(
    [...atoms].map(([z, all]) => {
      const count = asked === "auto" ? automatic : typeof asked === "number" ? asked : (asked[String(z)] ?? automatic);
      return [z, Math.min(count, all.length)];
    }),
  );
}

function evenly<T>(items: readonly T[], most: number): T[] {
  return evenIndices(items.length, most).map((i) => items[i]);
}

function evenIndices(total: number, most: number): number[] {
  const count = Math.min(total, most);
  return Array.from({ length: count }, (_, k) => Math.floor((k * total) / count));
}
