/** The files that orbitals and density matrices go into: molden, cube, npz, and what an SCF of PySCF starts from. */
import { join } from "node:path";
import type { Command } from "commander";
import { DEFAULT_CUBE, sampleDensityMatrix } from "../density/cube-grid.js";
import type { GroundState, OrbitalState } from "../engine/engine.js";
import { writeCube } from "../io/cube.js";
import { type Molden, writeMolden } from "../io/molden.js";
import type { NpyArray } from "../io/npy.js";
import { writeNpz } from "../io/npz.js";
import { pyscfDensityMatrix, pyscfMolecule } from "../io/pyscf-guess.js";
import { realDensity, spinDensity } from "../kohn-sham/state.js";
import { levelName, type LevelOfTheory } from "../level.js";
import { copy, sideBySide, type Matrix } from "../math/matrix.js";
import type { DensityOrbitals } from "../molecule/orbitals-of-density.js";
import { writeAtomically } from "../node/files.js";
import type { RunOptions } from "../run.js";
import { formula, type Structure } from "../structure/structure.js";
import { outputFolder } from "./outputs.js";

export interface OrbitalFileOptions {
  readonly molden?: string;
  readonly cube?: string;
  readonly npz?: string;
}

/** What goes into the files: a ground state, or what one diagonalisation gave. */
export type WrittenState = Pick<GroundState, "structure" | "energy" | "state">;

export function addOrbitalFileOptions(command: Command): Command {
  return command
    .option(
      "--molden <dir>",
      "write the orbitals as molden files, INDEX.molden, into a folder, made if it is not there",
    )
    .option("--cube <dir>", "write the densities as cube files, INDEX.cube, into a folder")
    .option("--npz <dir>", "write density matrices, orbitals and their energies, INDEX.npz, into a folder");
}

/** Writes the files that were asked for, into folders made at once; undefined when none were. `what` ends the titles. */
export function orbitalFiles(
  { molden, cube, npz }: OrbitalFileOptions,
  level: LevelOfTheory,
  { signal }: RunOptions,
  what = "",
): ((index: number, state: WrittenState) => Promise<void>) | undefined {
  const folders = [molden, cube, npz].filter((folder) => folder !== undefined);
  if (folders.length === 0) return undefined;
  folders.forEach(outputFolder);
  return async (index, state) => {
    const title = `${formula(state.structure)} ${levelName(level)}${what}`;
    if (molden !== undefined)
      writeAtomically(
        join(molden, `${index}.molden`),
        writeMolden(withOrbitals(state.structure, state.state, level), title),
      );
    if (npz !== undefined) writeAtomically(join(npz, `${index}.npz`), writeNpz(arraysOf(state)));
    if (cube === undefined) return;
    const { structure } = state;
    const grid = await sampleDensityMatrix(
      structure,
      level.orbitals,
      realDensity(state.state),
      DEFAULT_CUBE,
      signal ? { signal } : {},
    );
    writeAtomically(join(cube, `${index}.cube`), writeCube(grid, structure, `electron density of ${title}, e/bohr^3`));
  };
}

/** `STEM.molden` with the orbitals of a density. */
export function writeDensityOrbitals(
  stem: string,
  structure: Structure,
  level: LevelOfTheory,
  { state }: DensityOrbitals,
): void {
  const title = `${formula(structure)} ${levelName(level)}, orbitals of a predicted density`;
  writeAtomically(`${stem}.molden`, writeMolden(withOrbitals(structure, state, level), title));
}

/** `STEM-dm0.npy` and `STEM-pyscf.json`. */
export function writePyscfGuess(
  stem: string,
  structure: Structure,
  level: LevelOfTheory,
  orbitals: DensityOrbitals,
): void {
  writeAtomically(
    `${stem}-dm0.npy`,
    pyscfDensityMatrix(
      level.orbitals,
      structure,
      orbitals.state.densities.map(({ real }) => real),
    ),
  );
  const document = {
    level: levelName(level),
    improved: orbitals.improved,
    mol: pyscfMolecule(level.orbitals, structure),
  };
  writeAtomically(`${stem}-pyscf.json`, JSON.stringify(document));
}

function withOrbitals(
  structure: Structure,
  { channels, orbitals }: OrbitalState,
  { orbitals: basis }: LevelOfTheory,
): Molden {
  return {
    structure,
    basis,
    orbitals: orbitals.flatMap(({ energies, occupations }, c) =>
      Array.from(energies, (energy, i) => ({
        energy,
        occupation: occupations[i],
        spin: channels[c].spin === "down" ? ("beta" as const) : ("alpha" as const),
      })),
    ),
    coefficients: sideBySide(orbitals.map(({ coefficients }) => coefficients.real)),
  };
}

/** Density matrix, orbitals, their energies, in brine's order; with those of spin beta in open shells. */
function arraysOf({ structure, energy, state }: WrittenState): Record<string, NpyArray> {
  const [alpha, beta] = state.orbitals;
  const spin = spinDensity(state);
  return {
    species: { shape: [structure.species.length], data: Float64Array.from(structure.species) },
    positions: { shape: [structure.species.length, 3], data: structure.positions },
    energy: { shape: [1], data: Float64Array.of(energy) },
    densityMatrix: array(realDensity(state)),
    orbitals: array(alpha.coefficients.real),
    orbitalEnergies: { shape: [alpha.energies.length], data: alpha.energies },
    ...(spin ? { spinDensityMatrix: array(spin.real) } : {}),
    ...(beta
      ? {
          orbitalsBeta: array(beta.coefficients.real),
          orbitalEnergiesBeta: { shape: [beta.energies.length], data: beta.energies },
        }
      : {}),
  };
}

function array(a: Matrix): { shape: number[]; data: Float64Array } {
  return { shape: [a.rows, a.columns], data: copy(a).data };
}
