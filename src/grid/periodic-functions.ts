/** The functions of a periodic basis, such as an auxiliary one, one by one on a ladder of grids (grid-ladder.ts). */
import type { PlacedBasis } from "../basis/basis.js";
import type { RunOptions } from "../run.js";
import { cubeBasis, functionsOnCube, type CubeBasis, type CubeFunctions } from "./cube-functions.js";
import { forEachCube, putCube, takeCube, type Cube } from "./cubes.js";
import { onStep, summed, type GridField } from "./grid-field.js";
import { singleFunctions, type GridStep } from "./grid-ladder.js";

/** Values (bohr^−3/2) that count as zero. */
const NEGLIGIBLE = 3e-8;

export interface PeriodicFunctions {
  /** Σ_P c_P χ_P */
  density(coefficients: Float64Array, options?: RunOptions): Promise<GridField>;
  /** ∫ v χ_P over the cell. */
  projections(potential: Float64Array, options?: RunOptions): Promise<Float64Array>;
}

export function periodicFunctions(basis: PlacedBasis, ladder: readonly GridStep[]): PeriodicFunctions {
  const steps = ladder.map((step, index) => cubeBasis(singleFunctions(basis, ladder, index), step.grid, NEGLIGIBLE));
  return {
    async density(coefficients, options) {
      const parts: Float64Array[] = [];
      for (const step of steps) {
        const { grid } = step;
        const values = new Float64Array(grid.shape[0] * grid.shape[1] * grid.shape[2]);
        const rho = new Float64Array(grid.block[0] * grid.block[1] * grid.block[2]);
        await forEachSingle(
          step,
          ({ alive, values: f }, cube) => {
            rho.fill(0);
            for (let i = 0, at = 0; i < alive.length; i++) {
              const c = coefficients[alive[i]];
              for (let p = 0; p < rho.length; p++, at++) rho[p] += c * f.data[at];
            }
            putCube(grid, cube, rho, values);
          },
          options,
        );
        parts.push(values);
      }
      return summed(ladder, parts);
    },
    async projections(potential, options) {
      const result = new Float64Array(basis.size);
      for (const step of steps) {
        const { grid } = step;
        const values = onStep(ladder[0].grid, potential, grid);
        const v = new Float64Array(grid.block[0] * grid.block[1] * grid.block[2]);
        const weight = grid.volume / values.length;
        await forEachSingle(
          step,
          ({ alive, values: f }, cube) => {
            takeCube(grid, cube, values, v);
            for (let i = 0, at = 0; i < alive.length; i++) {
              let sum = 0;
              for (let p = 0; p < v.length; p++, at++) sum += v[p] * f.data[at];
              result[alive[i]] += weight * sum;
            }
          },
          options,
        );
      }
      return result;
    },
  };
}

async function forEachSingle(
  basis: CubeBasis,
  visit: (functions: CubeFunctions, cube: Cube) => void,
  options?: RunOptions,
): Promise<void> {
  if (basis.atoms.length === 0) return;
  await forEachCube(
    basis.grid,
    [basis],
    (cube, images) => {
      const functions = functionsOnCube(basis, cube.first, images()[0], 1);
      if (functions.alive.length > 0) visit(functions, cube);
    },
    options,
  );
}
