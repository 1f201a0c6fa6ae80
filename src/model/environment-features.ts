/**
 * Features of atomic environments as the kernels use them:
 *
 *   P_i^λμ ← s_{aλ} P_i^λμ / |P_i^0|,
 *
 * one scalar norm for all λ, of the full λ = 0 vector even where features were selected. Dividing each λ
 * by its own norm would be discontinuous at symmetric environments, where that norm vanishes. s_{aλ} makes
 * the mean |P^λ|² of a species one over the training atoms.
 */
import { expansionsOf, selectedBySphere } from "../descriptor/cutoffs.js";
import { lambdaSoap } from "../descriptor/lambda-soap.js";
import { squaredNorms, squaredNormsOf } from "../descriptor/norms.js";
import type { DescriptorSettings } from "../descriptor/settings.js";
import { matrix, sideBySide, type Matrix } from "../math/matrix.js";
import type { Neighbourhood } from "../structure/neighbours.js";

export interface FeatureRecipe {
  readonly descriptor: DescriptorSettings;
  /** For each λ the features that are kept; undefined: all. */
  readonly selected: readonly (Int32Array | undefined)[];
  /** s_{aλ} for each λ, by species. */
  readonly scales: Readonly<Record<number, Float64Array>>;
}

/** Environments whose feature vectors are in memory at the same time. */
export const ENVIRONMENTS_AT_ONCE = 128;

/** For λ = 0 … lambdaMax: [environments (2λ + 1), features]. All environments are of one species. */
export function environmentFeatures(
  neighbourhoods: readonly Neighbourhood[],
  species: number,
  lambdaMax: number,
  recipe: FeatureRecipe,
): Matrix[] {
  const featuresOfLambda = scaledFeatures(neighbourhoods, species, recipe);
  return Array.from({ length: lambdaMax + 1 }, (_, lambda) => featuresOfLambda(lambda));
}

/** P^0 and P^λ of the environments: [environments, features] and [environments (2λ + 1), features]. */
export function featuresOf(
  neighbourhoods: readonly Neighbourhood[],
  species: number,
  lambda: number,
  recipe: FeatureRecipe,
): { scalar: Matrix; vectors: Matrix } {
  const featuresOfLambda = scaledFeatures(neighbourhoods, species, recipe);
  const scalar = featuresOfLambda(0);
  return { scalar, vectors: lambda === 0 ? scalar : featuresOfLambda(lambda) };
}

function scaledFeatures(
  neighbourhoods: readonly Neighbourhood[],
  species: number,
  { descriptor, selected, scales }: FeatureRecipe,
): (lambda: number) => Matrix {
  const spheres = expansionsOf(neighbourhoods, species, descriptor).map((expansion) => ({
    expansion,
    lengths: squaredNorms(expansion, 0).map(Math.sqrt),
  }));
  return (lambda) => {
    const features = selected[lambda];
    const own = features && selectedBySphere(descriptor, lambda, features);
    const scale = scales[species][lambda] / Math.sqrt(spheres.length);
    const rows = neighbourhoods.length * (2 * lambda + 1);
    const parts = spheres.map(({ expansion, lengths }, c) => {
      const values = lambdaSoap(
        expansion,
        lambda,
        own?.[c],
        lengths.map((length) => scale / length),
      );
      return matrix(rows, values.length / rows, values);
    });
    return sideBySide(parts);
  };
}

/** |P^λ|²/|P^0|² for each λ ≤ lambdaMax, the mean over the spheres, of all environments added to `sums`. */
export function addRelativeNorms(
  neighbourhoods: readonly Neighbourhood[],
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
