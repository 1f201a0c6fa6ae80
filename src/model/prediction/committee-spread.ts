/**
 * The expected error of a density: the spread of a committee's predictions (see model/solver/committee.ts) and what constraining the
 * electron count moved,
 *
 *   σ² = f² (1/S) Σ_s |δ_s|²_M + |c_constrained − c|²_M.
 *
 * Members learn from the same environments and agree on what none of them resembles; there the count is off, and tells.
 * Among structures like those learnt the second term is small.
 */
import { placeBasis, type PlacedBasis } from "../../basis/basis.js";
import { baselineCoefficients } from "../../density/averages.js";
import { quadraticForm } from "../../density/errors.js";
import { metricMatrix } from "../../density/metric.js";
import type { MetricName } from "../../level.js";
import { gemm } from "../../math/linear-algebra.js";
import { matrix, type Matrix } from "../../math/matrix.js";
import { compactGroups } from "../../structure/compact-groups.js";
import { substructure, type Structure } from "../../structure/structure.js";
import type { BlockOrder } from "../blocks.js";
import type { PredictedBlock } from "./kernel-columns.js";
import type { CommitteeWeights, ModelContent, Uncertainty } from "./model-content.js";

/**
 * Larger structures are cut into groups of neighbours of about so many functions, each with its own metric: time and
 * memory are then linear in their size. What groups do to each other is left out, which makes the error of 128 molecules
 * of water a tenth larger (of the same in atoms, it would be 1.8 times as large).
 */
const MOST_COUPLED = 2000;

/** Means over the members: of the density, and of what is at each atom. */
interface Norms {
  readonly whole: number;
  readonly atoms: Float64Array;
}

/** Collects what the members predict for one structure, environment by environment. */
export interface Spread {
  /** What one block predicts, its first coefficient being number `first` in block order. */
  add(predicted: PredictedBlock, first: number): void;
  /** The uncertainty of the coefficients, given before and after the count was constrained. */
  uncertainty(unconstrained: Float64Array, constrained: Float64Array): Uncertainty;
}

/** What starts the collection for a structure. */
export function committeeSpread(
  { level, settings, averages }: ModelContent,
  committee: CommitteeWeights,
): (structure: Structure, order: BlockOrder) => Spread {
  const members = committee.members.length;
  return (structure, order) => {
    const size = order.functions.length;
    const deviations = matrix(members, size);
    return {
      add({ block: { channels }, members: values }, first) {
        if (!values) return;
        for (let row = 0; row < values.rows; row++)
          for (let s = 0; s < members; s++)
            for (let n = 0; n < channels; n++)
              deviations.data[s * size + order.functions[first + row * channels + n]] =
                values.data[row * values.columns + s * channels + n];
      },
      uncertainty(unconstrained, constrained) {
        const baseline = baselineCoefficients(averages, level.auxiliary, structure);
        const signal = matrix(
          1,
          size,
          constrained.map((value, p) => value - baseline[p]),
        );
        const placed = placeBasis(level.auxiliary, structure);
        const { atomFirst } = placed;
        const sizes = Array.from(structure.species, (_, i) => atomFirst[i + 1] - atomFirst[i]);
        const moved = constrained.map((value, p) => value - unconstrained[p]);
        const constraint = constraintNorms(settings.lossMetric, placed, structure, moved);
        const atoms = constraint.atoms;
        let scale = 0;
        let squared = constraint.whole;
        for (const group of compactGroups(structure, sizes, MOST_COUPLED)) {
          const part = substructure(structure, group);
          const metric = metricMatrix(settings.lossMetric, placeBasis(level.auxiliary, part), part);
          const own = group.flatMap((i) => Array.from({ length: sizes[i] }, (_, p) => atomFirst[i] + p));
          scale += quadraticForm(metric, columnsOf(signal, own).data);
          const spread = meanNorms(
            metric,
            columnsOf(deviations, own),
            group.map((i) => sizes[i]),
          );
          squared += committee.factor ** 2 * spread.whole;
          group.forEach((i, k) => (atoms[i] += committee.factor ** 2 * spread.atoms[k]));
        }
        const error = Math.sqrt(squared);
        return { error, percent: scale > 0 ? (100 * error) / Math.sqrt(scale) : 0, atoms: atoms.map(Math.sqrt) };
      },
    };
  };
}

/**
 * `meanNorms` of what constraining the count moved: one s function an atom, so that their metric is that of all atoms. Cut
 * into groups, a cell would have a charge in each and its background beside it.
 */
function constraintNorms(name: MetricName, placed: PlacedBasis, structure: Structure, moved: Float64Array): Norms {
  const changed = placed.shells.filter(({ l, first }) => l === 0 && moved[first] !== 0);
  const sizes = Array.from(structure.species, () => 0);
  for (const { atom } of changed) sizes[atom]++;
  const atomFirst = new Int32Array(sizes.length + 1);
  sizes.forEach((size, i) => (atomFirst[i + 1] = atomFirst[i] + size));
  const shells = changed.map((shell, first) => ({ ...shell, first }));
  const metric = metricMatrix(name, { shells, size: shells.length, atomFirst }, structure);
  const values = Float64Array.from(changed, ({ first }) => moved[first]);
  return meanNorms(metric, matrix(1, values.length, values), sizes);
}

/** Means over the rows x of xᵀMx, and of the same with the functions of one atom (`sizes[i]` of them) alone. */
function meanNorms(metric: Matrix, rows: Matrix, sizes: readonly number[]): Norms {
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

function columnsOf({ rows, columns, data }: Matrix, chosen: readonly number[]): Matrix {
  const part = matrix(rows, chosen.length);
  for (let i = 0; i < rows; i++)
    chosen.forEach((column, k) => (part.data[i * chosen.length + k] = data[i * columns + column]));
  return part;
}
