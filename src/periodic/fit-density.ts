/**
 * The valence density of a periodic structure on an auxiliary basis. Right-hand sides come from the grid: with V_H of
 * the electrons alone, the neutralising background included,
 *
 *   Coulomb metric: b_P = ∫ χ_P V_H[n],     overlap metric: o_P = ∫ χ_P n,
 *
 * and the number of electrons is exact.
 */
import { placeBasis, type Basis } from "../basis/basis.js";
import { constrainedFit } from "../density/fit.js";
import { metricMatrix } from "../density/metric.js";
import type { GridField } from "../grid/grid-field.js";
import type { PeriodicFunctions } from "../grid/periodic-functions.js";
import type { UniformGrid } from "../grid/uniform-grid.js";
import { monopoles } from "../integrals/index.js";
import { realDensity, type State } from "../kohn-sham/state.js";
import type { DensityFit } from "../kohn-sham/system.js";
import type { MetricName } from "../level.js";
import { cholesky } from "../math/linear-algebra.js";
import type { RunOptions } from "../run.js";
import { electronCount, type Structure } from "../structure/structure.js";
import type { PeriodicSystem } from "./periodic-system.js";
import { electrostatics } from "./plane-waves.js";

/** The density of orbitals. */
export async function fitPeriodicDensity(
  { level, structure, charges, fine }: PeriodicSystem,
  state: State,
  options?: RunOptions,
): Promise<DensityFit> {
  const functions = fine.functions(placeBasis(level.auxiliary, structure));
  const target = { structure, charges, auxiliary: level.auxiliary, metric: level.fitMetric };
  return fitField(target, fine.grid, functions, await fine.pairs.density(realDensity(state), options), options);
}

export interface FitTarget {
  readonly structure: Structure;
  /** q of each atom. */
  readonly charges: Float64Array;
  readonly auxiliary: Basis;
  readonly metric: MetricName;
}

/** A density on a grid, whatever it comes from; `functions` are those of the auxiliary basis on that grid. */
export async function fitField(
  { structure, charges, auxiliary: basis, metric }: FitTarget,
  grid: UniformGrid,
  functions: PeriodicFunctions,
  field: GridField,
  options?: RunOptions,
): Promise<DensityFit> {
  const auxiliary = placeBasis(basis, structure);
  const target = metric === "coulomb" ? electrostatics(grid, field.coefficients).potential : field.coefficients;
  const projections = await functions.projections(target, options);
  const factor = cholesky(metricMatrix(metric, auxiliary, structure));
  const count = electronCount(structure, charges);
  const { coefficients, electrons } = constrainedFit(factor, projections, monopoles(auxiliary), count);
  const fitted = await functions.density(coefficients, options);
  let absolute = 0;
  for (let p = 0; p < field.values.length; p++) absolute += Math.abs(field.values[p] - fitted.values[p]);
  const difference = field.coefficients.map((value, i) => value - fitted.coefficients[i]);
  return {
    density: { structure, basis, quantity: "density", nuclearCharges: charges, coefficients },
    quality: {
      electrons,
      absoluteErrorPerElectron: (absolute * grid.volume) / field.values.length / count,
      selfRepulsion: electrostatics(grid, difference).energy,
    },
  };
}
