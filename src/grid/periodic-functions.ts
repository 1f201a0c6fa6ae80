/**
 * Densities of a periodic basis on a uniform grid, and matrix elements of a potential on it: collocation and its
 * adjoint, over the steps of a ladder of grids (grid-ladder.ts), block by block as matrix products.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { coefficientCount, fourierCoefficients, valuesOnGrid } from "../math/fft.js";
import { block, gemm, pivotedCholesky } from "../math/linear-algebra.js";
import { copy, matrix, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { cubeBasis, functionsOnCube, type CubeBasis, type CubeFunctions } from "./cube-functions.js";
import { forEachCube, putCube, takeCube } from "./cubes.js";
import { addToFiner, pairFactors, restrictToCoarser, singleFunctions, type GridStep } from "./grid-ladder.js";
import { scratchMatrix } from "./scratch-matrix.js";
import type { UniformGrid } from "./uniform-grid.js";

/** Values (bohr^−3/2) that count as zero, and products of a row and a column (bohr^−3). */
const NEGLIGIBLE = 3e-8;
/** Columns come with thresholds 1, 10, 100, … times as large, for blocks where all rows are small. */
const DECADES = 5;

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
  const steps = ladder.map(({ grid }, index): Step => {
    const { rows, columns } = pairFactors(basis, ladder, index);
    if (rows === columns) return { grid, columns: [cubeBasis(columns, grid, NEGLIGIBLE)] };
    const decades = Array.from({ length: DECADES }, (_, k) => cubeBasis(columns, grid, NEGLIGIBLE * 10 ** k));
    return { grid, rows: cubeBasis(rows, grid, NEGLIGIBLE), columns: decades };
  });
  const { grid } = ladder[0];
  return {
    grid,
    async density(densityMatrix, options) {
      const parts: Float64Array[] = [];
      const factor = factorOf(densityMatrix);
      for (const step of steps)
        parts.push(
          await (factor && !step.rows
            ? orbitalDensityOnStep(step, factor, options)
            : densityOnStep(step, densityMatrix, options)),
        );
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
  /** Absent where rows and columns are the same. */
  readonly rows?: CubeBasis;
  /** By their thresholds. */
  readonly columns: readonly CubeBasis[];
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

/** D = FFᵀ with as many columns as there are occupied orbitals; undefined where D has negative eigenvalues. */
function factorOf(densityMatrix: Matrix): Matrix | undefined {
  const { factor } = pivotedCholesky(densityMatrix, 1e-11);
  const rest = copy(densityMatrix);
  gemm(false, true, -1, factor, factor, 1, rest);
  return rest.data.every((value) => Math.abs(value) < 1e-9) ? factor : undefined;
}

/** Where t = u, by orbitals: Σ_k (Σ_μ F_μk u_μ)². */
async function orbitalDensityOnStep(step: Step, factor: Matrix, options?: RunOptions): Promise<Float64Array> {
  const { grid } = step;
  const values = new Float64Array(grid.shape[0] * grid.shape[1] * grid.shape[2]);
  const rho = new Float64Array(grid.block[0] * grid.block[1] * grid.block[2]);
  const everyOrbital = Int32Array.from({ length: factor.columns }, (_, k) => k);
  await forEachPair(
    step,
    ({ alive, values: u }, _, cube) => {
      const orbitals = scratchMatrix(factor.columns, rho.length);
      gemm(true, false, 1, gather(factor, alive, everyOrbital), u, 0, orbitals);
      rho.fill(0);
      for (let k = 0, at = 0; k < factor.columns; k++)
        for (let p = 0; p < rho.length; p++, at++) rho[p] += orbitals.data[at] * orbitals.data[at];
      putCube(grid, cube, rho, values);
    },
    options,
  );
  return values;
}

/** Of symmetric blocks this many panels of rows leave out what stands below their diagonal. */
const PANELS = 4;

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
      const n = columns.alive.length;
      if (rows !== columns) {
        const part = scratchMatrix(rows.alive.length, n, 1);
        gemm(false, true, 1, weighted, columns.values, 0, part);
        scatter(part, 1, rows.alive, columns.alive, half);
        return;
      }
      const size = Math.ceil(n / PANELS);
      for (let first = 0; first < n; first += size) {
        const end = Math.min(n, first + size);
        const panel = block(weighted, first, 0, end - first, v.length);
        const ofPanel = columns.alive.subarray(first, end);
        const square = scratchMatrix(end - first, end - first, 1);
        gemm(false, true, 1, panel, block(columns.values, first, 0, end - first, v.length), 0, square);
        scatter(square, 1, ofPanel, ofPanel, half);
        if (end === n) continue;
        const rest = scratchMatrix(end - first, n - end, 1);
        gemm(false, true, 1, panel, block(columns.values, end, 0, n - end, v.length), 0, rest);
        scatter(rest, 2, ofPanel, columns.alive.subarray(end), half);
      }
    },
    options,
  );
}

async function forEachPair(
  { grid, rows, columns }: Step,
  visit: (rows: CubeFunctions, columns: CubeFunctions, cube: Parameters<typeof putCube>[1]) => void,
  options?: RunOptions,
): Promise<void> {
  await forEachCube(
    grid,
    rows ? [columns[0], rows] : [columns[0]],
    (cube, images) => {
      if (!rows) {
        const all = functionsOnCube(columns[0], cube.first, images[0], 1);
        if (all.alive.length > 0) visit(all, all, cube);
        return;
      }
      const left = functionsOnCube(rows, cube.first, images[1], 0);
      if (left.alive.length === 0) return;
      const decade = Math.floor(-Math.log10(largestOf(left.values)));
      const right = columns[Math.max(0, Math.min(columns.length - 1, decade))];
      visit(left, functionsOnCube(right, cube.first, images[0], 1), cube);
    },
    options,
  );
}

function largestOf({ data }: Matrix): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]));
  return most;
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

function scatter(part: Matrix, factor: number, rows: Int32Array, columns: Int32Array, into: Matrix): void {
  const stride = into.stride ?? into.columns;
  for (let i = 0, from = 0; i < rows.length; i++) {
    const to = rows[i] * stride;
    for (let j = 0; j < columns.length; j++) into.data[to + columns[j]] += factor * part.data[from++];
  }
}
