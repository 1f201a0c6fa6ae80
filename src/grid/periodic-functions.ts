/**
 * Densities of a periodic basis on a uniform grid, and matrix elements of a potential on it: collocation and its
 * adjoint, over the steps of a ladder of grids (grid-ladder.ts), block by block as matrix products.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { coefficientCount, fourierCoefficients, valuesOnGrid } from "../math/fft.js";
import { gemm } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { cubeBasis, functionsOnCube, type CubeBasis, type CubeFunctions } from "./cube-functions.js";
import { forEachCube, putCube, takeCube } from "./cubes.js";
import { addToFiner, pairFactors, restrictToCoarser, singleFunctions, type GridStep } from "./grid-ladder.js";
import { scratchMatrix } from "./scratch-matrix.js";
import type { UniformGrid } from "./uniform-grid.js";

/** Values (bohr^−3/2) that count as zero. */
const NEGLIGIBLE = 1e-7;

/** What a grid carries: its values, and their Fourier coefficients. */
export interface GridField {
  readonly values: Float64Array;
  readonly coefficients: Float64Array;
}

/** Products of the functions of a basis on a ladder of grids. */
export interface PeriodicPairs {
  /** The finest grid. */
  readonly grid: UniformGrid;
  /** Σ_μν D_μν φ_μ φ_ν of a symmetric matrix [functions, functions]. */
  density(densityMatrix: Matrix, options?: RunOptions): Promise<GridField>;
  /** ∫ φ_μ v φ_ν over the cell, from the Fourier coefficients of v on the finest grid. */
  potentialMatrix(potential: Float64Array, options?: RunOptions): Promise<Matrix>;
}

export function periodicPairs(basis: PlacedBasis, ladder: readonly GridStep[]): PeriodicPairs {
  const steps = ladder.map(({ grid }, index) => {
    const { rows, columns } = pairFactors(basis, ladder, index);
    const left = cubeBasis(rows, grid, NEGLIGIBLE);
    return { grid, rows: left, columns: rows === columns ? left : cubeBasis(columns, grid, NEGLIGIBLE) };
  });
  const { grid } = ladder[0];
  return {
    grid,
    async density(densityMatrix, options) {
      const parts: Float64Array[] = [];
      for (const step of steps) parts.push(await densityOnStep(step, densityMatrix, options));
      return summed(ladder, parts);
    },
    async potentialMatrix(potential, options) {
      const n = basis.size;
      const half = matrix(n, n);
      for (const step of steps) await addPotential(step, onStep(grid, potential, step.grid), half, options);
      const result = matrix(n, n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++) {
          const sum = half.data[i * n + j] + half.data[j * n + i];
          result.data[i * n + j] = sum;
          result.data[j * n + i] = sum;
        }
      return result;
    },
  };
}

interface Step {
  readonly grid: UniformGrid;
  readonly rows: CubeBasis;
  readonly columns: CubeBasis;
}

async function densityOnStep(step: Step, densityMatrix: Matrix, options?: RunOptions): Promise<Float64Array> {
  const { grid } = step;
  const values = new Float64Array(grid.shape[0] * grid.shape[1] * grid.shape[2]);
  const rho = new Float64Array(grid.block[0] * grid.block[1] * grid.block[2]);
  await forEachPair(
    step,
    (rows, columns, cube) => {
      const half = scratchMatrix(rows.alive.length, rho.length);
      gemm(false, false, 1, gather(densityMatrix, rows.alive, columns.alive), columns.values, 0, half);
      rho.fill(0);
      const t = rows.values.data;
      for (let i = 0, at = 0; i < rows.alive.length; i++)
        for (let p = 0; p < rho.length; p++, at++) rho[p] += t[at] * half.data[at];
      putCube(grid, cube, rho, values);
    },
    options,
  );
  return values;
}

async function addPotential(step: Step, potential: Float64Array, half: Matrix, options?: RunOptions): Promise<void> {
  const { grid } = step;
  const v = new Float64Array(grid.block[0] * grid.block[1] * grid.block[2]);
  const weight = (0.5 * grid.volume) / potential.length;
  await forEachPair(
    step,
    (rows, columns, cube) => {
      takeCube(grid, cube, potential, v);
      for (let p = 0; p < v.length; p++) v[p] *= weight;
      const weighted = scratchMatrix(rows.alive.length, v.length);
      const t = rows.values.data;
      for (let i = 0, at = 0; i < rows.alive.length; i++)
        for (let p = 0; p < v.length; p++, at++) weighted.data[at] = v[p] * t[at];
      const part = scratchMatrix(rows.alive.length, columns.alive.length, 1);
      gemm(false, true, 1, weighted, columns.values, 0, part);
      scatter(part, rows.alive, columns.alive, half);
    },
    options,
  );
}

async function forEachPair(
  { grid, rows, columns }: Step,
  visit: (rows: CubeFunctions, columns: CubeFunctions, cube: Parameters<typeof putCube>[1]) => void,
  options?: RunOptions,
): Promise<void> {
  const bases = rows === columns ? [columns] : [columns, rows];
  await forEachCube(
    grid,
    bases,
    (cube, images) => {
      if (rows !== columns) {
        const left = functionsOnCube(rows, cube.first, images[1], 0);
        if (left.alive.length === 0) return;
        visit(left, functionsOnCube(columns, cube.first, images[0], 1), cube);
        return;
      }
      const all = functionsOnCube(columns, cube.first, images[0], 1);
      if (all.alive.length > 0) visit(all, all, cube);
    },
    options,
  );
}

/** Single functions of a basis, such as an auxiliary one, on a ladder of grids. */
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
  visit: (functions: CubeFunctions, cube: Parameters<typeof putCube>[1]) => void,
  options?: RunOptions,
): Promise<void> {
  if (basis.atoms.length === 0) return;
  await forEachCube(
    basis.grid,
    [basis],
    (cube, images) => {
      const functions = functionsOnCube(basis, cube.first, images[0], 1);
      if (functions.alive.length > 0) visit(functions, cube);
    },
    options,
  );
}

/** Values on all steps as one field on the finest. */
function summed(ladder: readonly GridStep[], parts: readonly Float64Array[]): GridField {
  const { shape } = ladder[0].grid;
  const coefficients = fourierCoefficients(shape, parts[0]);
  if (parts.length === 1) return { values: parts[0], coefficients };
  const smooth = new Float64Array(coefficientCount(shape));
  for (let k = 1; k < parts.length; k++)
    addToFiner(ladder[k].grid.shape, fourierCoefficients(ladder[k].grid.shape, parts[k]), shape, smooth);
  for (let i = 0; i < smooth.length; i++) coefficients[i] += smooth[i];
  const values = valuesOnGrid(shape, smooth);
  for (let i = 0; i < values.length; i++) values[i] += parts[0][i];
  return { values, coefficients };
}

/** Values on a step of what is given by its coefficients on the finest grid. */
function onStep(finest: UniformGrid, coefficients: Float64Array, grid: UniformGrid): Float64Array {
  return valuesOnGrid(
    grid.shape,
    grid === finest ? coefficients.slice() : restrictToCoarser(finest.shape, coefficients, grid.shape),
  );
}

function gather(full: Matrix, rows: Int32Array, columns: Int32Array): Matrix {
  const part = scratchMatrix(rows.length, columns.length, 1);
  const stride = full.stride ?? full.columns;
  for (let i = 0, to = 0; i < rows.length; i++) {
    const from = rows[i] * stride;
    for (let j = 0; j < columns.length; j++) part.data[to++] = full.data[from + columns[j]];
  }
  return part;
}

function scatter(part: Matrix, rows: Int32Array, columns: Int32Array, into: Matrix): void {
  const stride = into.stride ?? into.columns;
  for (let i = 0, from = 0; i < rows.length; i++) {
    const to = rows[i] * stride;
    for (let j = 0; j < columns.length; j++) into.data[to + columns[j]] += part.data[from++];
  }
}
