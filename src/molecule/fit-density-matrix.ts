/** Expands the density of orbitals that another program computed, on an auxiliary basis, electron count exact. */
import { placeBasis, type Basis } from "../basis/basis.js";
import { constrainedFit, coulombProjections, type ConstrainedFit } from "../density/fit.js";
import { metricMatrix } from "../density/metric.js";
import { contractThreeCenterOverlap, monopoles } from "../integrals/index.js";
import type { MetricName } from "../level.js";
import { cholesky } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { checkStructure, electronCount, type Structure } from "../structure/structure.js";
import { packPairs } from "../math/matrix.js";

/** The density of given orbitals. */
export interface OrbitalDensity {
  /** The structure. */
  readonly structure: Structure;
  /** The orbital basis. */
  readonly basis: Basis;
  /** Both spins together. */
  readonly densityMatrix: Matrix;
}

/** `electrons` of the result are those before the count was made exact. */
export async function fitDensityMatrix(
  { structure, basis, densityMatrix }: OrbitalDensity,
  auxiliaryBasis: Basis,
  metric: MetricName,
  options?: RunOptions,
): Promise<ConstrainedFit> {
  checkStructure(structure);
  const orbitals = placeBasis(basis, structure);
  const auxiliary = placeBasis(auxiliaryBasis, structure);
  const projections =
    metric === "coulomb"
      ? await coulombProjections(orbitals, auxiliary, packPairs(densityMatrix), options)
      : await contractThreeCenterOverlap(orbitals, auxiliary, densityMatrix, options);
  const factor = cholesky(metricMatrix(metric, auxiliary, structure));
  return constrainedFit(factor, projections, monopoles(auxiliary), electronCount(structure));
}

/** D = Σ_i f_i c_i c_iᵀ of orbitals [functions, orbitals]. */
export function densityOfOrbitals(coefficients: Matrix, occupations: readonly number[]): Matrix {
  const { rows, columns, stride = columns, data } = coefficients;
  const result = matrix(rows, rows);
  occupations.forEach((occupation, k) => {
    if (occupation === 0) return;
    for (let i = 0; i < rows; i++) {
      const factor = occupation * data[i * stride + k];
      for (let j = 0; j < rows; j++) result.data[i * rows + j] += factor * data[j * stride + k];
    }
  });
  return result;
}
