/**
 * A trained model and its predictions:
 *
 *   c_{i,nλμ} = c̄_{an} δ_{λ0} + Σ_{jμ'} k̃^λ_{μμ'}(i, j) b_{jμ'n} = … + Σ_j (P_i^0·P_j^0)^(ζ−1) P_i^λμ · v_{jn},
 *   v_{jn} = Σ_μ' P_j^λμ' b_{jμ'n}.
 *
 * The folded vectors v are made once, at the first prediction.
 */
import { baselineCoefficients } from "../density/averages.js";
import { mendElectronCount } from "../density/electron-count.js";
import { BrineError } from "../errors.js";
import { multiplyTransposed } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { elementSymbol } from "../structure/elements.js";
import { neighbourhoods } from "../structure/neighbours.js";
import { checkStructure, type Structure } from "../structure/structure.js";
import { atomsOf, blockKey, blockOrder, blocksOf, largestLambda, type Block } from "./blocks.js";
import { committeeSpread } from "./committee-spread.js";
import { ENVIRONMENTS_AT_ONCE, environmentFeatures } from "./environment-features.js";
import type { ModelContent, Prediction } from "./model-content.js";

export type { ModelContent, Prediction } from "./model-content.js";

export interface DensityModel extends ModelContent {
  /** Throws `mismatch` for a species that the model has not seen, `input` for a broken structure. */
  predict(structure: Structure, options?: RunOptions): Promise<Prediction>;
}

/** What the sparse environments of one species contribute. */
interface Folded {
  /** P_j^0: [M, features]. */
  readonly scalar: Matrix;
  readonly blocks: readonly {
    readonly block: Block;
    readonly index: number;
    /** [channels · M, features]. */ readonly vectors: Matrix;
  }[];
}

export function densityModel(content: ModelContent): DensityModel {
  const species = Object.keys(content.environments)
    .map(Number)
    .toSorted((a, b) => a - b);
  const blocks = blocksOf(content.level.auxiliary, species);
  const folded = new Map<number, Folded>();
  const foldedOf = (z: number): Folded => {
    let found = folded.get(z);
    if (!found) folded.set(z, (found = fold(content, blocks, z)));
    return found;
  };
  const spread = content.committee ? committeeSpread(content, content.committee, blocks) : undefined;
  return {
    ...content,
    async predict(structure, options) {
      checkPredictable(structure, species);
      const auxiliary = content.level.auxiliary;
      const order = blockOrder(blocks, auxiliary, structure);
      const coefficients = baselineCoefficients(content.averages, auxiliary, structure);
      const around = neighbourhoods(structure, content.settings.cutoffRadius);
      const collected = spread?.(structure, order);
      for (const z of species) {
        const atoms = atomsOf(structure, z);
        for (let from = 0; from < atoms.length; from += ENVIRONMENTS_AT_ONCE) {
          const part = atoms.slice(from, from + ENVIRONMENTS_AT_ONCE).map((atom) => around[atom]);
          const features = environmentFeatures(part, z, largestLambda(blocks, z), content.recipe);
          collected?.add(z, from, features);
          for (const { block, index, values } of predictEnvironments(content, foldedOf(z), features)) {
            const first = order.first[index] + from * (2 * block.lambda + 1) * block.channels;
            for (let k = 0; k < values.length; k++) coefficients[order.functions[first + k]] += values[k];
          }
          await checkpoint(options);
        }
      }
      const nuclearCharges = Float64Array.from(structure.species, (z) => content.nuclearCharges[z]);
      const density = { structure, basis: auxiliary, quantity: "density" as const, nuclearCharges, coefficients };
      const prediction = { ...mendElectronCount(density), unmended: coefficients };
      return collected ? { ...prediction, uncertainty: collected.uncertainty(coefficients) } : prediction;
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

function fold({ environments, recipe, weights }: ModelContent, blocks: readonly Block[], species: number): Folded {
  const sparse = environments[species];
  const own = blocks.flatMap((block, index) => (block.species === species ? [{ block, index }] : []));
  const targets = own.map(({ block, index }) => ({ block, index, vectors: undefined as Matrix | undefined }));
  let scalar: Matrix | undefined;
  for (let from = 0; from < sparse.length; from += ENVIRONMENTS_AT_ONCE) {
    const part = sparse.slice(from, from + ENVIRONMENTS_AT_ONCE);
    const features = environmentFeatures(part, species, largestLambda(blocks, species), recipe);
    scalar ??= matrix(sparse.length, features[0].columns);
    scalar.data.set(features[0].data, from * features[0].columns);
    for (const target of targets) {
      const { lambda, channels } = target.block;
      target.vectors ??= matrix(channels * sparse.length, features[lambda].columns);
      foldPart(
        features[lambda],
        weights.get(blockKey(target.block))!,
        2 * lambda + 1,
        from,
        part.length,
        target.vectors,
        sparse.length,
      );
    }
  }
  return { scalar: scalar!, blocks: targets.map(({ block, index, vectors }) => ({ block, index, vectors: vectors! })) };
}

/** v_{jn} of `count` environments from `from`, into row n M + j. */
function foldPart(
  features: Matrix,
  weights: Matrix,
  components: number,
  from: number,
  count: number,
  into: Matrix,
  sparse: number,
): void {
  const width = features.columns;
  for (let j = 0; j < count; j++)
    for (let mu = 0; mu < components; mu++) {
      const row = (j * components + mu) * width;
      for (let n = 0; n < weights.columns; n++) {
        const weight = weights.data[((from + j) * components + mu) * weights.columns + n];
        if (weight === 0) continue;
        const to = (n * sparse + from + j) * width;
        for (let f = 0; f < width; f++) into.data[to + f] += weight * features.data[row + f];
      }
    }
}

/** For each block of a species, from the features of its environments: [environments, 2λ + 1, channels], the baseline not included. */
function predictEnvironments(
  { settings }: ModelContent,
  folded: Folded,
  features: readonly Matrix[],
): { block: Block; index: number; values: Float64Array }[] {
  const scalar = multiplyTransposed(false, true, features[0], folded.scalar);
  const sparse = folded.scalar.rows;
  for (let k = 0; k < scalar.data.length; k++) scalar.data[k] **= settings.zeta - 1;
  return folded.blocks.map(({ block, index, vectors }) => {
    const products = multiplyTransposed(false, true, features[block.lambda], vectors);
    const components = 2 * block.lambda + 1;
    const values = new Float64Array(products.rows * block.channels);
    for (let row = 0; row < products.rows; row++) {
      const power = Math.floor(row / components) * sparse;
      for (let n = 0; n < block.channels; n++) {
        const first = row * products.columns + n * sparse;
        let sum = 0;
        for (let j = 0; j < sparse; j++) sum += scalar.data[power + j] * products.data[first + j];
        values[row * block.channels + n] = sum;
      }
    }
    return { block, index, values };
  });
}
