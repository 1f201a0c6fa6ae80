/** The features of all atoms and the sparse environments that carry the kernel. */
import type { Environment } from "../../descriptor/environment.js";
import { environmentsOf } from "../../descriptor/index.js";
import { largestLambda, type Block } from "../blocks.js";
import type { FeatureRecipe } from "../prediction/environment-features.js";
import { mostColumns } from "../problem/feature-space.js";
import { inParallel } from "../problem/parallel.js";
import type { TrainSettings } from "../settings.js";
import { featureRecipe, type EnvironmentsBySpecies } from "./feature-recipe.js";
import type { TrainingReference } from "./training-set.js";
import type { TrainingRun } from "./training-run.js";

/**
 * Automatic number of environments: at most this many of a species and this share of its atoms (but so many in any
 * case), and this many numbers of ψ.
 */
const AUTO_ENVIRONMENTS = 1000;
const AUTO_SHARE = 0.25;
const FEWEST_ENVIRONMENTS = 400;
const PSI_NUMBERS = 6e8;

export interface SparseEnvironments {
  /** Of all atoms, in the order of the problem. */
  readonly atoms: EnvironmentsBySpecies;
  readonly recipe: FeatureRecipe;
  /** Those chosen of each species. */
  readonly chosen: Readonly<Record<number, readonly Environment[]>>;
}

/** Chosen among the training structures alone. */
export async function sparseEnvironments(run: TrainingRun): Promise<SparseEnvironments> {
  const { split, species, blocks, settings, options, watch } = run;
  const training = bySpecies(split.ordered.slice(0, split.trained), species, settings);
  const judged = bySpecies(split.ordered.slice(split.trained), species, settings);
  const atoms = new Map([...training].map(([z, all]) => [z, [...all, ...judged.get(z)!]]));
  const { cutoffRadius, cutoffOfSpecies, innerCutoffs, smoothing, sigma, nmax, lmax, scaling } = settings;
  const recipe = await featureRecipe(
    training,
    new Map(species.map((z) => [z, largestLambda(blocks, z)])),
    { cutoffRadius, cutoffOfSpecies, innerCutoffs, smoothing, sigma, nmax, lmax, scaling, species },
    settings,
    options,
  );
  watch.lap("features");
  const counts = environmentCounts(training, settings.environments, automaticCount(training, atoms, blocks));
  const tasks = [...training].map(([z, all]) => ({ all, species: z, count: counts.get(z)!, recipe }));
  const rows = await inParallel("train/environments", tasks, options, "environments");
  const chosen = Object.fromEntries(
    tasks.map(({ all, species: z }, k) => [z, Array.from(rows[k], (index) => all[index])]),
  );
  return { atoms, recipe, chosen };
}

function bySpecies(
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

/** The largest number of environments per species within the limits. */
function automaticCount(
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
