/**
 * Features of atomic environments as the kernels use them:
 *
 *   P_i^λμ ← s_{aλ} P_i^λμ / |P_i^0|,
 *
 * one scalar norm for all λ, of the full λ = 0 vector even where features were selected. Dividing each λ
 * by its own norm would be discontinuous at symmetric environments, where that norm vanishes. s_{aλ} makes
 * the mean |P^λ|² of a species one over the training atoms.
 */
import { expansionsOf, selectedBySphere } from "../../descriptor/cutoffs.js";
import type { Environment } from "../../descriptor/environment.js";
import { lambdaSoapOf, type Wanted } from "../../descriptor/lambda-soap.js";
import { squaredNorms, squaredNormsOf } from "../../descriptor/norms.js";
import type { DescriptorSettings } from "../../descriptor/settings.js";
import { matrix, sideBySide, type Matrix } from "../../math/matrix.js";

/** How features of environments are made: the same for training and prediction. */
export interface FeatureRecipe {
  /** Settings of the spherical expansion and of λ-SOAP. */
  readonly descriptor: DescriptorSettings;
  /** For each λ the features that are kept; undefined: all. */
  readonly selected: readonly (Int32Array | undefined)[];
  /** s_{aλ} for each λ, by species. */
  readonly scales: Readonly<Record<number, Float64Array>>;
}

/** Environments whose feature vectors are in memory at the same time. */
export const ENVIRONMENTS_AT_ONCE = 128;

/** Where features go, so that the same memory serves batch after batch; the caller keeps one for each use. */
export type FeatureWorkspace = Map<string, Float64Array>;

/**
 * For λ = 0 … lambdaMax: [environments (2λ + 1), features]. All environments are of one species. With a `workspace` the
 * features are those of the last call with it.
 */
export function environmentFeatures(
  neighbourhoods: readonly Environment[],
  species: number,
  lambdaMax: number,
  recipe: FeatureRecipe,
  workspace?: FeatureWorkspace,
): Matrix[] {
  const lambdas = Array.from({ length: lambdaMax + 1 }, (_, lambda) => lambda);
  return scaledFeatures(neighbourhoods, species, lambdas, recipe, workspace);
}

/** P^0 and P^λ of the environments: [environments, features] and [environments (2λ + 1), features]; with a `workspace` its arrays are used again. */
export function featuresOf(
  neighbourhoods: readonly Environment[],
  species: number,
  lambda: number,
  recipe: FeatureRecipe,
  workspace?: FeatureWorkspace,
): { scalar: Matrix; vectors: Matrix } {
  const [scalar, vectors = scalar] = scaledFeatures(
    neighbourhoods,
    species,
    lambda === 0 ? [0] : [0, lambda],
    recipe,
    workspace,
  );
  return { scalar, vectors };
}

/** `environmentFeatures` of many environments, a batch at a time; `visit` gets them and the number of the first. */
export function forEachBatch(
  neighbourhoods: readonly Environment[],
  species: number,
  lambdaMax: number,
  recipe: FeatureRecipe,
  visit: (features: readonly Matrix[], from: number) => void,
): void {
  const workspace: FeatureWorkspace = new Map();
  for (let from = 0; from < neighbourhoods.length; from += ENVIRONMENTS_AT_ONCE) {
    const part = neighbourhoods.slice(from, from + ENVIRONMENTS_AT_ONCE);
    visit(environmentFeatures(part, species, lambdaMax, recipe, workspace), from);
  }
}

function scaledFeatures(
  neighbourhoods: readonly Environment[],
  species: number,
  lambdas: readonly number[],
  { descriptor, selected, scales }: FeatureRecipe,
  workspace?: FeatureWorkspace,
): Matrix[] {
  const expansions = expansionsOf(neighbourhoods, species, descriptor);
  const bySphere = expansions.map((expansion, c) => {
    const lengths = squaredNorms(expansion, 0).map(Math.sqrt);
    const wanted = lambdas.map((lambda): Wanted => {
      const features = selected[lambda];
      const scale = scales[species][lambda] / Math.sqrt(expansions.length);
      return {
        lambda,
        selected: features && selectedBySphere(descriptor, lambda, features)[c],
        factors: lengths.map((length) => scale / length),
        into: workspace?.get(`${c} ${lambda}`),
      };
    });
    return lambdaSoapOf(expansion, wanted);
  });
  if (workspace)
    bySphere.forEach((vectors, c) =>
      vectors.forEach((values, k) => keepLarger(workspace, `${c} ${lambdas[k]}`, values)),
    );
  return lambdas.map((lambda, k) => {
    const rows = neighbourhoods.length * (2 * lambda + 1);
    return sideBySide(bySphere.map((vectors) => matrix(rows, vectors[k].length / rows, vectors[k])));
  });
}

function keepLarger(workspace: FeatureWorkspace, name: string, values: Float64Array): void {
  if ((workspace.get(name)?.length ?? 0) < values.length) workspace.set(name, values);
}

/** |P^λ|²/|P^0|² for each λ ≤ lambdaMax, the mean over the spheres, of all environments added to `sums`. */
export function addRelativeNorms(
  neighbourhoods: readonly Environment[],
  species: number,
  descriptor: DescriptorSettings,
  sums: Float64Array,
): void {
  const lambdas = Array.from(sums, (_, lambda) => lambda);
  const spheres = expansionsOf(neighbourhoods, species, descriptor);
  for (const expansion of spheres) {
    const norms = squaredNormsOf(expansion, lambdas);
    norms.forEach((own, lambda) => own.forEach((norm, i) => (sums[lambda] += norm / norms[0][i] / spheres.length)));
  }
}
