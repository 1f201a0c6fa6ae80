/** The Kohn–Sham problem of a closed-shell molecule and its solution. */
import { BrineError } from "../errors.js";
import { nuclearDipole } from "../density/observables.js";
import type { GroundStateOptions } from "../engine/engine.js";
import { dipoleMatrices } from "../integrals/index.js";
import { correctedSelfConsistency } from "../kohn-sham/defect-correction.js";
import type { GridFunctions } from "../kohn-sham/grid-functions.js";
import { closedShell, type Orbitals } from "../kohn-sham/occupations.js";
import { selfConsistentField, type KohnShamProblem, type ScfResult, type ScfSettings } from "../kohn-sham/scf.js";
import { contract, type Matrix } from "../math/matrix.js";
import { electronCount, formula, type Structure } from "../structure/structure.js";
import { inputHamiltonian } from "./input-hamiltonian.js";
import { coulombFitOf, type MolecularSystem } from "./molecular-system.js";
import { superposedAtoms } from "./superposed-atoms.js";

/** The coarse grid is not worth a sharper convergence before it is corrected, hartree. */
export const COARSE_TOLERANCE = 1e-5;

/** Number of doubly occupied orbitals. Throws `unsupported` for open shells, `input` for impossible charges. */
export function electronPairs(structure: Structure): number {
  const electrons = electronCount(structure);
  if (!(Number.isInteger(electrons) && electrons > 0))
    throw new BrineError(
      "input",
      `${formula(structure)} with charge ${structure.charge} has ${electrons} electrons; check the charge`,
    );
  if (structure.unpaired !== 0)
    throw new BrineError(
      "unsupported",
      `the structure has ${structure.unpaired} unpaired electron${structure.unpaired === 1 ? "" : "s"}; energies of one diagonalisation and forces are there for closed shells only, converged energies and densities (scf, reference) for both`,
    );
  if (electrons % 2 === 1)
    throw new BrineError(
      "unsupported",
      `${formula(structure)} with charge ${structure.charge} has an odd number of electrons (${electrons}); set the number of unpaired electrons (spin=1 in the comment line, or --unpaired 1), or check atoms and charge`,
    );
  return electrons / 2;
}

export function closedShellProblem(system: MolecularSystem, grid: GridFunctions): KohnShamProblem<Orbitals> {
  const { overlap, orthogonaliser, structure } = system;
  return {
    overlap,
    orthogonaliser,
    terms: system.terms(grid),
    occupy: closedShell(orthogonaliser, electronPairs(structure), system.level.smearing),
  };
}

/** From superposed atoms, or another density, to convergence, on the coarse grid corrected by that of the level. */
export async function closedShellGroundState(
  system: MolecularSystem,
  settings: ScfSettings,
  options?: GroundStateOptions,
): Promise<ScfResult<Orbitals>> {
  const { coarseGrid, grid } = system;
  const fock = await startingFock(system, options);
  if (coarseGrid === grid) return selfConsistentField(closedShellProblem(system, grid), fock, settings, options);
  return correctedSelfConsistency(
    closedShellProblem(system, grid),
    closedShellProblem(system, coarseGrid),
    fock,
    settings,
    COARSE_TOLERANCE,
    options,
  );
}

/** The Hamiltonian of the density that the SCF starts from. */
export async function startingFock(system: MolecularSystem, options?: GroundStateOptions): Promise<Matrix> {
  const { level, structure, coarseGrid } = system;
  const start = options?.guess ?? (await superposedAtoms(level, structure, options, coulombFitOf(level)));
  return (await inputHamiltonian(system, start, coarseGrid, options)).fock;
}

/** Σ_A Z_A R_A − Tr D⟨r⟩, e·bohr, about the coordinate origin. */
export function dipoleOf({ structure, orbitals }: MolecularSystem, density: Matrix): [number, number, number] {
  const nuclear = nuclearDipole(structure.positions, structure.species);
  const [x, y, z] = dipoleMatrices(orbitals).map((operator) => contract(density, operator));
  return [nuclear[0] - x, nuclear[1] - y, nuclear[2] - z];
}
