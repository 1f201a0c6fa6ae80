/** The spread of a committee's predictions, as the expected error of a density (see `committee.ts`). */
import { placeBasis } from "../basis/basis.js";
import { baselineCoefficients } from "../density/averages.js";
import { quadraticForm } from "../density/errors.js";
import { metricMatrix } from "../density/metric.js";
import { gemm } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";
import type { BlockOrder } from "./blocks.js";
import type { PredictedBlock } from "./kernel-columns.js";
import type { CommitteeWeights, ModelContent, Uncertainty } from "./model-content.js";
import { metricOfAtom } from "./on-site.js";

/**
 * With more functions than this (a metric of half a gigabyte) only the parts of the metric within atoms count, which is
 * linear in their number and overestimates: errors of neighbours cancel in part (by 1.7 in liquid water).
 */
const LARGEST_COUPLED = 8000;

/** Means over the members: of the density, and of what is at each atom. */
interface Norms {
  readonly whole: number;
  readonly atoms: Float64Array;
}

/** Collects what the members predict for one structure, environment by environment. */
export interface Spread {
  /** What one block predicts, its first coefficient being number `first` in block order. */
  add(predicted: PredictedBlock, first: number): void;
  /** The uncertainty of the coefficients, those before the count was mended. */
  uncertainty(coefficients: Float64Array): Uncertainty;
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
    const coupled = (signal: Matrix): [number, Norms] => {
      const placed = placeBasis(level.auxiliary, structure);
      const metric = metricMatrix(settings.lossMetric, placed, structure);
      const sizes = new Int32Array(structure.species.length);
      for (const { atom, l } of placed.shells) sizes[atom] += 2 * l + 1;
      return [quadraticForm(metric, signal.data), meanNorms(metric, deviations, sizes)];
    };
    const onSite = (signal: Matrix): [number, Norms] => {
      const ofSpecies = new Map(
        Array.from(new Set(structure.species), (z) => [z, metricOfAtom(z, level.auxiliary, settings.lossMetric)]),
      );
      const metrics = Array.from(structure.species, (z) => ofSpecies.get(z)!);
      return [onSiteNorms(metrics, signal).whole, onSiteNorms(metrics, deviations)];
    };
    return {
      add({ block: { channels }, members: values }, first) {
        if (!values) return;
        for (let row = 0; row < values.rows; row++)
          for (let s = 0; s < members; s++)
            for (let n = 0; n < channels; n++)
              deviations.data[s * size + order.functions[first + row * channels + n]] =
                values.data[row * values.columns + s * channels + n];
      },
      uncertainty(coefficients) {
        const baseline = baselineCoefficients(averages, level.auxiliary, structure);
        const signal = matrix(
          1,
          size,
          coefficients.map((value, p) => value - baseline[p]),
        );
        const [scale, { whole, atoms }] = size > LARGEST_COUPLED ? onSite(signal) : coupled(signal);
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
function meanNorms(metric: Matrix, rows: Matrix, sizes: Int32Array): Norms {
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

/** `meanNorms` without the metric between atoms. */
function onSiteNorms(metrics: readonly Matrix[], rows: Matrix): Norms {
  let first = 0;
  const atoms = Float64Array.from(metrics, (metric) => {
    let norm = 0;
    for (let s = 0; s < rows.rows; s++) {
      const at = s * rows.columns + first;
      norm += quadraticForm(metric, rows.data.slice(at, at + metric.rows));
    }
    first += metric.rows;
    return Math.max(norm, 0) / rows.rows;
  });
  return { whole: atoms.reduce((sum, norm) => sum + norm, 0), atoms };
}
