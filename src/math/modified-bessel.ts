/**
 * Modified spherical Bessel functions of the first kind, without their exponential growth and without
 * their zero at the origin:
 *
 *   b_l(x) = exp(−x) i_l(x) / x^l,   b_l(0) = 1/(2l+1)!!
 *
 * The ratios t_l = i_l/(x i_{l−1}) obey t_l = 1/(2l + 1 + x² t_{l+1}) (from i_{l−1} − i_{l+1} = (2l+1) i_l/x,
 * DLMF 10.51.4). All terms are positive, so the downward recursion is stable for every x ≥ 0.
 */

/** Writes b_l(x), x ≥ 0, for l = 0 … lmax to `out`. Relative error about 1e-15. */
export function scaledBessel(lmax: number, x: number, out: Float64Array): void {
  // An error in the first ratio shrinks by about exp(−L²/x) on the way down.
  const start = lmax + 12 + Math.ceil(6 * Math.sqrt(x));
  let ratio = 1 / (start + 0.5 + Math.hypot(start + 0.5, x));
  for (let l = start - 1; l >= 1; l--) {
    ratio = 1 / (2 * l + 1 + x * x * ratio);
    if (l <= lmax) out[l] = ratio;
  }
  out[0] = x < 1e-8 ? 1 - x : -Math.expm1(-2 * x) / (2 * x);
  for (let l = 1; l <= lmax; l++) out[l] *= out[l - 1];
}
