/**
 * Metrics in which densities are compared: S_PQ = ∫χ_P χ_Q, or J_PQ = ∬χ_P(r) χ_Q(r')/|r − r'|. In a periodic cell χ_Q is
 * summed over its images, and J has a neutralising background.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { coulombMetric, latticeCoulombMetric, latticeOverlapMatrix, overlapMatrix } from "../integrals/index.js";
import type { MetricName } from "../level.js";
import type { Matrix } from "../math/matrix.js";
import { latticeVectors } from "../structure/cell.js";
import { isPeriodic, type Structure } from "../structure/structure.js";

/** [functions, functions], symmetric positive definite, atomic units, of a basis placed on `structure`. */
export function metricMatrix(name: MetricName, placed: PlacedBasis, structure: Structure): Matrix {
  if (!isPeriodic(structure)) return name === "coulomb" ? coulombMetric(placed) : overlapMatrix(placed);
  const vectors = latticeVectors(structure);
  return name === "coulomb" ? latticeCoulombMetric(placed, vectors) : latticeOverlapMatrix(placed, vectors);
}
