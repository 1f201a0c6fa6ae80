/**
 * How environments become features: the size of the far field, the features that are kept of each λ and the scale of
 * each (a, λ), chosen on the training atoms.
 */
import type { Environment } from "../../descriptor/environment.js";
import {
  cutoffCount,
  expansionsOf,
  farFieldFactors,
  featureCount,
  joinExpansions,
  selectFeatures,
} from "../../descriptor/index.js";
import type { DescriptorSettings } from "../../descriptor/settings.js";
import { checkpoint, type RunOptions } from "../../run.js";
import { addRelativeNorms, ENVIRONMENTS_AT_ONCE, type FeatureRecipe } from "../prediction/environment-features.js";
import { evenIndices } from "../problem/sparse-set.js";
import type { TrainSettings } from "../settings.js";

/** Features per λ when the setting is `auto`. */
const AUTO_FEATURES = 1000;
/** Environments on which features are chosen, about. */
const FEATURE_SAMPLE = 512;
/** Mean |P^λ|²/|P^0|² that is rounding: P^λ vanishes by symmetry, as on isolated atoms. */
const VANISHING = 1e-20;

/** By species, ascending atomic number: the environments of all its atoms in order. */
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

function evenly<T>(items: readonly T[], most: number): T[] {
  return evenIndices(items.length, most).map((i) => items[i]);
}
