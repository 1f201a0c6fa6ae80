/**
 * The metric within one atom. It is the same for every atom of a species, diagonal in λμ and equal for all
 * μ: a matrix s_{nn'} between the channels of a block. Channels are whitened with T = s^(−1/2), c = T y,
 * which makes the on-site metric of y the identity.
 */
import { placeBasis, type Basis } from "../../basis/basis.js";
import { metricMatrix } from "../../density/metric.js";
import type { MetricName } from "../../level.js";
import { gemm } from "../../math/linear-algebra.js";
import { eigh } from "../../math/linear-algebra.js";
import { matrix, type Matrix } from "../../math/matrix.js";
import type { Block } from "../blocks.js";

export interface Whitening {
  /** T = s^(−1/2), symmetric, [channels, channels]. */
  readonly forward: Matrix;
  /** T⁻¹ = s^(1/2). */
  readonly inverse: Matrix;
}

/** One whitening for each block. */
export function whitenings(blocks: readonly Block[], auxiliary: Basis, metric: MetricName): Whitening[] {
  return blocks.map(({ species, lambda, channels, offsets }) => {
    const full = metricOfAtom(species, auxiliary, metric);
    const s = matrix(channels, channels);
    for (let n = 0; n < channels; n++)
      for (let m = 0; m < channels; m++)
        s.data[n * channels + m] = full.data[(offsets[n] + lambda) * full.columns + offsets[m] + lambda];
    return { forward: power(s, -0.5), inverse: power(s, 0.5) };
  });
}

/** The metric of the functions of one atom alone. */
function metricOfAtom(species: number, auxiliary: Basis, metric: MetricName): Matrix {
  const atom = { species: Uint8Array.of(species), positions: new Float64Array(3), charge: 0, unpaired: 0, info: {} };
  return metricMatrix(metric, placeBasis(auxiliary, atom), atom);
}

function power(s: Matrix, exponent: number): Matrix {
  const { values, vectors } = eigh(s);
  const n = s.rows;
  const scaled = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) scaled.data[i * n + k] = vectors.data[i * n + k] * values[k] ** exponent;
  const result = matrix(n, n);
  gemm(false, true, 1, scaled, vectors, 0, result);
  return result;
}
