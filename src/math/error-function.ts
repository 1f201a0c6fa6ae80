/**
 * The complementary error function, erfc(x) = (2/√π) ∫_x^∞ exp(−t²) dt, x ≥ 0: the series of erf for small x, the
 * continued fraction exp(−x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))) for large (Abramowitz & Stegun, 7.1.6 and 7.1.14).
 */

/** Relative error about 1e-14. */
export function erfc(x: number): number {
  return x < 2 ? 1 - errorSeries(x) : continuedFraction(x);
}

function errorSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function continuedFraction(x: number): number {
  let tail = x;
  for (let n = 60; n >= 1; n--) tail = x + (0.5 * n) / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}
