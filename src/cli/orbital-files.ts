/** The files that orbitals and density matrices go into: molden, cube, npz, and what an SCF of PySCF starts from. */
import { DEFAULT_CUBE, sampleDensityMatrix } from "../density/cube-grid.js";
import type { GroundState } from "../engine/engine.js";
import { writeCube } from "../io/cube.js";
import { type Molden, writeMolden } from "../io/molden.js";
import { writeNpz } from "../io/npz.js";
import { pyscfDensityMatrix, pyscfMolecule } from "../io/pyscf-guess.js";
import { levelName, type LevelOfTheory } from "../level.js";
import { copy, type Matrix } from "../math/matrix.js";
import { densityMatrices, type DensityOrbitals } from "../molecule/orbitals-of-density.js";
import { writeAtomically } from "../node/files.js";
import type { RunOptions } from "../run.js";
import { formula, type Structure } from "../structure/structure.js";

/** `STEM.molden` with the orbitals of a density. */
export function writeDensityOrbitals(
  stem: string,
  structure: Structure,
  level: LevelOfTheory,
  { energies, coefficients, occupied }: DensityOrbitals,
): void {
  const [alpha, beta] = occupied;
  const molden: Molden = {
    structure,
    basis: level.orbitals,
    orbitals: Array.from(energies, (energy, i) => ({
      energy,
      occupation: Number(i < alpha) + Number(i < beta),
      spin: "alpha",
    })),
    coefficients,
  };
  const title = `${formula(structure)} ${levelName(level)}, orbitals of a predicted density`;
  writeAtomically(`${stem}.molden`, writeMolden(molden, title));
}

/** `STEM-dm0.npy` and `STEM-pyscf.json`. */
export function writePyscfGuess(
  stem: string,
  structure: Structure,
  level: LevelOfTheory,
  orbitals: DensityOrbitals,
): void {
  writeAtomically(`${stem}-dm0.npy`, pyscfDensityMatrix(level.orbitals, structure, densityMatrices(orbitals)));
  const document = {
    level: levelName(level),
    improved: orbitals.improved,
    mol: pyscfMolecule(level.orbitals, structure),
  };
  writeAtomically(`${stem}-pyscf.json`, JSON.stringify(document));
}

/** `STEM.cube` with the density of a ground state. */
export async function writeDensityCube(
  stem: string,
  { structure, densityMatrix }: GroundState,
  level: LevelOfTheory,
  options: RunOptions,
): Promise<void> {
  const grid = await sampleDensityMatrix(structure, level.orbitals, densityMatrix, DEFAULT_CUBE, options);
  const title = `electron density of ${formula(structure)}, ${levelName(level)}, e/bohr^3`;
  writeAtomically(`${stem}.cube`, writeCube(grid, structure, title));
}

/** `STEM.npz`: density matrix, orbitals, their energies, in brine's order; with those of spin beta in open shells. */
export function writeGroundState(stem: string, state: GroundState): void {
  const { structure, densityMatrix, orbitals, orbitalEnergies, openShell } = state;
  const arrays = {
    species: { shape: [structure.species.length], data: Float64Array.from(structure.species) },
    positions: { shape: [structure.species.length, 3], data: structure.positions },
    energy: { shape: [1], data: Float64Array.of(state.energy) },
    densityMatrix: array(densityMatrix),
    orbitals: array(orbitals),
    orbitalEnergies: { shape: [orbitalEnergies.length], data: orbitalEnergies },
  };
  const spin = openShell && {
    spinDensityMatrix: array(openShell.spinDensityMatrix),
    orbitalsBeta: array(openShell.orbitals),
    orbitalEnergiesBeta: { shape: [openShell.orbitalEnergies.length], data: openShell.orbitalEnergies },
  };
  writeAtomically(`${stem}.npz`, writeNpz({ ...arrays, ...spin }));
}

function array(a: Matrix): { shape: number[]; data: Float64Array } {
  return { shape: [a.rows, a.columns], data: copy(a).data };
}
