/** ∫|ρ₁ − ρ₂| dr on the molecular grid, or on the uniform one of a periodic cell. */
import { placeBasis, type Basis } from "../basis/basis.js";
import { sameContent } from "../canonical-json.js";
import { functionsOnBlock } from "../grid/block-functions.js";
import { densityOfMatrix } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { molecularGrid } from "../grid/molecular-grid.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { isPeriodic, type Structure } from "../structure/structure.js";
import type { AtomCentredDensity } from "./atom-centred.js";
import { densityOnBlock } from "./density-on-block.js";
import { uniformValues } from "./uniform-values.js";

/** A density of orbitals: D in the basis given, on the structure it is compared on. */
export interface OrbitalDensity {
  readonly matrix: Matrix;
  readonly basis: Basis;
}

/** What the error is summed on. */
export interface ErrorGrid {
  /** Molecules: 1 … 9 (3). */
  readonly grid?: number;
  /** Periodic structures: hartree (150). */
  readonly planewaveCutoff?: number;
}

/** ∫|ρ − ρ'| in electrons, of one cell where periodic. Both densities belong to the structure of the first. */
export async function absoluteError(
  density: AtomCentredDensity,
  other: AtomCentredDensity | OrbitalDensity,
  { grid = 3, planewaveCutoff = 150 }: ErrorGrid,
  options?: RunOptions,
): Promise<number> {
  const { structure } = density;
  const terms = differenceOf(density, other);
  return isPeriodic(structure)
    ? integralOverCell(terms, structure, planewaveCutoff, options)
    : integralOverMolecule(terms, structure, grid, options);
}

type Term = AtomCentredDensity | OrbitalDensity;

/** ρ and ρ', or ρ − ρ' alone where both are expansions in the same functions. */
function differenceOf(density: AtomCentredDensity, other: Term): readonly [Term] | readonly [Term, Term] {
  const { basis, coefficients } = density;
  if ("matrix" in other || !sameContent(basis, other.basis)) return [density, other];
  return [{ ...density, coefficients: coefficients.map((c, p) => c - other.coefficients[p]) }];
}

async function integralOverMolecule(
  terms: readonly Term[],
  structure: Structure,
  gridLevel: number,
  options?: RunOptions,
): Promise<number> {
  const [first, second] = terms.map((term) => sampler(term, structure));
  let sum = 0;
  for (const block of molecularGrid(structure, gridLevel)) {
    const [a, b] = [first(block), second?.(block)];
    for (let i = 0; i < block.count; i++) sum += block.weights[i] * Math.abs(b ? a[i] - b[i] : a[i]);
    await checkpoint(options);
  }
  return sum;
}

/** Values of ρ on any block of points. */
function sampler(density: Term, structure: Structure): (block: GridBlock) => Float64Array {
  const placed = placeBasis(density.basis, structure);
  return "matrix" in density
    ? (block) => densityOfMatrix(functionsOnBlock(placed, block, 0), density.matrix).rho
    : (block) => densityOnBlock(placed, density.coefficients, block, 0).rho;
}

async function integralOverCell(
  [first, second]: readonly Term[],
  structure: Structure,
  cutoff: number,
  options?: RunOptions,
): Promise<number> {
  const { grid, values } = await uniformValues(first, structure, cutoff, options);
  const other = second && (await uniformValues(second, structure, cutoff, options)).values;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(other ? values[i] - other[i] : values[i]);
  return (sum * grid.volume) / values.length;
}
