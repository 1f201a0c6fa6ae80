/**
 * The valence density that another program sampled over a periodic cell, on the auxiliary basis of a level. The cube must
 * have every point of the program's grid: the fit sees what its plane waves carry.
 */
import { placeBasis } from "../basis/basis.js";
import { valenceCharges, type Pseudopotentials } from "../basis/pseudopotential.js";
import { BrineError } from "../errors.js";
import { gridLadder } from "../grid/grid-ladder.js";
import { periodicFunctions } from "../grid/periodic-functions.js";
import { gridOfShape } from "../grid/uniform-grid.js";
import type { CubeGrid } from "../io/cube.js";
import type { DensityFit } from "../kohn-sham/system.js";
import type { LevelOfTheory } from "../level.js";
import { fourierCoefficients } from "../math/fft.js";
import type { RunOptions } from "../run.js";
import { cellVolume } from "../structure/cell.js";
import { electronCount, type Structure } from "../structure/structure.js";
import { fitField } from "./fit-density.js";

/** What the sum over the points may be off by, as a share of the electrons. */
const COUNT_TOLERANCE = 0.01;

/** A level with pseudopotentials. */
export type ValenceLevel = Pick<LevelOfTheory, "auxiliary" | "fitMetric"> & {
  /** Their valence charges are what the cube's electrons see. */
  readonly pseudopotentials: Pseudopotentials;
};

/** The atoms of a cube in the cell that its points fill, with the origin of the grid as theirs. */
export function structureOfCube({ origin, steps, counts }: CubeGrid, atoms: Structure): Structure {
  return {
    ...atoms,
    positions: atoms.positions.map((x, i) => x - origin[i % 3]),
    cell: { vectors: steps.map((x, i) => x * counts[Math.floor(i / 3)]), periodic: [true, true, true] },
  };
}

/**
 * ρ in e/bohr³ on `cube`, whose atoms and cell are those of `structure` (structureOfCube). Throws `mismatch` when it does
 * not hold the valence electrons, `unsupported` for elements without a pseudopotential and for grids that are too coarse
 * for the auxiliary functions or have other factors than 2, 3 and 5.
 */
export async function fitCube(
  { counts, values }: CubeGrid,
  structure: Structure,
  { pseudopotentials, auxiliary, fitMetric }: ValenceLevel,
  options?: RunOptions,
): Promise<DensityFit> {
  const { vectors } = structure.cell!;
  const charges = valenceCharges(pseudopotentials, structure);
  const expected = electronCount(structure, charges);
  const electrons = (values.reduce((sum, value) => sum + value, 0) * cellVolume(vectors)) / values.length;
  if (!(Math.abs(electrons - expected) <= COUNT_TOLERANCE * expected))
    throw new BrineError(
      "mismatch",
      `the density has ${electrons.toFixed(3)} electrons where ${pseudopotentials.name} leaves ${expected}; it must be that of the valence electrons in e/bohr³ on all points of the whole cell (CP2K: STRIDE 1 1 1)`,
    );
  const placed = placeBasis(auxiliary, structure);
  const grid = gridOfShape(vectors, counts);
  const cutoff = Math.min(...counts.map((n, k) => cutoffOf(n, Math.hypot(...vectors.subarray(3 * k, 3 * k + 3)))));
  const coarser = gridLadder(
    vectors,
    cutoff,
    placed.shells.flatMap(({ exponents }) => [...exponents]),
  ).slice(1);
  const functions = periodicFunctions(placed, [{ grid, cutoff, largest: Infinity }, ...coarser]);
  const field = { values, coefficients: fourierCoefficients(counts, values) };
  return fitField({ structure, charges, auxiliary, metric: fitMetric }, grid, functions, field, options);
}

/** The cutoff (hartree) that n points along a vector of this length (bohr) carry: n = 2 √(2E) a/2π + 1. */
function cutoffOf(n: number, length: number): number {
  return 0.5 * (((n - 1) * Math.PI) / length) ** 2;
}
