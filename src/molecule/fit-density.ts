/** Fits the density of a molecule, and that of its spins, on the auxiliary basis of the level and says how good the fit is. */
import { placeBasis, sameFunctions, type PlacedBasis } from "../basis/basis.js";
import {
  absoluteFitError,
  constrainedFit,
  coulombProjections,
  mixedCoulombMetric,
  selfRepulsion,
  type ConstrainedFit,
} from "../density/fit.js";
import { contractThreeCenterOverlap, coulombMetric, monopoles, overlapMatrix } from "../integrals/index.js";
import { realDensity, spinDensity, type State } from "../kohn-sham/state.js";
import type { DensityFit } from "../kohn-sham/system.js";
import { cholesky } from "../math/linear-algebra.js";
import { packPairs, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { electronCount } from "../structure/structure.js";
import type { MolecularSystem } from "./molecular-system.js";

/** The spin density gets as many electrons as are unpaired. */
export async function fitDensity(system: MolecularSystem, state: State, options?: RunOptions): Promise<DensityFit> {
  const { level, structure, charges, coulombFit, grid, hartree } = system;
  const target = await fitTarget(system, options);
  const { same, auxiliary, repulsions } = target;
  const density = realDensity(state);
  const count = electronCount(structure, charges);
  const { coefficients, electrons } = await fitted(system, target, density, count, options);

  const absolute = await absoluteFitError(grid.blocks, grid.on, density, auxiliary, coefficients, options);
  const repulsion = selfRepulsion(
    { metric: coulombFit.metric, coefficients: await hartree.coefficients(density, options) },
    { metric: repulsions, coefficients },
    same ? coulombFit.metric : mixedCoulombMetric(coulombFit.placed, auxiliary),
  );
  const spin = spinDensity(state);
  return {
    density: { structure, basis: level.auxiliary, quantity: "density", nuclearCharges: charges, coefficients },
    quality: { electrons, absoluteErrorPerElectron: absolute / count, selfRepulsion: repulsion },
    ...(spin
      ? { spinCoefficients: (await fitted(system, target, spin.real, structure.unpaired, options)).coefficients }
      : {}),
  };
}

/** The auxiliary functions and their metrics. */
interface FitTarget {
  /** Whether the auxiliary basis of the level is its RI-J basis. */
  readonly same: boolean;
  readonly auxiliary: PlacedBasis;
  /** The Coulomb metric of the auxiliary basis. */
  readonly repulsions: Matrix;
  /** The Cholesky factor of the metric of the fit. */
  readonly factor: Matrix;
}

async function fitTarget({ level, structure, coulombFit }: MolecularSystem, options?: RunOptions): Promise<FitTarget> {
  const same = sameFunctions(level.auxiliary, coulombFit.basis, structure.species);
  const auxiliary = same ? coulombFit.placed : placeBasis(level.auxiliary, structure);
  const repulsions = same ? coulombFit.metric : coulombMetric(auxiliary);
  await checkpoint(options);
  const coulomb = level.fitMetric === "coulomb";
  const factor = !coulomb ? cholesky(overlapMatrix(auxiliary)) : same ? coulombFit.factor : cholesky(repulsions);
  return { same, auxiliary, repulsions, factor };
}

async function fitted(
  { level, orbitals, hartree }: MolecularSystem,
  { same, auxiliary, factor }: FitTarget,
  density: Matrix,
  count: number,
  options?: RunOptions,
): Promise<ConstrainedFit> {
  const projections =
    level.fitMetric !== "coulomb"
      ? await contractThreeCenterOverlap(orbitals, auxiliary, density, options)
      : same
        ? await hartree.projections(density, options)
        : await coulombProjections(orbitals, auxiliary, packPairs(density), options);
  return constrainedFit(factor, projections, monopoles(auxiliary), count);
}
