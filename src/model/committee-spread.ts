/** The spread of a committee's predictions, as the expected error of a density (see `committee.ts`). */
import { placeBasis } from "../basis/basis.js";
import { baselineCoefficients } from "../density/averages.js";
import { quadraticForm } from "../density/errors.js";
import { metricMatrix } from "../density/metric.js";
import { gemm, multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { matrix, rowsAt, type Matrix } from "../math/matrix.js";
import type { Neighbourhood } from "../structure/neighbours.js";
import type { Structure } from "../structure/structure.js";
import { blockKey, largestLambda, type Block, type BlockOrder } from "./blocks.js";
import type { CommitteeWeights, ModelContent, Uncertainty } from "./model-content.js";
import { ENVIRONMENTS_AT_ONCE, environmentFeatures } from "./environment-features.js";
import { equivariantKernel } from "./kernel.js";

/** Kernel columns of one block that the members use. */
interface Columns {
  readonly block: Block;
  readonly index: number;
  /** [columns, features]. */
  readonly features: Matrix;
  readonly environmentOf: Int32Array;
  /** [columns, members · channels]. */
  readonly weights: Matrix;
}

interface SpeciesColumns {
  /** P_j^0: [M, features]. */
  readonly scalar: Matrix;
  readonly blocks: readonly Columns[];
}

/** Collects what the members predict for one structure, environment by environment. */
export interface Spread {
  /** Atoms `from`, `from` + 1, … of species `z`, counted among those of the species, with their features by λ. */
  add(z: number, from: number, features: readonly Matrix[]): void;
  /** The uncertainty of the coefficients, those before the count was mended. */
  uncertainty(coefficients: Float64Array): Uncertainty;
}

/** What starts the collection for a structure. */
export function committeeSpread(
  content: ModelContent,
  committee: CommitteeWeights,
  blocks: readonly Block[],
): (structure: Structure, order: BlockOrder) => Spread {
  const { level, settings, averages } = content;
  const members = committee.members.length;
  const known = new Map<number, SpeciesColumns>();
  const columnsOf = (z: number): SpeciesColumns => {
    let found = known.get(z);
    if (!found) known.set(z, (found = speciesColumns(content, committee, blocks, z)));
    return found;
  };
  return (structure, order) => {
    const size = order.functions.length;
    const deviations = matrix(members, size);
    return {
      add(z, from, features) {
        const own = columnsOf(z);
        const scalar = multiplyTransposed(false, true, features[0], own.scalar);
        for (const { block, index, features: columns, environmentOf, weights } of own.blocks) {
          const kernel = equivariantKernel(features[block.lambda], columns, environmentOf, scalar, settings.zeta);
          const values = multiply(kernel, weights);
          const { channels } = block;
          const first = order.first[index] + from * (2 * block.lambda + 1) * channels;
          for (let row = 0; row < values.rows; row++)
            for (let s = 0; s < members; s++)
              for (let n = 0; n < channels; n++)
                deviations.data[s * size + order.functions[first + row * channels + n]] =
                  values.data[row * values.columns + s * channels + n];
        }
      },
      uncertainty(coefficients) {
        const placed = placeBasis(level.auxiliary, structure);
        const metric = metricMatrix(settings.lossMetric, placed, structure);
        const baseline = baselineCoefficients(averages, level.auxiliary, structure);
        const scale = quadraticForm(
          metric,
          coefficients.map((value, p) => value - baseline[p]),
        );
        const sizes = new Int32Array(structure.species.length);
        for (const { atom, l } of placed.shells) sizes[atom] += 2 * l + 1;
        const { whole, atoms } = meanNorms(metric, deviations, sizes);
        const error = committee.factor * Math.sqrt(whole);
        return {
          error,
          percent: scale > 0 ? (100 * error) / Math.sqrt(scale) : 0,
          atoms: atoms.map((norm) => committee.factor * Math.sqrt(norm)),
        };
      },
    };
  };
}

/** Means over the rows x of xᵀMx, and of the same with the functions of one atom (`sizes[i]` of them) alone. */
function meanNorms(metric: Matrix, rows: Matrix, sizes: Int32Array): { whole: number; atoms: Float64Array } {
  const n = rows.columns;
  const products = matrix(rows.rows, n);
  gemm(false, false, 1, rows, metric, 0, products);
  let whole = 0;
  for (let k = 0; k < products.data.length; k++) whole += products.data[k] * rows.data[k];
  const stride = metric.stride ?? metric.columns;
  const atoms = new Float64Array(sizes.length);
  let first = 0;
  sizes.forEach((size, atom) => {
    let norm = 0;
    for (let s = 0; s < rows.rows; s++)
      for (let p = first; p < first + size; p++) {
        let sum = 0;
        for (let q = first; q < first + size; q++) sum += metric.data[p * stride + q] * rows.data[s * n + q];
        norm += sum * rows.data[s * n + p];
      }
    atoms[atom] = Math.max(norm, 0) / rows.rows;
    first += size;
  });
  return { whole: Math.max(whole, 0) / rows.rows, atoms };
}

function speciesColumns(
  { environments, recipe }: ModelContent,
  { members }: CommitteeWeights,
  blocks: readonly Block[],
  species: number,
): SpeciesColumns {
  const sparse = environments[species];
  const features = sparseFeatures(sparse, species, largestLambda(blocks, species), recipe);
  const own = blocks.flatMap((block, index) => (block.species === species ? [{ block, index }] : []));
  return {
    scalar: features[0],
    blocks: own.map(({ block, index }) => {
      const key = blockKey(block);
      const all = members.map((member) => member.get(key)!);
      const { channels, lambda } = block;
      const used: number[] = [];
      for (let row = 0; row < sparse.length * (2 * lambda + 1); row++)
        if (all.some(({ data }) => data.subarray(row * channels, (row + 1) * channels).some((value) => value !== 0)))
          used.push(row);
      const weights = matrix(used.length, members.length * channels);
      used.forEach((row, p) =>
        all.forEach(({ data }, s) =>
          weights.data.set(data.subarray(row * channels, (row + 1) * channels), p * weights.columns + s * channels),
        ),
      );
      const environmentOf = Int32Array.from(used, (row) => Math.floor(row / (2 * lambda + 1)));
      return { block, index, features: rowsAt(features[lambda], Int32Array.from(used)), environmentOf, weights };
    }),
  };
}

function sparseFeatures(
  sparse: readonly Neighbourhood[],
  species: number,
  last: number,
  recipe: ModelContent["recipe"],
): Matrix[] {
  const result: Matrix[] = [];
  for (let from = 0; from < sparse.length; from += ENVIRONMENTS_AT_ONCE)
    environmentFeatures(sparse.slice(from, from + ENVIRONMENTS_AT_ONCE), species, last, recipe).forEach(
      (values, lambda) => {
        result[lambda] ??= matrix(sparse.length * (2 * lambda + 1), values.columns);
        result[lambda].data.set(values.data, from * (2 * lambda + 1) * values.columns);
      },
    );
  return result;
}
