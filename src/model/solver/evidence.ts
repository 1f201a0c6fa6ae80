/**
 * The marginal likelihood of the fitted coefficients y of N structures, n in all: of a Gaussian process of noise M̃⁻¹ σ²
 * and weights of variance σ²/(ηN), with the likeliest σ² = (yᵀM̃y − N b·w)/n,
 *
 *   −log p = ½ [n log σ² + log det(1 + H/η)]
 *
 * up to what does not depend on η (Rasmussen & Williams, Gaussian Processes for Machine Learning, MIT Press 2006, eq. 2.30).
 */
import { dot } from "../../math/matrix.js";
import type { LossShard } from "./loss-shard.js";
import type { Solution } from "./solver.js";

/** −log p; null where the determinant is not known. */
export function negativeLogLikelihood(shard: LossShard, { weights, logDeterminant }: Solution): number | null {
  if (logDeterminant === null) return null;
  const { coefficients: n, targetNorm, rightHandSide } = shard;
  const left = Math.max(targetNorm - dot(rightHandSide, weights), Number.EPSILON * targetNorm, Number.MIN_VALUE);
  return (n * Math.log(left / n) + logDeterminant) / 2;
}
