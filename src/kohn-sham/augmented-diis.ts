/**
 * Weights for the steps far from convergence: those that minimise a model of the energy in the convex set of the
 * densities seen so far,
 *
 *   f(w) = 2 Σ_k w_k Tr (D_k − D_n) F_n + Σ_kl w_k w_l Tr (D_k − D_n)(F_l − F_n),   w_k ≥ 0, Σ w_k = 1
 *
 * (Hu & Yang, J. Chem. Phys. 132, 054109 (2010), doi:10.1063/1.3304922). Unlike Pulay's, these steps go downhill.
 */
import { traceOfProducts, type PerChannel, type Channel } from "./state.js";

/** Steps of the minimisation; the weights need no more than two digits. */
const STEPS = 400;

/** [n] weights of the n Fock matrices and densities given, the newest last. */
export function augmentedDiisWeights(
  channels: PerChannel<Channel>,
  densities: readonly PerChannel[],
  focks: readonly PerChannel[],
): Float64Array {
  const n = focks.length;
  const last = n - 1;
  const products = densities.map((density) => focks.map((fock) => traceOfProducts(channels, density, fock)));
  const linear = products.map((row) => 2 * (row[last] - products[last][last]));
  const quadratic = products.map((row) =>
    row.map((value, l) => value - row[last] - products[last][l] + products[last][last]),
  );
  const weights = new Float64Array(n).fill(1 / n);
  const slope = new Float64Array(n);
  let scale = 0;
  for (let k = 0; k < n; k++)
    for (let l = 0; l < n; l++) scale = Math.max(scale, Math.abs(quadratic[k][l]), Math.abs(linear[k]));
  if (!(scale > 0)) return weights;
  // Multiplicative steps w_k ← w_k exp(−t ∂f/∂w_k) keep to the simplex.
  for (let step = 0; step < STEPS; step++) {
    let sum = 0;
    for (let k = 0; k < n; k++) {
      slope[k] = linear[k];
      for (let l = 0; l < n; l++) slope[k] += (quadratic[k][l] + quadratic[l][k]) * weights[l];
    }
    const lowest = slope.reduce((least, value) => Math.min(least, value), Infinity);
    for (let k = 0; k < n; k++) sum += weights[k] *= Math.exp((-0.5 * (slope[k] - lowest)) / scale);
    for (let k = 0; k < n; k++) weights[k] /= sum;
  }
  return weights;
}
