/** A crystal at the Γ point as a system: lattice sums, grids, the cores on them, and the terms made of these. */
import { superposedAtoms } from "../atoms/superposed-atoms.js";
import { placeBasis, type PlacedBasis } from "../basis/basis.js";
import { coreCharges } from "../basis/core-charges.js";
import { valenceCharges } from "../basis/pseudopotential.js";
import { BrineError } from "../errors.js";
import { functionalByName, needsOrbitals, type Functional } from "../functional/functional.js";
import { gridLadder } from "../grid/grid-ladder.js";
import type { FunctionMemory } from "../grid/kept-functions.js";
import { periodicFunctions, type PeriodicFunctions } from "../grid/periodic-functions.js";
import { periodicPairs } from "../grid/periodic-pairs.js";
import { entropyTerm } from "../kohn-sham/fermi-smearing.js";
import { constantTerm, linearTerm } from "../kohn-sham/linear-term.js";
import { orbitalSpace } from "../kohn-sham/orbital-space.js";
import { electronsOfSpins, type Electrons } from "../kohn-sham/state.js";
import type { Note } from "../kohn-sham/system.js";
import type { Term } from "../kohn-sham/term.js";
import { DEFAULT_CUTOFF, type LevelOfTheory } from "../level.js";
import { real } from "../math/hermitian.js";
import { checkpoint, type RunOptions } from "../run.js";
import { latticeVectors } from "../structure/cell.js";
import { reciprocalVectors } from "../structure/reciprocal-lattice.js";
import { checkStructure, electronCount, formula, type Structure } from "../structure/structure.js";
import { BOHR_IN_ANGSTROM } from "../units.js";
import { coarseCorrection } from "./coarse-correction.js";
import { fitPeriodicDensity } from "./fit-density.js";
import { gridTerm, type OnGrids } from "./grid-term.js";
import { coreHamiltonian, latticeMatrices, type LatticeMatrices } from "./lattice-matrices.js";
import type { PeriodicSystem } from "./periodic-system.js";

/** Of the cutoff, on the coarse grids, and what theirs must not fall below, hartree. */
const COARSE_FRACTION = 1 / 3;
const LEAST_COARSE = 40;

/** `memory`: used by no other structure any more. Throws `input`, `mismatch` or `unsupported` for a structure that cannot be computed. */
export async function preparePeriodic(
  level: LevelOfTheory,
  structure: Structure,
  options?: RunOptions,
  memory?: FunctionMemory,
): Promise<PeriodicSystem> {
  checkStructure(structure);
  const cell = latticeVectors(structure);
  const functional = functionalByName(level.functional);
  const refusal = refusalInCrystals(functional);
  if (refusal !== undefined) throw new BrineError("unsupported", refusal);
  const { pseudopotentials, ...matrices } = await latticeMatrices(structure, level, options);
  const charges = valenceCharges(pseudopotentials, structure);
  const electrons = electronsOfCrystal(structure, charges, level.smearing);
  const orbitals = placeBasis(level.orbitals, structure);
  await checkpoint(options);
  const space = orbitalSpace(structure.unpaired, matrices.overlap, electrons, level.smearing);
  const cores = coreCharges(pseudopotentials, structure);
  const exponents = orbitals.shells.flatMap((shell) => [...shell.exponents]);
  const onGrids = async (cutoff: number, run?: RunOptions): Promise<OnGrids> => {
    const ladder = gridLadder(cell, cutoff, exponents);
    const functions = (basis: PlacedBasis): PeriodicFunctions => periodicFunctions(basis, ladder);
    const coreDensity = (await functions(cores.functions).density(cores.coefficients, run)).coefficients;
    return { grid: ladder[0].grid, pairs: periodicPairs(orbitals, ladder, memory), coreDensity, functions };
  };
  const others = termsWithoutGrid(matrices, level.smearing);
  const termsOn = (grids: OnGrids): readonly Term[] => [...others, gridTerm(functional, grids)];
  const cutoff = level.numerics.planewaveCutoff ?? DEFAULT_CUTOFF;
  const coarseCutoff = Math.max(COARSE_FRACTION * cutoff, LEAST_COARSE);
  const fine = await onGrids(cutoff, options);
  const terms = termsOn(fine);
  let coarse = coarseCutoff < cutoff ? undefined : terms;
  const system: PeriodicSystem = {
    ...space,
    level,
    structure,
    electrons,
    charges,
    terms,
    scfPath: "direct",
    notes: gammaOnly(cell),
    orbitals,
    fine,
    coarseTerms: async (run) => (coarse ??= termsOn(await onGrids(coarseCutoff, run))),
    start: (run, basis = level.auxiliary) => superposedAtoms(level, structure, run, basis),
    fit: (state, run) => fitPeriodicDensity(system, state, run),
    correct: (density, { fock }, occupation, run) => coarseCorrection(system, density, fock, occupation, run),
  };
  return system;
}

/** Why a functional is not there for crystals; undefined where it is. */
export function refusalInCrystals(functional: Functional): string | undefined {
  return needsOrbitals(functional)
    ? `${functional.name} is not there for periodic structures, where LDA and GGA are`
    : undefined;
}

function termsWithoutGrid(matrices: Omit<LatticeMatrices, "pseudopotentials">, smearing: number | undefined): Term[] {
  return [
    linearTerm("coreHamiltonian", [real(coreHamiltonian(matrices))]),
    constantTerm("coreOverlap", matrices.coreOverlap),
    constantTerm("coreSelf", matrices.coreSelf),
    ...(smearing === undefined ? [] : [entropyTerm]),
  ];
}

/** Throws `unsupported` for open shells, `input` for impossible charges. */
export function electronsOfCrystal(structure: Structure, charges: ArrayLike<number>, smearing?: number): Electrons {
  const what = `${formula(structure)} with charge ${structure.charge}`;
  if (structure.unpaired !== 0)
    throw new BrineError(
      "unsupported",
      `${what} has unpaired electrons; periodic structures are there for closed shells only`,
    );
  const electrons = electronCount(structure, charges);
  if (electrons % 2 === 1 && smearing === undefined)
    throw new BrineError(
      "unsupported",
      `${what} has an odd number of valence electrons (${electrons}), and periodic structures are there for closed shells only; a metal needs smeared occupations (0.005 hartree, say)`,
    );
  return electronsOfSpins(structure, charges, smearing);
}

/** Lattice planes closer than this (bohr; 8 Å) leave a dispersion of bands that one wave vector does not average. */
const SMALL_CELL = 15;

function gammaOnly(cell: Float64Array): Note[] {
  const b = reciprocalVectors(cell);
  const least = 1 / Math.max(...[0, 3, 6].map((first) => Math.hypot(...b.subarray(first, first + 3))));
  if (least >= SMALL_CELL) return [];
  const text = `the cell is ${(least * BOHR_IN_ANGSTROM).toFixed(1)} Å wide and only the Γ point is used: energies are not those of the crystal; take a larger supercell`;
  return [{ tag: "gamma-only", text }];
}
