/**
 * Gaussian-type radial functions of the density expansion, orthonormalised after Löwdin on (0, ∞) with r² dr:
 *
 *   R_n(r) = Σ_k (S^−½)_nk N_k r^k exp(−r²/2s_k²),   s_k = r_c max(√k, 1)/n_max,   k = 0 … n_max − 1
 *
 * The same functions as featomic's GTO basis (Goscinski et al., Open Research Europe 3, 126 (2023),
 * doi:10.12688/openreseurope.15789.2).
 */
import { BrineError } from "../errors.js";
import { eigh } from "../math/linear-algebra.js";
import { type Matrix, matrix } from "../math/matrix.js";

export interface RadialBasis {
  readonly nmax: number;
  /** Standard deviations s_k. */
  readonly widths: Float64Array;
  /** Writes R_0(r) … R_{nmax−1}(r) to `out`. */
  evaluate(r: number, out: Float64Array): void;
}

/** Smaller overlap eigenvalues mean that double precision cannot tell the functions apart. */
const DEPENDENT = 1e-12;

export function radialBasis(cutoffRadius: number, nmax: number): RadialBasis {
  const widths = Float64Array.from({ length: nmax }, (_, k) => (cutoffRadius * Math.max(Math.sqrt(k), 1)) / nmax);
  const norms = widths.map((s, k) => 1 / Math.sqrt(gaussianMoment(2 * k + 2, 1 / (s * s))));
  const mix = lowdin(widths, norms);
  const primitive = new Float64Array(nmax);
  return {
    nmax,
    widths,
    evaluate(r, out) {
      let power = 1;
      for (let k = 0; k < nmax; k++) {
        primitive[k] = norms[k] * power * Math.exp(-0.5 * (r / widths[k]) ** 2);
        power *= r;
      }
      for (let n = 0; n < nmax; n++) {
        let sum = 0;
        for (let k = 0; k < nmax; k++) sum += mix.data[n * nmax + k] * primitive[k];
        out[n] = sum;
      }
    },
  };
}

/** S^−½ of the normalised primitives. */
function lowdin(widths: Float64Array, norms: Float64Array): Matrix {
  const nmax = widths.length;
  const overlap = matrix(nmax, nmax);
  for (let n = 0; n < nmax; n++)
    for (let k = 0; k < nmax; k++)
      overlap.data[n * nmax + k] =
        norms[n] * norms[k] * gaussianMoment(n + k + 2, 0.5 / widths[n] ** 2 + 0.5 / widths[k] ** 2);
  const { values, vectors } = eigh(overlap);
  if (!(values[0] > DEPENDENT))
    throw new BrineError(
      "usage",
      `${nmax} radial functions are linearly dependent in double precision; use a smaller nmax`,
      { where: "descriptor settings" },
    );
  const mix = matrix(nmax, nmax);
  for (let n = 0; n < nmax; n++)
    for (let k = 0; k < nmax; k++)
      for (let v = 0; v < nmax; v++)
        mix.data[n * nmax + k] += (vectors.data[n * nmax + v] * vectors.data[k * nmax + v]) / Math.sqrt(values[v]);
  return mix;
}

/** ∫_0^∞ r^p exp(−a r²) dr = ½ Γ((p+1)/2) a^−(p+1)/2. */
function gaussianMoment(p: number, a: number): number {
  let gamma = p % 2 === 0 ? Math.sqrt(Math.PI) : 1;
  for (let x = p % 2 === 0 ? 0.5 : 1; x < (p + 1) / 2; x++) gamma *= x;
  return 0.5 * gamma * a ** (-(p + 1) / 2);
}
