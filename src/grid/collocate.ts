/**
 * Densities on the points of a block,
 *
 *   ρ = Σ_μν D_μν φ_μ φ_ν,   ∇ρ = 2 Σ_μν D_μν φ_ν ∇φ_μ      or      ρ = Σ_P c_P χ_P,   ∇ρ = Σ_P c_P ∇χ_P.
 */
import { gemm } from "../math/linear-algebra.js";
import { type Matrix, matrix } from "../math/matrix.js";
import type { BlockFunctions } from "./block-functions.js";

export interface PointDensity {
  /** [count], electrons/bohr³. */
  readonly rho: Float64Array;
  /** ∂x, ∂y, ∂z; there when the functions came with gradients. */
  readonly gradient?: readonly [Float64Array, Float64Array, Float64Array];
}

/** The density of a symmetric density matrix [functions, functions]. */
export function densityOfMatrix(functions: BlockFunctions, density: Matrix): PointDensity {
  const { values, gradient, alive } = functions;
  const count = values.columns;
  const half = matrix(alive.length, count);
  if (alive.length > 0) gemm(false, false, 1, gather(density, alive), values, 0, half);
  const rho = contractRows(half, values, 1);
  if (!gradient) return { rho };
  return { rho, gradient: [contractRows(half, gradient[0], 2), contractRows(half, gradient[1], 2), contractRows(half, gradient[2], 2)] };
}

/** The density of an expansion with `coefficients` [functions]. */
export function densityOfCoefficients(functions: BlockFunctions, coefficients: Float64Array): PointDensity {
  const { values, gradient, alive } = functions;
  const rho = combineRows(values, coefficients, alive);
  if (!gradient) return { rho };
  return { rho, gradient: [combineRows(gradient[0], coefficients, alive), combineRows(gradient[1], coefficients, alive), combineRows(gradient[2], coefficients, alive)] };
}

/** The rows and columns `alive` of a square matrix. */
function gather(full: Matrix, alive: Int32Array): Matrix {
  const n = alive.length;
  const stride = full.stride ?? full.columns;
  const part = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const from = alive[i] * stride;
    const to = i * n;
    for (let j = 0; j < n; j++) part.data[to + j] = full.data[from + alive[j]];
  }
  return part;
}

/** factor · Σ_i a_ip b_ip for every point p. */
function contractRows(a: Matrix, b: Matrix, factor: number): Float64Array {
  const count = a.columns;
  const result = new Float64Array(count);
  const x = a.data;
  const y = b.data;
  for (let i = 0, start = 0; i < a.rows; i++, start += count) for (let p = 0; p < count; p++) result[p] += x[start + p] * y[start + p];
  if (factor !== 1) for (let p = 0; p < count; p++) result[p] *= factor;
  return result;
}

function combineRows(a: Matrix, coefficients: Float64Array, alive: Int32Array): Float64Array {
  const count = a.columns;
  const result = new Float64Array(count);
  const x = a.data;
  for (let i = 0, start = 0; i < a.rows; i++, start += count) {
    const c = coefficients[alive[i]];
    for (let p = 0; p < count; p++) result[p] += c * x[start + p];
  }
  return result;
}
