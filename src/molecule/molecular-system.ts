/** All that calculations on one molecule share: integrals, factorised metric, grids with the functions on them. */
import { placeBasis, shellsOf, type Basis, type PlacedBasis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { functionalByName, type Functional } from "../functional/functional.js";
import { molecularGrid } from "../grid/molecular-grid.js";
import {
  coulombMetric,
  coulombSums,
  kineticMatrix,
  nuclearAttractionMatrix,
  overlapMatrix,
  threeCentreIntegrals,
  type ThreeCentreIntegrals,
} from "../integrals/index.js";
import { derivativesFor, exchangeCorrelationTerm } from "../kohn-sham/exchange-correlation.js";
import { entropyTerm } from "../kohn-sham/fermi-smearing.js";
import { gridFunctions, type GridFunctions } from "../kohn-sham/grid-functions.js";
import { constantTerm, linearTerm } from "../kohn-sham/linear-term.js";
import { canonicalOrthogonaliser } from "../kohn-sham/orthogonalisation.js";
import type { Term } from "../kohn-sham/term.js";
import type { LevelOfTheory } from "../level.js";
import { cholesky } from "../math/linear-algebra.js";
import { axpy, copy, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions, type Team } from "../run.js";
import { checkStructure, isPeriodic, type Structure } from "../structure/structure.js";
import { exactExchangeTerm, exchangeOperator, type ExchangeOperator } from "./exact-exchange.js";
import { hartreeTerm, type HartreeTerm } from "./hartree.js";
import { nuclearRepulsion } from "./nuclear-repulsion.js";
import { spreadSums, type SpreadSums } from "./spread.js";

export interface MolecularSystem {
  readonly level: LevelOfTheory;
  readonly structure: Structure;
  readonly functional: Functional;
  readonly orbitals: PlacedBasis;
  /** The RI-J basis on the atoms. */
  readonly coulombFit: PlacedBasis;
  readonly overlap: Matrix;
  readonly orthogonaliser: Matrix;
  /** (μν|P) with the RI-J basis. */
  readonly threeCentre: ThreeCentreIntegrals;
  /** J of the RI-J basis and its Cholesky factor. */
  readonly metric: Matrix;
  readonly metricFactor: Matrix;
  /** T + V_ne. */
  readonly core: Matrix;
  readonly hartree: HartreeTerm;
  /** For functionals with exact exchange. */
  readonly exchange?: ExchangeOperator;
  readonly nuclearRepulsion: number;
  /** The grid of the level. */
  readonly grid: GridFunctions;
  /** A coarse grid for the way to convergence and for small corrections. */
  readonly coarseGrid: GridFunctions;
  /** Where a team of threads does the sums. */
  readonly spread?: SpreadSums;
  /** The terms that do not tell spins apart: kinetic, external, Hartree and nuclear energy, entropy. */
  readonly spinlessTerms: readonly Term[];
  /** The terms of the energy of a closed shell, with exchange and correlation on one of the grids. */
  terms(grid: GridFunctions): Term[];
  /** The number of one of the two grids. */
  levelOf(grid: GridFunctions): number;
}

/** Default of `Numerics.grid`. */
export const DEFAULT_GRID = 3;
/** A third to a quarter of the points of level 3; energies within some 1e-4 hartree. */
const COARSE_GRID = 1;
/** Bytes of orbital values kept between iterations. */
const GRID_MEMORY = 2 ** 30;
/** Bytes of three-centre integrals kept between iterations; C20H42 in def2-SVP, 62 atoms, has 0.7 GB of them. */
const INTEGRAL_MEMORY = 2 ** 31;

export interface SystemOptions extends RunOptions {
  /** Bytes of three-centre integrals that are kept (2 GB); those beyond are made again at each use. */
  readonly integralMemory?: number;
  /** Spreads the sums over grid and integrals over these threads. */
  readonly team?: Team;
}

/** Throws `input` or `unsupported` for a structure that cannot be computed, atom and reason named. */
export async function prepareMolecule(
  level: LevelOfTheory,
  structure: Structure,
  options?: SystemOptions,
): Promise<MolecularSystem> {
  checkStructure(structure);
  if (isPeriodic(structure))
    throw new BrineError(
      "unsupported",
      "the structure is periodic, and the level is one of molecules; take a periodic one such as pbe/dzvp-molopt-sr-gth, or remove pbc",
    );
  const functional = functionalByName(level.functional);
  const orbitals = placeBasis(level.orbitals, structure);
  const coulombFit = placeBasis(coulombFitOf(level), structure);
  const memory = options?.integralMemory ?? INTEGRAL_MEMORY;
  const team = options?.team;
  const setup = {
    functional: level.functional,
    structure,
    orbitals,
    coulombFit,
    integralMemory: memory,
    gridMemory: GRID_MEMORY,
  };
  const spread = team && spreadSums(team, setup);
  const overlap = overlapMatrix(orbitals);
  await checkpoint(options);
  const orthogonaliser = canonicalOrthogonaliser(overlap);
  const kinetic = kineticMatrix(orbitals);
  await checkpoint(options);
  const external = nuclearAttractionMatrix(orbitals, structure);
  const core = copy(kinetic);
  axpy(1, external.data, core.data);
  await checkpoint(options);
  const metric = coulombMetric(coulombFit);
  await checkpoint(options);
  const metricFactor = cholesky(metric);
  const threeCentre = threeCentreIntegrals(orbitals, coulombFit, spread ? 0 : memory); // a team keeps them itself
  const sums = spread?.coulomb ?? coulombSums(threeCentre, orbitals.size);
  const hartree = hartreeTerm(sums, metricFactor, orbitals.size);
  const share = functional.exactExchange;
  if (share !== undefined) checkExchangeMemory(threeCentre, memory);
  const exchange = share === undefined ? undefined : exchangeOperator(threeCentre, metricFactor, orbitals.size);
  const repulsion = nuclearRepulsion(structure);
  const derivatives = derivativesFor(functional);
  const gridLevel = level.numerics.grid ?? DEFAULT_GRID;
  const on = (gridLevelNumber: number): GridFunctions =>
    gridFunctions(orbitals, molecularGrid(structure, gridLevelNumber), derivatives, GRID_MEMORY);
  const grid = on(gridLevel);
  const levelOf = (chosen: GridFunctions): number => (chosen === grid ? gridLevel : COARSE_GRID);
  const spinlessTerms = [
    linearTerm("kinetic", kinetic),
    linearTerm("external", external),
    hartree,
    constantTerm("nuclearRepulsion", repulsion),
    ...(level.smearing === undefined ? [] : [entropyTerm]),
  ];
  return {
    level,
    structure,
    functional,
    orbitals,
    coulombFit,
    overlap,
    orthogonaliser,
    threeCentre,
    metric,
    metricFactor,
    core,
    hartree,
    ...(exchange ? { exchange } : {}),
    nuclearRepulsion: repulsion,
    grid,
    coarseGrid: gridLevel <= COARSE_GRID ? grid : on(COARSE_GRID),
    levelOf,
    ...(spread ? { spread } : {}),
    spinlessTerms,
    terms: (chosen) => [
      ...spinlessTerms,
      spread?.exchangeCorrelation(levelOf(chosen)) ?? exchangeCorrelationTerm(functional, chosen, orbitals.size),
      ...(share !== undefined && exchange ? [exactExchangeTerm(share, exchange)] : []),
    ],
  };
}

/** Exact exchange keeps all integrals, contracted with the metric. */
function checkExchangeMemory({ bytes }: ThreeCentreIntegrals, memory: number): void {
  if (bytes <= memory) return;
  const gigabytes = (x: number): string => (x / 2 ** 30).toFixed(1);
  throw new BrineError(
    "unsupported",
    `exact exchange needs all three-centre integrals in memory, here ${gigabytes(bytes)} GB, and the limit is ${gigabytes(memory)} GB; use a functional without exact exchange, a smaller basis, or a higher integralMemory`,
  );
}

/** The RI-J basis of a level. Throws when it has none. */
export function coulombFitOf(level: LevelOfTheory): Basis {
  if (!level.coulombFit)
    throw new BrineError("input", "the level of theory has no RI-J basis, which the builtin engine needs");
  return level.coulombFit;
}

/** Whether two bases have the same functions on the given species. */
export function sameFunctions(a: Basis, b: Basis, species: Iterable<number>): boolean {
  if (a === b) return true;
  return [...new Set(species)].every((z) => JSON.stringify(shellsOf(a, z)) === JSON.stringify(shellsOf(b, z)));
}
