/**
 * Orbitals of an atom-centred density: those of one diagonalisation of F[ρ̃], or, closer to the self-consistent ones,
 * of a second diagonalisation with the density c_in + δ that linear response makes of the first (kohn-sham/response.ts).
 *
 * They start the SCF of another program. Hybrids and meta-GGA take F of PBE, and open shells F without spin
 * polarisation; for these there is no second diagonalisation, because its fixed point is not theirs.
 */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { BrineError } from "../errors.js";
import { needsOrbitals } from "../functional/functional.js";
import { closedShell, columnsOf, type Orbitals } from "../kohn-sham/occupations.js";
import type { LevelOfTheory } from "../level.js";
import { multiplyTransposed } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { electronCount, formula, type Structure } from "../structure/structure.js";
import { inputHamiltonian } from "./input-hamiltonian.js";
import { coulombFitOf, prepareMolecule, type MolecularSystem } from "./molecular-system.js";
import { responseCorrection } from "./response-correction.js";

export interface DensityOrbitals {
  /** Ascending, hartree. */
  readonly energies: Float64Array;
  /** [functions, orbitals]: CᵀSC = 1. */
  readonly coefficients: Matrix;
  /** How many of the lowest hold an electron of spin α and of spin β. */
  readonly occupied: readonly [alpha: number, beta: number];
  /** Whether they come from the second diagonalisation. */
  readonly improved: boolean;
}

/** `improve` (true) asks for the second diagonalisation; it is left out where the linear range is left, too. */
export async function orbitalsOfDensity(
  level: LevelOfTheory,
  density: AtomCentredDensity,
  options: RunOptions & { readonly improve?: boolean } = {},
): Promise<DensityOrbitals> {
  const [alpha, beta] = spinOccupations(density.structure);
  const system = await prepareMolecule(level, density.structure, options);
  const occupy = closedShell(system.orthogonaliser, alpha);
  const input = await inputHamiltonian(system, density, system.grid, options);
  const orbitals = occupy(input.fock);
  const improvable = alpha === beta && !needsOrbitals(system.functional) && orbitals.energies.length > alpha;
  if (!improvable || options.improve === false) return withOccupations(orbitals, alpha, beta, false);
  await checkpoint(options);
  const { coefficients, reliable } = await responseCorrection(system, density, input, orbitals, options);
  if (!reliable) return withOccupations(orbitals, alpha, beta, false);
  return withOccupations(occupy(await fockOf(system, coefficients, options)), alpha, beta, true);
}

/** One density matrix of a closed shell, D = 2 C_occ C_occᵀ; those of spin α and β of an open one. */
export function densityMatrices({ coefficients, occupied }: DensityOrbitals): readonly Matrix[] {
  const [alpha, beta] = occupied;
  const ofSpin = (count: number): Matrix => {
    const filled = columnsOf(coefficients, 0, count);
    return multiplyTransposed(false, true, filled, filled);
  };
  if (alpha !== beta) return [ofSpin(alpha), ofSpin(beta)];
  const density = ofSpin(alpha);
  for (let i = 0; i < density.data.length; i++) density.data[i] *= 2;
  return [density];
}

/** F of a density in the RI-J basis. */
async function fockOf(system: MolecularSystem, coefficients: Float64Array, options?: RunOptions): Promise<Matrix> {
  const { structure, level, grid } = system;
  const density: AtomCentredDensity = {
    structure,
    basis: coulombFitOf(level),
    quantity: "density",
    nuclearCharges: Float64Array.from(structure.species),
    coefficients,
  };
  return (await inputHamiltonian(system, density, grid, options)).fock;
}

function withOccupations(
  { energies, coefficients }: Orbitals,
  alpha: number,
  beta: number,
  improved: boolean,
): DensityOrbitals {
  return { energies, coefficients, occupied: [alpha, beta], improved };
}

/** Throws `input` for numbers of electrons and unpaired electrons that do not go together. */
function spinOccupations(structure: Structure): [alpha: number, beta: number] {
  const electrons = electronCount(structure);
  const alpha = (electrons + structure.unpaired) / 2;
  const beta = alpha - structure.unpaired;
  if (!(Number.isInteger(alpha) && alpha > 0 && beta >= 0))
    throw new BrineError(
      "input",
      `${formula(structure)} with charge ${structure.charge} has ${electrons} electrons, which ${structure.unpaired} unpaired ones do not go with; check the charge and the number of unpaired electrons`,
    );
  return [alpha, beta];
}
