/** Metrics in which densities are compared: S_PQ = ∫χ_P χ_Q, or J_PQ = ∬χ_P(r) χ_Q(r')/|r − r'|. */
import type { PlacedBasis } from "../basis/basis.js";
import { coulombMetric, overlapMatrix } from "../integrals/index.js";
import type { MetricName } from "../level.js";
import type { Matrix } from "../math/matrix.js";

/** [functions, functions], symmetric positive definite, atomic units. */
export function metricMatrix(name: MetricName, placed: PlacedBasis): Matrix {
  return name === "coulomb" ? coulombMetric(placed) : overlapMatrix(placed);
}
