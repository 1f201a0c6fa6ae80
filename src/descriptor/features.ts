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
export function selectionByBlock(
  lmax: number,
  channels: number,
  lambda: number,
  selected?: Int32Array,
): BlockSelection[] {
  const blocks = featureBlocks(lmax, channels, lambda);
  const columns = selected
    ? columnsByBlock(blocks, selected, lambda)
    : blocks.map(({ first, count }) => consecutive(first, count));
  const result: BlockSelection[] = [];
  blocks.forEach(({ l1, l2, first }, index) => {
    const wanted = columns[index];
    if (wanted.length === 0) return;
    const pairs = channelPairs(channels, l1 === l2);
    const q1 = new Int32Array(wanted.length);
    const q2 = new Int32Array(wanted.length);
    const weights = new Float64Array(wanted.length);
    for (let k = 0; k < wanted.length; k++) {
      const pair = pairs[(selected ? selected[wanted[k]] : wanted[k]) - first];
      q1[k] = Math.floor(pair / channels);
      q2[k] = pair % channels;
      weights[k] = l1 === l2 && q1[k] === q2[k] ? 1 : Math.SQRT2;
    }
    result.push({ l1, l2, columns: wanted, q1, q2, weights });
  });
  return result;
}

/** The positions in `selected` of the features of each block. */
function columnsByBlock(blocks: readonly FeatureBlock[], selected: Int32Array, lambda: number): Int32Array[] {
  const end = blocks.length === 0 ? 0 : blocks[blocks.length - 1].first + blocks[blocks.length - 1].count;
  const columns: number[][] = blocks.map(() => []);
  let index = 0;
  for (let column = 0; column < selected.length; column++) {
    const feature = selected[column];
    if (!(feature >= 0 && feature < end))
      throw new BrineError(
        "mismatch",
        `there is no feature ${feature} for λ = ${lambda}; the features were chosen with other descriptor settings`,
      );
    while (feature < blocks[index].first) index--;
    while (feature >= blocks[index].first + blocks[index].count) index++;
    columns[index].push(column);
  }
  return columns.map((list) => Int32Array.from(list));
}

function consecutive(first: number, count: number): Int32Array {
  const result = new Int32Array(count);
  for (let k = 0; k < count; k++) result[k] = first + k;
  return result;
}

/** q · channels + q' in the order of a block. */
function channelPairs(channels: number, symmetric: boolean): Int32Array {
  const pairs = new Int32Array(symmetric ? (channels * (channels + 1)) / 2 : channels * channels);
  let k = 0;
  for (let q1 = 0; q1 < channels; q1++)
    for (let q2 = symmetric ? q1 : 0; q2 < channels; q2++) pairs[k++] = q1 * channels + q2;
  return pairs;
}
