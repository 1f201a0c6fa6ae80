/** All that a periodic Kohn–Sham problem at the Γ point has besides its grid: analytic matrices and energies of the cores. */
import { placeBasis } from "../basis/basis.js";
import { checkPseudopotentials, type Pseudopotentials } from "../basis/pseudopotential.js";
import { BrineError } from "../errors.js";
import type { LevelOfTheory } from "../level.js";
import { axpy, copy, matrix, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { latticeVectors } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { coreOverlapEnergy, coreSelfEnergy } from "./core-energies.js";
import { nonlocalMatrix } from "../integrals/gth-projectors.js";
import { checkImages, latticeImages } from "../structure/lattice-images.js";
import { latticeIntegrals, type LatticeIntegrals } from "../integrals/lattice-integrals.js";

/** [functions, functions] each, hartree. */
export interface LatticeMatrices extends LatticeIntegrals {
  readonly pseudopotentials: Pseudopotentials;
  /** The projectors of the pseudopotentials. */
  readonly nonlocal: Matrix;
  /** CP2K's core self energy, hartree. */
  readonly coreSelf: number;
  /** CP2K's core overlap energy, hartree. */
  readonly coreOverlap: number;
}

/**
 * Throws `input` for a structure without a periodic cell, and `unsupported` or `mismatch` where orbitals or
 * pseudopotentials of an element are missing or do not belong together.
 */
export async function latticeMatrices(
  structure: Structure,
  level: Pick<LevelOfTheory, "orbitals" | "pseudopotentials">,
  options?: RunOptions,
): Promise<LatticeMatrices> {
  const { orbitals, pseudopotentials } = level;
  const images = latticeImages(latticeVectors(structure));
  checkImages(structure, images);
  checkPseudopotentials(orbitals, pseudopotentials, structure.species);
  if (!pseudopotentials)
    throw new BrineError(
      "mismatch",
      `${orbitals.name} is for all electrons, and periodic structures need pseudopotentials; take dzvp-molopt-sr-gth`,
    );
  const basis = placeBasis(orbitals, structure);
  return {
    pseudopotentials,
    ...(await latticeIntegrals(basis, structure, pseudopotentials, images, options)),
    nonlocal: nonlocalMatrix(basis, structure, pseudopotentials, images) ?? matrix(basis.size, basis.size),
    coreSelf: coreSelfEnergy(structure, pseudopotentials),
    coreOverlap: coreOverlapEnergy(structure, pseudopotentials, images),
  };
}

/** T + V_loc^SR + V_nl. */
export function coreHamiltonian({
  kinetic,
  localShortRange,
  nonlocal,
}: Pick<LatticeMatrices, "kinetic" | "localShortRange" | "nonlocal">): Matrix {
  const core = copy(kinetic);
  axpy(1, localShortRange.data, core.data);
  axpy(1, nonlocal.data, core.data);
  return core;
}
