/**
 * The spheres around an atom in which its neighbourhood is described: one, of a radius that may depend on the species at
 * the centre, or several side by side. With C of them the features are those of all, each set divided by √C, so that
 * kernels are means over the spheres; they are numbered sphere by sphere.
 */
import type { Environment } from "./environment.js";
import { countFeatures } from "./features.js";
import { type DescriptorSettings, channelCount, checkSettings } from "./settings.js";
import { type Expansion, sphericalExpansion } from "./spherical-expansion.js";

/** Radii of the spheres around an atom of this species: the outer one, then the inner ones. */
function cutoffRadii({ cutoffRadius, cutoffOfSpecies, innerCutoffs }: DescriptorSettings, species: number): number[] {
  return [cutoffOfSpecies?.[species] ?? cutoffRadius, ...(innerCutoffs ?? [])];
}

/** Number of spheres. */
export function cutoffCount({ innerCutoffs }: DescriptorSettings): number {
  return 1 + (innerCutoffs?.length ?? 0);
}

/** The expansion in each sphere; all environments are of one species. Throws as `sphericalExpansion` does. */
export function expansionsOf(
  neighbourhoods: readonly Environment[],
  species: number,
  settings: DescriptorSettings,
): Expansion[] {
  checkSettings(settings);
  return cutoffRadii(settings, species).map((cutoffRadius) =>
    sphericalExpansion(neighbourhoods, { ...settings, cutoffRadius, cutoffOfSpecies: {}, innerCutoffs: [] }),
  );
}

/** Length of the swap-symmetric vector of λ, all spheres together. */
export function featureCount(settings: DescriptorSettings, lambda: number): number {
  return cutoffCount(settings) * countFeatures(settings.lmax, channelCount(settings), lambda);
}

const known = new WeakMap<Int32Array, readonly Int32Array[]>();

/** The selected features (ascending) of each sphere, in its own numbers. The array must not change afterwards. */
export function selectedBySphere(
  settings: DescriptorSettings,
  lambda: number,
  selected: Int32Array,
): readonly Int32Array[] {
  let parts = known.get(selected);
  if (!parts) {
    const spheres = cutoffCount(settings);
    const each = featureCount(settings, lambda) / spheres;
    parts =
      spheres === 1
        ? [selected]
        : Array.from({ length: spheres }, (_, c) =>
            selected.filter((f) => f >= c * each && f < (c + 1) * each).map((f) => f - c * each),
          );
    known.set(selected, parts);
  }
  return parts;
}

/** The environments of several expansions with the same settings but their radii, one after the other. */
export function joinExpansions(parts: readonly Expansion[]): Expansion {
  const environments = parts.reduce((sum, part) => sum + part.environments, 0);
  return {
    ...parts[0],
    environments,
    coefficients: parts[0].coefficients.map((_, l) => {
      const joined = new Float64Array(parts.reduce((sum, part) => sum + part.coefficients[l].length, 0));
      let at = 0;
      for (const { coefficients } of parts) {
        joined.set(coefficients[l], at);
        at += coefficients[l].length;
      }
      return joined;
    }),
  };
}
