/** Fits the density matrix of a molecule on the auxiliary basis of its level and says how good the fit is. */
import { placeBasis } from "../basis/basis.js";
import type { FitQuality } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import {
  absoluteFitError,
  constrainedFit,
  coulombProjections,
  mixedCoulombMetric,
  selfRepulsion,
} from "../density/fit.js";
import { contractThreeCenterOverlap, coulombMetric, monopoles, overlapMatrix } from "../integrals/index.js";
import { cholesky } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { electronCount } from "../structure/structure.js";
import { packPairs } from "./hartree.js";
import { coulombFitOf, sameFunctions, type MolecularSystem } from "./molecular-system.js";

export async function fitDensity(
  system: MolecularSystem,
  densityMatrix: Matrix,
  options?: RunOptions,
): Promise<{ density: AtomCentredDensity; quality: FitQuality }> {
  const { level, structure, orbitals, coulombFit, grid, hartree } = system;
  const same = sameFunctions(level.auxiliary, coulombFitOf(level), structure.species);
  const auxiliary = same ? coulombFit : placeBasis(level.auxiliary, structure);
  const coulomb = level.fitMetric === "coulomb";
  const projections = !coulomb
    ? await contractThreeCenterOverlap(orbitals, auxiliary, densityMatrix, options)
    : same
      ? hartree.projections(densityMatrix)
      : await coulombProjections(orbitals, auxiliary, packPairs(densityMatrix), options);
  const repulsions = same ? system.metric : coulombMetric(auxiliary);
  await checkpoint(options);
  const factor = !coulomb ? cholesky(overlapMatrix(auxiliary)) : same ? system.metricFactor : cholesky(repulsions);
  const count = electronCount(structure);
  const { coefficients, electrons } = constrainedFit(factor, projections, monopoles(auxiliary), count);

  const absolute = await absoluteFitError(grid.blocks, grid.on, densityMatrix, auxiliary, coefficients, options);
  const repulsion = selfRepulsion(
    { metric: system.metric, coefficients: hartree.coefficients(densityMatrix) },
    { metric: repulsions, coefficients },
    same ? system.metric : mixedCoulombMetric(coulombFit, auxiliary),
  );
  return {
    density: {
      structure,
      basis: level.auxiliary,
      quantity: "density",
      nuclearCharges: Float64Array.from(structure.species),
      coefficients,
    },
    quality: { electrons, absoluteErrorPerElectron: absolute / count, selfRepulsion: repulsion },
  };
}
