/** A regular grid of points around a molecule or over a periodic cell, and a density sampled on it. */
import { placeBasis, type Basis } from "../basis/basis.js";
import type { CubeGrid } from "../io/cube.js";
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { isPeriodic, type Structure } from "../structure/structure.js";
import type { AtomCentredDensity } from "./atom-centred.js";
import { densityAt, matrixDensityAt } from "./evaluate.js";
import { uniformValues, type DensityIn } from "./uniform-values.js";

/** How fine a grid is and how far it reaches. */
export interface CubeShape {
  /** Distance of the points, bohr; in a periodic cell, at most. */
  readonly spacing: number;
  /** Room between the outermost nuclei of a molecule and the faces, bohr. */
  readonly margin: number;
}

export const DEFAULT_CUBE: CubeShape = { spacing: 0.25, margin: 5 };

/** The box of `shape` around the nuclei, with room for its values. */
export function cubeGrid(structure: Structure, { spacing, margin }: CubeShape): CubeGrid {
  const lowest = [Infinity, Infinity, Infinity];
  const highest = [-Infinity, -Infinity, -Infinity];
  structure.positions.forEach((x, i) => {
    lowest[i % 3] = Math.min(lowest[i % 3], x);
    highest[i % 3] = Math.max(highest[i % 3], x);
  });
  const count = (axis: number): number => Math.ceil((highest[axis] - lowest[axis] + 2 * margin) / spacing) + 1;
  const counts = [count(0), count(1), count(2)] as const;
  return {
    origin: [lowest[0] - margin, lowest[1] - margin, lowest[2] - margin],
    steps: Float64Array.of(spacing, 0, 0, 0, spacing, 0, 0, 0, spacing),
    counts,
    values: new Float64Array(counts[0] * counts[1] * counts[2]),
  };
}

/** ρ in e/bohr³ on the box of `shape` around the molecule, or over the cell. */
export async function sampleDensity(
  density: AtomCentredDensity,
  shape: CubeShape,
  options?: RunOptions,
): Promise<CubeGrid> {
  if (isPeriodic(density.structure)) return sampleCell(density, density.structure, shape, options);
  const grid = cubeGrid(density.structure, shape);
  return { ...grid, values: await densityAt(density, gridPoints(grid), options) };
}

/** Values on a cube of the density of a density matrix [functions, functions] in an orbital basis, e/bohr³. */
export async function sampleDensityMatrix(
  structure: Structure,
  orbitals: Basis,
  densityMatrix: Matrix,
  shape: CubeShape,
  options?: RunOptions,
): Promise<CubeGrid> {
  if (isPeriodic(structure)) return sampleCell({ basis: orbitals, matrix: densityMatrix }, structure, shape, options);
  const grid = cubeGrid(structure, shape);
  const values = await matrixDensityAt(placeBasis(orbitals, structure), densityMatrix, gridPoints(grid), options);
  return { ...grid, values };
}

async function sampleCell(
  density: DensityIn,
  structure: Structure,
  { spacing }: CubeShape,
  options?: RunOptions,
): Promise<CubeGrid> {
  const cutoff = 0.5 * (Math.PI / spacing) ** 2;
  const { grid, values } = await uniformValues(density, structure, cutoff, options);
  return { origin: [0, 0, 0], steps: grid.steps, counts: grid.shape, values };
}

/** [3, points]: all x, all y, all z. */
function gridPoints({ origin, steps, counts }: CubeGrid): Float64Array {
  const n = counts[0] * counts[1] * counts[2];
  const points = new Float64Array(3 * n);
  let p = 0;
  for (let i = 0; i < counts[0]; i++)
    for (let j = 0; j < counts[1]; j++)
      for (let k = 0; k < counts[2]; k++, p++)
        for (let axis = 0; axis < 3; axis++)
          points[axis * n + p] = origin[axis] + i * steps[axis] + j * steps[3 + axis] + k * steps[6 + axis];
  return points;
}
