/** A molecule as a system: integrals, factorised metric, grids with the functions on them, and the terms made of these. */
import { superposedAtoms } from "../atoms/superposed-atoms.js";
import { placeBasis } from "../basis/basis.js";
import { checkPseudopotentials, nuclearCharges } from "../basis/pseudopotential.js";
import { nuclearDipole } from "../density/observables.js";
import { BrineError } from "../errors.js";
import { functionalByName } from "../functional/functional.js";
import { molecularGrid } from "../grid/molecular-grid.js";
import {
  coulombMetric,
  coulombSums,
  dipoleMatrices,
  isolatedCore,
  overlapGradient,
  threeCentreIntegrals,
  type CoulombSums,
} from "../integrals/index.js";
import { derivativesFor } from "../kohn-sham/exchange-correlation.js";
import { gridPartSums, gridSums, type GridSums } from "../kohn-sham/exchange-correlation-term.js";
import { gridFunctions, type GridFunctions } from "../kohn-sham/grid-functions.js";
import { hartreeTerm } from "../kohn-sham/hartree.js";
import { orbitalSpace } from "../kohn-sham/orbital-space.js";
import { channelsAtGamma, electronsOfSpins, realDensity, type State } from "../kohn-sham/state.js";
import type { Term } from "../kohn-sham/term.js";
import { coulombFitOf, DEFAULT_GRID, type LevelOfTheory } from "../level.js";
import { combination } from "../math/hermitian.js";
import { cholesky } from "../math/linear-algebra.js";
import { contract } from "../math/matrix.js";
import { checkpoint, type RunOptions, type Team } from "../run.js";
import { checkStructure, isPeriodic, type Structure } from "../structure/structure.js";
import { fitDensity } from "./fit-density.js";
import type { MolecularSystem } from "./molecular-system.js";
import { gridTerm, termsWithoutGrid, type MolecularParts } from "./molecular-terms.js";
import { responseCorrection } from "./response-correction.js";
import { teamSums } from "./team-sums.js";

/** A third to a quarter of the points of level 3; energies within some 1e-4 hartree. */
const COARSE_GRID = 1;
/** Bytes of orbital values that stay between iterations. */
const GRID_MEMORY = 2 ** 30;
/** Bytes of three-centre integrals that do; C20H42 in def2-SVP, 62 atoms, has 0.7 GB of them. */
const INTEGRAL_MEMORY = 2 ** 31;

export interface SystemOptions extends RunOptions {
  /** Bytes of three-centre integrals that stay in memory (2 GB); those beyond are made again at each use. */
  readonly integralMemory?: number;
  /** The sums over grid and integrals are distributed over these threads. */
  readonly team?: Team;
}

/** Throws `input` or `unsupported` for a structure that cannot be computed, atom and reason named. */
export async function prepareMolecule(
  level: LevelOfTheory,
  structure: Structure,
  options?: SystemOptions,
): Promise<MolecularSystem> {
  checkMolecule(level, structure);
  const charges = nuclearCharges(level.pseudopotentials, structure);
  const electrons = electronsOfSpins(structure, charges, level.smearing);
  const { parts, coulomb, gridSumsOf } = await prepareParts(level, structure, charges, options);
  const { channels, orbitals, core, coulombFit, functional } = parts;
  const hartree = hartreeTerm(channels, orbitals, coulombFit, coulomb);
  const gridOf = (number: number): GridFunctions =>
    gridFunctions(orbitals, molecularGrid(structure, number), derivativesFor(functional), GRID_MEMORY);
  const gridLevel = level.numerics.grid ?? DEFAULT_GRID;
  const grid = gridOf(gridLevel);
  const coarseGrid = gridLevel <= COARSE_GRID ? grid : gridOf(COARSE_GRID);
  const others = termsWithoutGrid(parts, hartree);
  const terms = [...others, gridTerm(parts, grid, gridSumsOf(grid, gridLevel))];
  const coarse: readonly Term[] =
    coarseGrid === grid ? terms : [...others, gridTerm(parts, coarseGrid, gridSumsOf(coarseGrid, COARSE_GRID))];
  const system: MolecularSystem = {
    ...orbitalSpace(structure.unpaired, core.overlap, electrons, level.smearing),
    level,
    structure,
    electrons,
    charges,
    terms,
    scfPath: structure.unpaired === 0 ? "corrected" : "approach",
    notes: [],
    orbitals,
    coulombFit,
    threeCentre: parts.threeCentre,
    hartree,
    grid,
    coarseTerms: async () => coarse,
    start: (run, basis = coulombFit.basis) => superposedAtoms(level, structure, run, basis),
    fit: (state, run) => fitDensity(system, state, run),
    correct: (density, _input, occupation, run) => responseCorrection(system, density, occupation, run),
    dipole: (state) => dipoleOf(system, state),
    orthonormalityGradient: (weighted) =>
      overlapGradient(orbitals, combination(new Float64Array(weighted.length).fill(1), weighted).real).map((x) => -x),
  };
  return system;
}

function checkMolecule({ orbitals, pseudopotentials }: LevelOfTheory, structure: Structure): void {
  checkStructure(structure);
  if (isPeriodic(structure))
    throw new BrineError(
      "unsupported",
      "the structure is periodic, and the level is one of molecules; take a periodic one such as pbe/dzvp-molopt-sr-gth, or remove pbc",
    );
  checkPseudopotentials(orbitals, pseudopotentials, structure.species);
}

/** Integrals, and who does the sums over them and over a grid: this thread or a team. */
interface Prepared {
  readonly parts: MolecularParts;
  readonly coulomb: CoulombSums;
  gridSumsOf(grid: GridFunctions, number: number): GridSums;
}

async function prepareParts(
  level: LevelOfTheory,
  structure: Structure,
  charges: Float64Array,
  options?: SystemOptions,
): Promise<Prepared> {
  const functional = functionalByName(level.functional);
  const orbitals = placeBasis(level.orbitals, structure);
  const basis = coulombFitOf(level);
  const placed = placeBasis(basis, structure);
  const integralMemory = options?.integralMemory ?? INTEGRAL_MEMORY;
  const team =
    options?.team &&
    teamSums(options.team, {
      functional: level.functional,
      structure,
      orbitals,
      coulombFit: placed,
      integralMemory,
      gridMemory: GRID_MEMORY,
    });
  const core = await isolatedCore(orbitals, structure, level.pseudopotentials, options);
  await checkpoint(options);
  const metric = coulombMetric(placed);
  await checkpoint(options);
  const coulombFit = { basis, placed, metric, factor: cholesky(metric) };
  const threeCentre = threeCentreIntegrals(orbitals, placed, team ? 0 : integralMemory); // a team has its own
  const channels = channelsAtGamma(structure.unpaired);
  return {
    parts: {
      level,
      structure,
      functional,
      channels,
      charges,
      orbitals,
      core,
      coulombFit,
      threeCentre,
      integralMemory,
    },
    coulomb: team?.coulomb ?? coulombSums(threeCentre, orbitals.size),
    gridSumsOf: (grid, number) =>
      team?.onGrid(number) ?? gridSums(gridPartSums(functional, orbitals, placed, grid), placed.size),
  };
}

/** Σ_A Z_A R_A − Tr D⟨r⟩, e·bohr, about the coordinate origin. */
function dipoleOf({ structure, charges, orbitals }: MolecularSystem, state: State): [number, number, number] {
  const nuclear = nuclearDipole(structure.positions, charges);
  const density = realDensity(state);
  const [x, y, z] = dipoleMatrices(orbitals).map((operator) => contract(density, operator));
  return [nuclear[0] - x, nuclear[1] - y, nuclear[2] - z];
}
