/**
 * The valence density of a periodic structure on the auxiliary basis of its level. Right-hand sides come from the grid:
 * with V_H of the electrons alone, the neutralising background included,
 *
 *   Coulomb metric: b_P = ∫ χ_P V_H[n],     overlap metric: o_P = ∫ χ_P n,
 *
 * and the number of electrons is exact.
 */
import { placeBasis } from "../basis/basis.js";
import type { FitQuality } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { constrainedFit } from "../density/fit.js";
import { metricMatrix } from "../density/metric.js";
import { monopoles } from "../integrals/index.js";
import { cholesky } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { electronCount } from "../structure/structure.js";
import type { PeriodicSystem } from "./periodic-system.js";
import { electrostatics } from "./plane-waves.js";

export async function fitPeriodicDensity(
  system: PeriodicSystem,
  densityMatrix: Matrix,
  options?: RunOptions,
): Promise<{ density: AtomCentredDensity; quality: FitQuality }> {
  const { level, structure, grid, pairs, charges } = system;
  const auxiliary = placeBasis(level.auxiliary, structure);
  const functions = system.functions(auxiliary);
  const field = await pairs.density(densityMatrix, options);
  const target =
    level.fitMetric === "coulomb" ? electrostatics(grid, field.coefficients).potential : field.coefficients;
  const projections = await functions.projections(target, options);
  const factor = cholesky(metricMatrix(level.fitMetric, auxiliary, structure));
  const count = electronCount(structure, charges);
  const { coefficients, electrons } = constrainedFit(factor, projections, monopoles(auxiliary), count);
  const fitted = await functions.density(coefficients, options);
  let absolute = 0;
  for (let p = 0; p < field.values.length; p++) absolute += Math.abs(field.values[p] - fitted.values[p]);
  const difference = field.coefficients.map((value, i) => value - fitted.coefficients[i]);
  return {
    density: { structure, basis: level.auxiliary, quantity: "density", nuclearCharges: charges, coefficients },
    quality: {
      electrons,
      absoluteErrorPerElectron: (absolute * grid.volume) / field.values.length / count,
      selfRepulsion: electrostatics(grid, difference).energy,
    },
  };
}
