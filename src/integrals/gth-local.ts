/**
 * The short-range local part of a GTH pseudopotential, V(r) = exp(−ar²) Σ_k C_k (r/r_loc)^(2k−2), a = 1/(2r_loc²), over
 * Hermite Gaussians Λ_tuv(p, P) = ∂_P^tuv exp(−p|r−P|²):
 *
 *   ∫ Λ_tuv V(r−A) dr = ∂_P^tuv G(R²),  R = P − A,   G = (π/(p+a))^(3/2) exp(−μR²) Q(R²),  μ = pa/(p+a)
 *
 * Q holds the moments of the product Gaussian, centred at c = pR/(p+a) with variance s = 1/(2(p+a)) along each axis:
 * ⟨r²⟩ = c² + 3s, ⟨r⁴⟩ = c⁴ + 10sc² + 15s², ⟨r⁶⟩ = c⁶ + 21sc⁴ + 105s²c² + 105s³. Each 2d/d(R²) makes −2μQ + 2Q′ of Q, and
 * the recursion of McMurchie and Davidson (J. Comput. Phys. 26, 218 (1978), eq. 4.6) turns these into ∂_P^tuv.
 */
import type { GthPotential } from "../basis/pseudopotential.js";
import { HERMITE_STEPS, hermiteCount } from "./hermite.js";

/** Powers of R² in Q: 1, R², R⁴, R⁶. */
const POWERS = 4;

/** V of one element with the Hermite Gaussians of one exponent p. */
export interface LocalIntegral {
  readonly mu: number;
  /** (2d/dR²)^m Q for m = 0 … order: [order + 1, 4]. */
  readonly polynomials: Float64Array;
  readonly order: number;
}

export function localIntegral({ radius, local }: GthPotential, p: number, order: number): LocalIntegral {
  const a = 0.5 / radius ** 2;
  const q = p + a;
  const s = 0.5 / q;
  const c2 = (p / q) ** 2;
  const moments = [
    [1, 0, 0, 0],
    [3 * s, c2, 0, 0],
    [15 * s ** 2, 10 * s * c2, c2 ** 2, 0],
    [105 * s ** 3, 105 * s ** 2 * c2, 21 * s * c2 ** 2, c2 ** 3],
  ];
  const mu = (p * a) / q;
  const polynomials = new Float64Array((order + 1) * POWERS);
  local.forEach((constant, k) => {
    for (let n = 0; n < POWERS; n++)
      polynomials[n] += constant * radius ** (-2 * k) * (Math.PI / q) ** 1.5 * moments[k][n];
  });
  for (let m = 1; m <= order; m++)
    for (let n = 0; n < POWERS; n++) {
      const below = (m - 1) * POWERS + n;
      const slope = n + 1 < POWERS ? (n + 1) * polynomials[below + 1] : 0;
      polynomials[m * POWERS + n] = 2 * slope - 2 * mu * polynomials[below];
    }
  return { mu, polynomials, order };
}

/** The distance |R| beyond which `size` · G is below `negligible`. */
export function localReach({ mu, polynomials }: LocalIntegral, size: number, negligible: number): number {
  const large = (w: number): boolean => {
    let bound = 0;
    for (let n = 0; n < POWERS; n++) bound += Math.abs(polynomials[n]) * w ** n;
    return size * bound * Math.exp(-mu * w) > negligible;
  };
  // G may grow before it falls: from outside inwards.
  let w = 2 / mu;
  while (large(w)) w *= 1.1;
  return Math.sqrt(w);
}

/** Scratch of two levels of the recursion. */
const LEVELS = [new Float64Array(hermiteCount(8)), new Float64Array(hermiteCount(8))];

/** Adds ∂_P^tuv G for t + u + v ≤ order (at most 8), R = (x, y, z), to `into`, numbered by `hermiteIndex`. */
export function addLocalIntegral(integral: LocalIntegral, x: number, y: number, z: number, into: Float64Array): void {
  const { mu, polynomials: q, order } = integral;
  const { axis, lower, lowest, factor } = HERMITE_STEPS;
  const w = x * x + y * y + z * z;
  const exponential = Math.exp(-mu * w);
  let above = LEVELS[0];
  let level = LEVELS[1];
  for (let m = order; m >= 0; m--) {
    const at = m * POWERS;
    level[0] = exponential * (q[at] + w * (q[at + 1] + w * (q[at + 2] + w * q[at + 3])));
    const count = hermiteCount(order - m);
    for (let h = 1; h < count; h++) {
      const displacement = axis[h] === 0 ? x : axis[h] === 1 ? y : z;
      level[h] = displacement * above[lower[h]] + factor[h] * above[lowest[h]];
    }
    [above, level] = [level, above];
  }
  const count = hermiteCount(order);
  for (let h = 0; h < count; h++) into[h] += above[h];
}
