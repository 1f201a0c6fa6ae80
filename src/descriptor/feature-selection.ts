/**
 * Choice of a few λ-SOAP features that stand for all: farthest-point sampling of the feature columns on a sample of
 * environments (Imbalzano et al., J. Chem. Phys. 148, 241730 (2018), doi:10.1063/1.5024611). A column runs over
 * environments and μ, so the choice does not change when structures are rotated. It starts from the zero column:
 * the first feature is the longest column, and columns that hardly differ from zero come last.
 */
import { type Matrix, matrix } from "../math/matrix.js";
import { farthestPoints } from "./farthest-points.js";
import { countFeatures } from "./features.js";
import { lambdaSoap } from "./lambda-soap.js";
import { squaredNorms } from "./norms.js";
import type { Expansion } from "./spherical-expansion.js";

/** Bounds memory and time: a column has at most this many numbers (λ = 0: 512 environments, λ = 4: 56). */
const COLUMN_LENGTH = 512;

/**
 * Numbers of at most `count` features of λ, ascending: all when there are no more. `sample` holds the environments to
 * look at; when it has more than fit the bound, evenly spaced ones are used. Each environment is scaled by 1/|P⁰|.
 * Deterministic.
 */
export function selectFeatures(sample: Expansion, lambda: number, count: number): Int32Array {
  const total = countFeatures(sample.lmax, sample.channels, lambda);
  if (count >= total) return Int32Array.from({ length: total }, (_, feature) => feature);
  const columns = columnsAfterZero(thin(sample, Math.floor(COLUMN_LENGTH / (2 * lambda + 1))), lambda);
  const chosen = farthestPoints(columns, count + 1, 0).subarray(1);
  return chosen.map((row) => row - 1).toSorted();
}

/** [1 + features, environments · (2λ+1)]: a row of zeros, then the column of each feature. */
function columnsAfterZero(sample: Expansion, lambda: number): Matrix {
  const norms = squaredNorms(sample, 0);
  const vectors = lambdaSoap(sample, lambda);
  const length = sample.environments * (2 * lambda + 1);
  const features = vectors.length / length;
  const rows = matrix(1 + features, length);
  for (let k = 0; k < length; k++) {
    const scale = 1 / Math.sqrt(norms[Math.floor(k / (2 * lambda + 1))]);
    for (let f = 0; f < features; f++) rows.data[(1 + f) * length + k] = scale * vectors[k * features + f];
  }
  return rows;
}

/** At most `most` evenly spaced environments. */
function thin(expansion: Expansion, most: number): Expansion {
  const { environments, channels, coefficients } = expansion;
  if (environments <= most) return expansion;
  return {
    ...expansion,
    environments: most,
    coefficients: coefficients.map((x, l) => {
      const size = (2 * l + 1) * channels;
      const kept = new Float64Array(most * size);
      for (let k = 0; k < most; k++) {
        const from = Math.floor((k * environments) / most) * size;
        kept.set(x.subarray(from, from + size), k * size);
      }
      return kept;
    }),
  };
}
