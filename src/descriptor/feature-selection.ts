/**
 * Choice of a few λ-SOAP features that stand for all: farthest-point sampling of the feature columns on a sample of
 * environments (Imbalzano et al., J. Chem. Phys. 148, 241730 (2018), doi:10.1063/1.5024611). For λ > 0 a column runs
 * over environments and μ, so its length, and the choice, do not change when structures are rotated.
 */
import { type Matrix, matrix } from "../math/matrix.js";
import { farthestPoints } from "./farthest-points.js";
import { countFeatures } from "./features.js";
import { lambdaSoap, squaredNorms } from "./lambda-soap.js";
import type { Expansion } from "./spherical-expansion.js";

/** Bounds memory and time: a column has at most this many numbers (λ = 0: 512 environments, λ = 4: 56). */
const COLUMN_LENGTH = 512;

/**
 * Numbers of at most `count` features of λ, ascending: all when there are no more. `sample` holds the environments to
 * look at; when it has more than fit the bound, evenly spaced ones are used. Each environment is scaled by |P⁰|.
 * Deterministic: starts at the longest column.
 */
export function selectFeatures(sample: Expansion, lambda: number, count: number): Int32Array {
  const total = countFeatures(sample.lmax, sample.channels, lambda);
  if (count >= total) return Int32Array.from({ length: total }, (_, feature) => feature);
  const columns = featureColumns(thin(sample, Math.floor(COLUMN_LENGTH / (2 * lambda + 1))), lambda);
  return farthestPoints(columns, count, longest(columns)).sort();
}

/** The features as rows, [features, environments · (2λ+1)]. */
function featureColumns(sample: Expansion, lambda: number): Matrix {
  const norms = squaredNorms(sample, 0);
  const vectors = lambdaSoap(sample, lambda);
  const length = sample.environments * (2 * lambda + 1);
  const features = vectors.length / length;
  const columns = matrix(features, length);
  for (let row = 0; row < length; row++) {
    const scale = 1 / Math.sqrt(norms[Math.floor(row / (2 * lambda + 1))]);
    for (let f = 0; f < features; f++) columns.data[f * length + row] = scale * vectors[row * features + f];
  }
  return columns;
}

function longest({ rows, columns, data }: Matrix): number {
  let best = 0;
  let largest = -1;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = i * columns; k < (i + 1) * columns; k++) sum += data[k] * data[k];
    if (sum > largest) [best, largest] = [i, sum];
  }
  return best;
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
