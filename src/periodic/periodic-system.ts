/** All that calculations on one periodic structure share: lattice sums, grids, and the cores on them. */
import { placeBasis, type PlacedBasis } from "../basis/basis.js";
import { valenceCharges, type Pseudopotentials } from "../basis/pseudopotential.js";
import { BrineError } from "../errors.js";
import { functionalByName, type Functional } from "../functional/functional.js";
import { gridLadder, type GridStep } from "../grid/grid-ladder.js";
import type { FunctionMemory } from "../grid/kept-functions.js";
import { periodicFunctions, type PeriodicFunctions } from "../grid/periodic-functions.js";
import { periodicPairs, type PeriodicPairs } from "../grid/periodic-pairs.js";
import type { UniformGrid } from "../grid/uniform-grid.js";
import { entropyTerm } from "../kohn-sham/fermi-smearing.js";
import { constantTerm, linearTerm } from "../kohn-sham/linear-term.js";
import { closedShell, type Orbitals } from "../kohn-sham/occupations.js";
import { canonicalOrthogonaliser } from "../kohn-sham/orthogonalisation.js";
import type { KohnShamProblem } from "../kohn-sham/scf.js";
import type { LevelOfTheory } from "../level.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { latticeVectors } from "../structure/cell.js";
import { checkStructure, electronCount, formula, type Structure } from "../structure/structure.js";
import { coreCharges } from "./core-charges.js";
import { gridTerm } from "./grid-term.js";
import { coreHamiltonian, latticeMatrices } from "./lattice-matrices.js";

export interface PeriodicSystem extends OnGrids {
  readonly level: LevelOfTheory;
  readonly structure: Structure;
  readonly functional: Functional;
  readonly orbitals: PlacedBasis;
  /** q of each atom. */
  readonly charges: Float64Array;
  readonly overlap: Matrix;
  readonly orthogonaliser: Matrix;
  /** Kinetic energy and pseudopotentials without the long-ranged part of the latter. */
  readonly core: Matrix;
  readonly coreSelf: number;
  readonly coreOverlap: number;
  /** The same at a third of the cutoff, made when first asked for. */
  coarse(options?: RunOptions): Promise<OnGrids>;
}

/** What depends on the cutoff. */
export interface OnGrids {
  readonly ladder: readonly GridStep[];
  readonly grid: UniformGrid;
  readonly pairs: PeriodicPairs;
  /** Fourier coefficients of the core charges, negative. */
  readonly coreDensity: Float64Array;
  /** The auxiliary basis of the level, or another one, on the grids. */
  functions(basis: PlacedBasis): PeriodicFunctions;
  readonly problem: KohnShamProblem<Orbitals>;
}

/** Default of `Numerics.planewaveCutoff`, hartree: 300 Ry. */
export const DEFAULT_CUTOFF = 150;
/** Of the cutoff, on the coarse grids, and what theirs must not fall below, hartree. */
const COARSE_SHARE = 1 / 3;
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
  const matrices = await latticeMatrices(structure, level, options);
  const pseudopotentials = level.pseudopotentials as Pseudopotentials; // latticeMatrices has checked
  const charges = valenceCharges(pseudopotentials, structure);
  const pairs = electronPairsOf(structure, charges);
  const orbitals = placeBasis(level.orbitals, structure);
  await checkpoint(options);
  const orthogonaliser = canonicalOrthogonaliser(matrices.overlap);
  const core = coreHamiltonian(matrices);
  const cores = coreCharges(pseudopotentials, structure);
  const exponents = orbitals.shells.flatMap((shell) => [...shell.exponents]);
  const onGrids = async (cutoff: number, options?: RunOptions): Promise<OnGrids> => {
    const ladder = gridLadder(cell, cutoff, exponents);
    const functions = (basis: PlacedBasis): PeriodicFunctions => periodicFunctions(basis, ladder);
    const coreDensity = (await functions(cores.functions).density(cores.coefficients, options)).coefficients;
    const products = periodicPairs(orbitals, ladder, memory);
    const problem: KohnShamProblem<Orbitals> = {
      overlap: matrices.overlap,
      orthogonaliser,
      terms: [
        linearTerm("coreHamiltonian", core),
        gridTerm(functional, products, coreDensity),
        constantTerm("coreOverlap", matrices.coreOverlap),
        constantTerm("coreSelf", matrices.coreSelf),
        ...(level.smearing === undefined ? [] : [entropyTerm]),
      ],
      occupy: closedShell(orthogonaliser, pairs, level.smearing),
    };
    return { ladder, grid: ladder[0].grid, pairs: products, coreDensity, functions, problem };
  };
  const cutoff = level.numerics.planewaveCutoff ?? DEFAULT_CUTOFF;
  const fine = await onGrids(cutoff, options);
  const coarseCutoff = Math.max(COARSE_SHARE * cutoff, LEAST_COARSE);
  let coarse: OnGrids | undefined = coarseCutoff < cutoff ? undefined : fine;
  return {
    level,
    structure,
    functional,
    orbitals,
    charges,
    overlap: matrices.overlap,
    orthogonaliser,
    core,
    coreSelf: matrices.coreSelf,
    coreOverlap: matrices.coreOverlap,
    ...fine,
    coarse: async (options) => (coarse ??= await onGrids(coarseCutoff, options)),
  };
}

/** Number of doubly occupied orbitals of the valence electrons. Throws `unsupported` for open shells, `input` for impossible charges. */
export function electronPairsOf(structure: Structure, charges: ArrayLike<number>): number {
  const electrons = electronCount(structure, charges);
  if (!(Number.isInteger(electrons) && electrons > 0))
    throw new BrineError(
      "input",
      `${formula(structure)} with charge ${structure.charge} has ${electrons} valence electrons; check the charge`,
    );
  if (electrons % 2 === 1 || structure.unpaired !== 0)
    throw new BrineError(
      "unsupported",
      `${formula(structure)} with charge ${structure.charge} has unpaired electrons; periodic structures are there for closed shells only`,
    );
  return electrons / 2;
}
