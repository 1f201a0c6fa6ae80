/**
 * The features of the swap-symmetric λ-SOAP vector and their numbers, which are stored in model files: never
 * change this order.
 *
 * A feature is (l1, q, l2, q') with l1 ≤ l2, l1 + l2 + λ even, |l1 − l2| ≤ λ ≤ l1 + l2. They are numbered with l1
 * slowest, then l2, then q, then q' fastest; q' runs over all channels for l1 < l2 and from q upwards for
 * l1 = l2, because the feature (l, q', l, q) is the same.
 */
import { BrineError } from "../errors.js";
import { couples } from "../math/clebsch-gordan.js";
import { type DescriptorSettings, channelCount } from "./settings.js";

/** All features with the same (l1, l2): numbers `first` … `first + count − 1`. */
export interface FeatureBlock {
  readonly l1: number;
  readonly l2: number;
  readonly first: number;
  readonly count: number;
}

/** The blocks of λ in order. */
export function featureBlocks(lmax: number, channels: number, lambda: number): FeatureBlock[] {
  const blocks: FeatureBlock[] = [];
  let first = 0;
  for (let l1 = 0; l1 <= lmax; l1++)
    for (let l2 = l1; l2 <= lmax; l2++) {
      if (!couples(l1, l2, lambda)) continue;
      const count = l1 < l2 ? channels * channels : (channels * (channels + 1)) / 2;
      blocks.push({ l1, l2, first, count });
      first += count;
    }
  return blocks;
}

/** Length of the swap-symmetric vector of λ. */
export function featureCount(settings: DescriptorSettings, lambda: number): number {
  return countFeatures(settings.lmax, channelCount(settings), lambda);
}

export function countFeatures(lmax: number, channels: number, lambda: number): number {
  return featureBlocks(lmax, channels, lambda).reduce((sum, { count }) => sum + count, 0);
}

/** Features of one block that are wanted: column of the result, channels, and weight (√2 for those counted once of two). */
export interface BlockSelection {
  readonly l1: number;
  readonly l2: number;
  readonly columns: Int32Array;
  readonly q1: Int32Array;
  readonly q2: Int32Array;
  readonly weights: Float64Array;
}

/** The wanted features (all when absent) by block. Throws `mismatch` for a number that is no feature. */
export function selectionByBlock(lmax: number, channels: number, lambda: number, selected?: Int32Array): BlockSelection[] {
  const total = countFeatures(lmax, channels, lambda);
  const wrong = selected?.find((feature) => feature < 0 || feature >= total);
  if (wrong !== undefined) throw new BrineError("mismatch", `feature ${wrong} of λ = ${lambda} was asked for, but there are ${total}`);
  return featureBlocks(lmax, channels, lambda).flatMap(({ l1, l2, first, count }) => {
    const inside = (feature: number): boolean => feature >= first && feature < first + count;
    const columns = selected ? Int32Array.from([...selected.keys()].filter((column) => inside(selected[column]))) : Int32Array.from({ length: count }, (_, k) => first + k);
    if (columns.length === 0) return [];
    const pairs = channelPairs(channels, l1 === l2);
    const at = Int32Array.from(columns, (column) => (selected ? selected[column] : column) - first);
    const q1 = Int32Array.from(at, (k) => Math.floor(pairs[k] / channels));
    const q2 = Int32Array.from(at, (k) => pairs[k] % channels);
    const weights = Float64Array.from(at, (_, k) => (l1 === l2 && q1[k] === q2[k] ? 1 : Math.SQRT2));
    return [{ l1, l2, columns, q1, q2, weights }];
  });
}

/** q · channels + q' in the order of a block. */
function channelPairs(channels: number, symmetric: boolean): Int32Array {
  const pairs: number[] = [];
  for (let q1 = 0; q1 < channels; q1++) for (let q2 = symmetric ? q1 : 0; q2 < channels; q2++) pairs.push(q1 * channels + q2);
  return Int32Array.from(pairs);
}
