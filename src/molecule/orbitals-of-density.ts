/**
 * Orbitals of an atom-centred density: those of one diagonalisation of F[ρ̃], or, closer to the self-consistent ones,
 * those after two Newton steps of linear response, c ← c + δ (kohn-sham/response.ts), a diagonalisation after each:
 *
 *   F[c₁] → D_1,   ΔV = V_xc[D_1] − V_xc[fit of D_1],   F[c₁] + ΔV → δ₂,   F[c₁ + δ₂] + ΔV → D.
 *
 * ΔV is what the fit loses; without it the steps lead to a fixed point that is some 1e-6 hartree off.
 *
 * They start the SCF of another program. Hybrids and meta-GGA take F of PBE, and open shells F without spin
 * polarisation; for these there are no steps, because their fixed point is not that of F.
 */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { BrineError } from "../errors.js";
import { needsOrbitals } from "../functional/functional.js";
import { closedShell, columnsOf, type Occupy, type Orbitals } from "../kohn-sham/occupations.js";
import { evaluateTerms } from "../kohn-sham/term.js";
import type { LevelOfTheory } from "../level.js";
import { multiplyTransposed } from "../math/linear-algebra.js";
import { axpy, type Matrix } from "../math/matrix.js";
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
  /** Whether the steps were made. */
  readonly improved: boolean;
}

/** `improve` (true) asks for the steps; they are left out where the linear range is left, too. */
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
  const stepsLead = alpha === beta && !needsOrbitals(system.functional) && orbitals.energies.length > alpha;
  if (!stepsLead || options.improve === false) return withOccupations(orbitals, alpha, beta, false);
  await checkpoint(options);
  const first = await responseCorrection(system, density, input, orbitals, options);
  if (!first.reliable) return withOccupations(orbitals, alpha, beta, false);
  return withOccupations(await secondStep(system, occupy, first.coefficients, options), alpha, beta, true);
}

/** From the density after the first step, in the RI-J basis, to the orbitals after the second. */
async function secondStep(
  system: MolecularSystem,
  occupy: Occupy<Orbitals>,
  coefficients: Float64Array,
  options?: RunOptions,
): Promise<Orbitals> {
  const { grid } = system;
  const density = fittedDensity(system, coefficients);
  const input = await inputHamiltonian(system, density, grid, options);
  const { density: output } = occupy(input.fock);
  const lost = await lostByFit(system, output, options);
  const corrected = (fock: Matrix): Matrix => {
    axpy(1, lost, fock.data);
    return fock;
  };
  const step = await responseCorrection(system, density, input, occupy(corrected(input.fock)), options);
  const last = await inputHamiltonian(system, fittedDensity(system, step.coefficients), grid, options);
  return occupy(corrected(last.fock));
}

/** F[D] − F[fit of D]. */
async function lostByFit(system: MolecularSystem, densityMatrix: Matrix, options?: RunOptions): Promise<Float64Array> {
  const { grid, hartree } = system;
  const { fock } = await evaluateTerms(system.terms(grid), { density: densityMatrix }, options);
  const fitted = fittedDensity(system, await hartree.coefficients(densityMatrix, options));
  const difference = fock.data.slice();
  axpy(-1, (await inputHamiltonian(system, fitted, grid, options)).fock.data, difference);
  return difference;
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

/** A density in the RI-J basis. */
function fittedDensity({ structure, level }: MolecularSystem, coefficients: Float64Array): AtomCentredDensity {
  const nuclearCharges = Float64Array.from(structure.species);
  return { structure, basis: coulombFitOf(level), quantity: "density", nuclearCharges, coefficients };
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
