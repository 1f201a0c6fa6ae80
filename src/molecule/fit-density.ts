/** Fits the density matrix of a molecule on the auxiliary basis of its level and says how good the fit is. */
import { placeBasis, type PlacedBasis } from "../basis/basis.js";
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

/** Coefficients of ρ_α − ρ_β, with as many electrons as are unpaired. */
export async function fitSpinDensity(
  system: MolecularSystem,
  spinDensityMatrix: Matrix,
  options?: RunOptions,
): Promise<Float64Array> {
  const room = await fitRoom(system, options);
  return (await fitted(system, room, spinDensityMatrix, system.structure.unpaired, options)).coefficients;
}

export async function fitDensity(
  system: MolecularSystem,
  densityMatrix: Matrix,
  options?: RunOptions,
): Promise<{ density: AtomCentredDensity; quality: FitQuality }> {
  const { level, structure, coulombFit, grid, hartree } = system;
  const room = await fitRoom(system, options);
  const { same, auxiliary, repulsions } = room;
  const count = electronCount(structure);
  const { coefficients, electrons } = await fitted(system, room, densityMatrix, count, options);

  const absolute = await absoluteFitError(grid.blocks, grid.on, densityMatrix, auxiliary, coefficients, options);
  const repulsion = selfRepulsion(
    { metric: system.metric, coefficients: await hartree.coefficients(densityMatrix, options) },
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

/** What fits of one molecule share. */
interface FitRoom {
  /** Whether the auxiliary basis of the level is its RI-J basis. */
  readonly same: boolean;
  readonly auxiliary: PlacedBasis;
  /** The Coulomb metric of the auxiliary basis. */
  readonly repulsions: Matrix;
  /** The Cholesky factor of the metric of the fit. */
  readonly factor: Matrix;
}

async function fitRoom(system: MolecularSystem, options?: RunOptions): Promise<FitRoom> {
  const { level, structure, coulombFit } = system;
  const same = sameFunctions(level.auxiliary, coulombFitOf(level), structure.species);
  const auxiliary = same ? coulombFit : placeBasis(level.auxiliary, structure);
  const repulsions = same ? system.metric : coulombMetric(auxiliary);
  await checkpoint(options);
  const coulomb = level.fitMetric === "coulomb";
  const factor = !coulomb ? cholesky(overlapMatrix(auxiliary)) : same ? system.metricFactor : cholesky(repulsions);
  return { same, auxiliary, repulsions, factor };
}

async function fitted(
  { level, orbitals, hartree }: MolecularSystem,
  { same, auxiliary, factor }: FitRoom,
  densityMatrix: Matrix,
  count: number,
  options?: RunOptions,
): Promise<{ coefficients: Float64Array; electrons: number }> {
  const projections =
    level.fitMetric !== "coulomb"
      ? await contractThreeCenterOverlap(orbitals, auxiliary, densityMatrix, options)
      : same
        ? await hartree.projections(densityMatrix, options)
        : await coulombProjections(orbitals, auxiliary, packPairs(densityMatrix), options);
  return constrainedFit(factor, projections, monopoles(auxiliary), count);
}
