/** Densities on the uniform grid of a periodic cell, all images included. */
import { placeBasis, type Basis } from "../basis/basis.js";
import { gridLadder } from "../grid/grid-ladder.js";
import { functionMemory } from "../grid/kept-functions.js";
import { periodicFunctions } from "../grid/periodic-functions.js";
import { periodicPairs } from "../grid/periodic-pairs.js";
import type { UniformGrid } from "../grid/uniform-grid.js";
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { latticeVectors } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/** A density of orbitals, D, or of an expansion in functions of a basis. */
export type DensityIn = { readonly basis: Basis } & (
  | { readonly matrix: Matrix }
  | { readonly coefficients: Float64Array }
);

export interface UniformValues {
  readonly grid: UniformGrid;
  /** ρ in e/bohr³ at (i₁, i₂, i₃), the last running fastest. */
  readonly values: Float64Array;
}

/** ρ on the grid of plane waves up to `cutoff` (hartree). Throws for a structure that is not periodic. */
export async function uniformValues(
  density: DensityIn,
  structure: Structure,
  cutoff: number,
  options?: RunOptions,
): Promise<UniformValues> {
  const placed = placeBasis(density.basis, structure);
  const exponents = placed.shells.flatMap((shell) => [...shell.exponents]);
  const ladder = gridLadder(latticeVectors(structure), cutoff, exponents);
  const { values } =
    "matrix" in density
      ? await periodicPairs(placed, ladder, functionMemory(0)).density(density.matrix, options)
      : await periodicFunctions(placed, ladder).density(density.coefficients, options);
  return { grid: ladder[0].grid, values };
}
