/**
 * A trained model and its predictions:
 *
 *   c_{i,nλμ} = c̄_{an} δ_{λ0} + Σ_{jμ'} k̃^λ_{μμ'}(i, j) b_{jμ'n}.
 *
 * The features of the columns (j, μ') are made once, at the first prediction.
 */
import { baselineCoefficients } from "../../density/averages.js";
import { constrainElectronCount } from "../../density/electron-count.js";
import { environmentsOf } from "../../descriptor/index.js";
import { BrineError } from "../../errors.js";
import { checkpoint, type RunOptions } from "../../run.js";
import { elementSymbol } from "../../structure/elements.js";
import { checkStructure, type Structure } from "../../structure/structure.js";
import { atomsOfSpecies, blockOrder, blocksOf, largestLambda } from "../blocks.js";
import { committeeSpread } from "./committee-spread.js";
import { ENVIRONMENTS_AT_ONCE, environmentFeatures, type FeatureWorkspace } from "./environment-features.js";
import { predictColumns, speciesColumns, type SpeciesColumns } from "./kernel-columns.js";
import type { ModelContent, Prediction } from "./model-content.js";

export type { ModelContent, Prediction } from "./model-content.js";

/** A trained model: predicts the density of a structure. */
export interface DensityModel extends ModelContent {
  /** Throws `mismatch` for a species that the model has not seen, `input` for a broken structure. */
  predict(structure: Structure, options?: RunOptions): Promise<Prediction>;
}

export function densityModel(content: ModelContent): DensityModel {
  const species = Object.keys(content.environments)
    .map(Number)
    .toSorted((a, b) => a - b);
  const blocks = blocksOf(content.level.auxiliary, species);
  const known = new Map<number, SpeciesColumns>();
  const columnsOf = (z: number): SpeciesColumns => {
    let found = known.get(z);
    if (!found) known.set(z, (found = speciesColumns(content, blocks, z)));
    return found;
  };
  const workspace: FeatureWorkspace = new Map();
  const spread = content.committee ? committeeSpread(content, content.committee) : undefined;
  return {
    ...content,
    async predict(structure, options) {
      checkPredictable(structure, species);
      const auxiliary = content.level.auxiliary;
      const order = blockOrder(blocks, auxiliary, structure);
      const coefficients = baselineCoefficients(content.averages, auxiliary, structure);
      const { cutoffRadius, lmax, farField } = content.recipe.descriptor;
      const around = environmentsOf(structure, cutoffRadius, lmax, farField);
      const collected = spread?.(structure, order);
      for (const z of species) {
        const atoms = atomsOfSpecies(structure, z);
        for (let from = 0; from < atoms.length; from += ENVIRONMENTS_AT_ONCE) {
          const part = atoms.slice(from, from + ENVIRONMENTS_AT_ONCE).map((atom) => around[atom]);
          const features = environmentFeatures(part, z, largestLambda(blocks, z), content.recipe, workspace);
          for (const predicted of predictColumns(columnsOf(z), features, content.settings.zeta)) {
            const { block, index, values } = predicted;
            const first = order.first[index] + from * (2 * block.lambda + 1) * block.channels;
            collected?.add(predicted, first);
            for (let k = 0; k < values.data.length; k++) coefficients[order.functions[first + k]] += values.data[k];
          }
          await checkpoint(options);
        }
      }
      const nuclearCharges = Float64Array.from(structure.species, (z) => content.nuclearCharges[z]);
      const density = { structure, basis: auxiliary, quantity: "density" as const, nuclearCharges, coefficients };
      const prediction = { ...constrainElectronCount(density), unconstrained: coefficients };
      if (!collected) return prediction;
      return { ...prediction, uncertainty: collected.uncertainty(coefficients, prediction.density.coefficients) };
    },
  };
}

function checkPredictable(structure: Structure, species: readonly number[]): void {
  checkStructure(structure);
  const atom = structure.species.findIndex((z) => !species.includes(z));
  if (atom >= 0)
    throw new BrineError(
      "mismatch",
      `atom ${atom} is ${elementSymbol(structure.species[atom])}, which the model has not seen; it knows ${species.map(elementSymbol).join(", ")}`,
    );
}
