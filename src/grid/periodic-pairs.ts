/**
 * Densities of a periodic basis on a uniform grid, and matrix elements of a potential on it: collocation and its
 * adjoint, over the steps of a ladder of grids (grid-ladder.ts), block by block as matrix products.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { block, gemm, pivotedCholesky } from "../math/linear-algebra.js";
import { copy, matrix, symmetrize, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { cubeBasis, functionsOnCube, type CubeBasis, type OrderedFunctions } from "./cube-functions.js";
import { forEachCube, putCube, takeCube, type Cube } from "./cubes.js";
import { onStep, summed, type GridField } from "./grid-field.js";
import { pairFactors, type GridStep } from "./grid-ladder.js";
import { functionMemory, keptFunctions, type FunctionMemory, type KeptFunctions } from "./kept-functions.js";
import { gather, scatter } from "./part-of-matrix.js";
import { scratchMatrix } from "./scratch-matrix.js";
import { staircase } from "./staircase.js";
import type { UniformGrid } from "./uniform-grid.js";

/** Values that count as zero, bohr^−3/2. */
const NEGLIGIBLE = 3e-7;
/** Products of a row and a column that do, bohr^−3: energies of 32 water molecules change by 2e-6 hartree. */
const NEGLIGIBLE_PRODUCT = 2e-8;
/** Columns come with thresholds 1, 10, 100, … times that, for blocks where all rows are small. */
const DECADES = 5;

/** Products of the functions of a basis on a ladder of grids. */
export interface PeriodicPairs {
  /** The finest grid. */
  readonly grid: UniformGrid;
  /** Σ_μν D_μν φ_μ φ_ν of a symmetric matrix [functions, functions]. */
  density(densityMatrix: Matrix, options?: RunOptions): Promise<GridField>;
  /** ∫ φ_μ v φ_ν over the cell, from the Fourier coefficients of v on the finest grid. */
  potentialMatrix(potential: Float64Array, options?: RunOptions): Promise<Matrix>;
}

/** `memory` keeps values of functions from one use to the next. */
export function periodicPairs(
  basis: PlacedBasis,
  ladder: readonly GridStep[],
  memory: FunctionMemory = functionMemory(),
): PeriodicPairs {
  const steps = ladder.map(({ grid }, index): Step => {
    const kept = keptFunctions(memory);
    const { rows, columns } = pairFactors(basis, ladder, index);
    if (rows === columns) return { grid, kept, columns: [cubeBasis(columns, grid, NEGLIGIBLE)] };
    const decades = Array.from({ length: DECADES }, (_, k) => cubeBasis(columns, grid, NEGLIGIBLE_PRODUCT * 10 ** k));
    return { grid, kept, rows: cubeBasis(rows, grid, NEGLIGIBLE), columns: decades };
  });
  const { grid } = ladder[0];
  return {
    grid,
    async density(densityMatrix, options) {
      const parts: Float64Array[] = [];
      const factor = factorOf(densityMatrix);
      for (const step of steps)
        parts.push(
          await densityOnStep(
            step,
            factor && !step.rows ? orbitalDensity(factor) : pairDensity(densityMatrix),
            options,
          ),
        );
      return summed(ladder, parts);
    },
    async potentialMatrix(potential, options) {
      const n = basis.size;
      const result = matrix(n, n);
      for (const step of steps) await addPotential(step, onStep(grid, potential, step.grid), result, options);
      return symmetrize(result);
    },
  };
}

interface Step {
  readonly grid: UniformGrid;
  readonly kept: KeptFunctions;
  /** Absent where rows and columns are the same. */
  readonly rows?: CubeBasis;
  /** By their thresholds. */
  readonly columns: readonly CubeBasis[];
}

/** Adds the density on a block to `rho`. */
type BlockDensity = (rows: OrderedFunctions, columns: OrderedFunctions, rho: Float64Array) => void;

async function densityOnStep(step: Step, addDensity: BlockDensity, options?: RunOptions): Promise<Float64Array> {
  const { grid } = step;
  const values = new Float64Array(grid.shape[0] * grid.shape[1] * grid.shape[2]);
  const rho = new Float64Array(grid.block[0] * grid.block[1] * grid.block[2]);
  await forEachPair(
    step,
    (rows, columns, cube) => {
      rho.fill(0);
      addDensity(rows, columns, rho);
      putCube(grid, cube, rho, values);
    },
    options,
  );
  return values;
}

/** Σ_μν D_μν t_μ u_ν */
function pairDensity(densityMatrix: Matrix): BlockDensity {
  return (rows, columns, rho) => {
    const t = rows.values.data;
    for (const { first, end, columns: needed } of staircase(rows.largest, columns.largest, NEGLIGIBLE_PRODUCT)) {
      const part = gather(densityMatrix, rows.alive.subarray(first, end), columns.alive.subarray(0, needed));
      const half = scratchMatrix("points", end - first, rho.length);
      gemm(false, false, 1, part, block(columns.values, 0, 0, needed, rho.length), 0, half);
      addRows(t, first * rho.length, half.data, end - first, rho);
    }
  };
}

/** ρ += Σ of the products of `rows` rows: those of t from `from` on, and those of `half`. */
function addRows(t: Float64Array, from: number, half: Float64Array, rows: number, rho: Float64Array): void {
  for (let i = 0, at = 0; i < rows; i++) for (let p = 0; p < rho.length; p++, at++) rho[p] += t[from + at] * half[at];
}

/** D = FFᵀ with as many columns as there are occupied orbitals; undefined where D has negative eigenvalues. */
function factorOf(densityMatrix: Matrix): Matrix | undefined {
  const { factor } = pivotedCholesky(densityMatrix, 1e-11);
  const rest = copy(densityMatrix);
  gemm(false, true, -1, factor, factor, 1, rest);
  return rest.data.every((value) => Math.abs(value) < 1e-9) ? factor : undefined;
}

/** Where t = u, by orbitals: Σ_k (Σ_μ F_μk u_μ)². */
function orbitalDensity(factor: Matrix): BlockDensity {
  const everyOrbital = Int32Array.from({ length: factor.columns }, (_, k) => k);
  return ({ alive, values: u }, _, rho) => {
    const orbitals = scratchMatrix("points", factor.columns, rho.length);
    gemm(true, false, 1, gather(factor, alive, everyOrbital), u, 0, orbitals);
    addRows(orbitals.data, 0, orbitals.data, factor.columns, rho);
  };
}

/** Adds ∫ t_μ v u_ν, of which the symmetric part counts; where t = u only one of μν and νμ, twice. */
async function addPotential(step: Step, potential: Float64Array, into: Matrix, options?: RunOptions): Promise<void> {
  const { grid } = step;
  const v = new Float64Array(grid.block[0] * grid.block[1] * grid.block[2]);
  const weight = grid.volume / potential.length;
  await forEachPair(
    step,
    (rows, columns, cube) => {
      takeCube(grid, cube, potential, v);
      for (let p = 0; p < v.length; p++) v[p] *= weight;
      const t = rows.values.data;
      for (const { first, end, columns: needed } of staircase(rows.largest, columns.largest, NEGLIGIBLE_PRODUCT)) {
        const weighted = scratchMatrix("points", end - first, v.length);
        weigh(t, first * v.length, v, weighted);
        const add = (from: number, to: number, factor: number): void => {
          if (to <= from) return;
          const part = scratchMatrix("functions", end - first, to - from);
          gemm(false, true, 1, weighted, block(columns.values, from, 0, to - from, v.length), 0, part);
          scatter(part, factor, rows.alive.subarray(first, end), columns.alive.subarray(from, to), into);
        };
        if (rows !== columns) add(0, needed, 1);
        else {
          add(first, Math.min(end, needed), 1);
          add(end, needed, 2);
        }
      }
    },
    options,
  );
}

/** Rows of t from `from` on, times v at each point. */
function weigh(t: Float64Array, from: number, v: Float64Array, { rows, data }: Matrix): void {
  for (let i = 0, at = 0; i < rows; i++) for (let p = 0; p < v.length; p++, at++) data[at] = v[p] * t[from + at];
}

async function forEachPair(
  { grid, kept, rows, columns }: Step,
  visit: (rows: OrderedFunctions, columns: OrderedFunctions, cube: Cube) => void,
  options?: RunOptions,
): Promise<void> {
  await forEachCube(
    grid,
    rows ? [columns[0], rows] : [columns[0]],
    (cube, images) => {
      const [left, right = left] = kept.on(cube.index, (keep) => {
        if (!rows) return [keep(functionsOnCube(columns[0], cube.first, images()[0], 1))];
        const left = keep(functionsOnCube(rows, cube.first, images()[1], 0));
        if (left.alive.length === 0) return [left];
        const decade = Math.floor(-Math.log10(left.largest[0]));
        const right = columns[Math.max(0, Math.min(columns.length - 1, decade))];
        return [left, keep(functionsOnCube(right, cube.first, images()[0], 1))];
      });
      if (left.alive.length > 0) visit(left, right, cube);
    },
    options,
  );
}
