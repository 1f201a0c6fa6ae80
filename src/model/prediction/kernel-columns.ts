/**
 * Predictions for environments of one species from the columns (j, μ') of the kernel that carry weight,
 *
 *   c_{i,nλμ} − c̄_{an} δ_{λ0} = Σ_{jμ'} k̃^λ_{μμ'}(i, j) b_{jμ'n},
 *
 * the kernel made once for the model and the members of its committee.
 */
import { multiply, multiplyTransposed } from "../../math/linear-algebra.js";
import { matrix, rowsAt, sideBySide, type Matrix } from "../../math/matrix.js";
import { blockKey, largestLambda, type Block } from "../blocks.js";
import { forEachBatch } from "./environment-features.js";
import { equivariantKernel } from "./kernel.js";
import type { ModelContent } from "./model-content.js";

/** The columns of one block. */
interface BlockColumns {
  readonly block: Block;
  /** Number of the block among all blocks. */
  readonly index: number;
  /** (j, μ') of each column as j (2λ + 1) + μ'. */
  readonly rows: Int32Array;
  /** j of each column. */
  readonly environmentOf: Int32Array;
  /** P_j^λμ': [columns, features]. */
  readonly features: Matrix;
  /** b: [columns, channels]. */
  readonly weights: Matrix;
  /** Deviations of the members: [columns, members · channels]. */
  readonly members: Matrix | undefined;
}

export interface SpeciesColumns {
  /** P_j^0: [M, features]. */
  readonly scalar: Matrix;
  readonly blocks: readonly BlockColumns[];
}

/** What one block predicts, the averages not included. */
export interface PredictedBlock {
  readonly block: Block;
  readonly index: number;
  /** [environments (2λ + 1), channels]. */
  readonly values: Matrix;
  /** Deviations of the members, [environments (2λ + 1), members · channels]. */
  readonly members: Matrix | undefined;
}

/** What predictions for `species` need, from the model; `blocks` are those of all species. */
export function speciesColumns(content: ModelContent, blocks: readonly Block[], species: number): SpeciesColumns {
  const { environments, recipe } = content;
  const sparse = environments[species];
  const own = blocks.flatMap((block, index) => (block.species === species ? [columnsOf(content, block, index)] : []));
  const scalars: Matrix[] = [];
  const vectors: Matrix[][] = own.map(() => []);
  forEachBatch(sparse, species, largestLambda(blocks, species), recipe, (features, from) => {
    scalars.push({ ...features[0], data: features[0].data.slice() });
    own.forEach(({ block: { lambda }, rows }, b) => {
      const first = from * (2 * lambda + 1);
      vectors[b].push(rowsBetween(features[lambda], rows, first));
    });
  });
  return {
    scalar: joined(scalars),
    blocks: own.map((columns, b) => ({ ...columns, features: joined(vectors[b]) })),
  };
}

/** For the environments with these features by λ. */
export function predictColumns(
  { scalar, blocks }: SpeciesColumns,
  features: readonly Matrix[],
  zeta: number,
): PredictedBlock[] {
  const products = multiplyTransposed(false, true, features[0], scalar);
  return blocks.map(({ block, index, features: columns, environmentOf, weights, members }) => {
    const kernel = equivariantKernel(features[block.lambda], columns, environmentOf, products, zeta);
    return { block, index, values: multiply(kernel, weights), members: members && multiply(kernel, members) };
  });
}

/** All but the features. */
function columnsOf({ weights, committee }: ModelContent, block: Block, index: number): Omit<BlockColumns, "features"> {
  const { lambda } = block;
  const key = blockKey(block);
  const all = [weights, ...(committee?.members ?? [])].map((byKey) => byKey.get(key)!);
  const rows = usedRows(all);
  const [ofModel, ...ofMembers] = all.map((set) => rowsAt(set, rows));
  return {
    block,
    index,
    rows,
    environmentOf: rows.map((row) => Math.floor(row / (2 * lambda + 1))),
    weights: ofModel,
    members: committee && sideBySide(ofMembers),
  };
}

/** Rows, ascending, in which one of the matrices has something else than zeros; all are of one shape. */
export function usedRows(all: readonly Matrix[]): Int32Array {
  const [{ rows, columns }] = all;
  const used = (row: number): boolean =>
    all.some(({ data }) => data.subarray(row * columns, (row + 1) * columns).some((value) => value !== 0));
  return Int32Array.from({ length: rows }, (_, row) => row).filter(used);
}

/** The wanted rows (ascending) among those of `a`, whose first has the number `first`. */
function rowsBetween(a: Matrix, wanted: Int32Array, first: number): Matrix {
  const own = wanted.filter((row) => row >= first && row < first + a.rows);
  return rowsAt(
    a,
    own.map((row) => row - first),
  );
}

/** One below the other. */
function joined(parts: readonly Matrix[]): Matrix {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const result = matrix(rows, parts[0].columns);
  let at = 0;
  for (const { data } of parts) {
    result.data.set(data, at);
    at += data.length;
  }
  return result;
}
