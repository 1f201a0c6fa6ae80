/**
 * Densities on the points of a block,
 *
 *   ρ = Σ_μν D_μν φ_μ φ_ν,   ∇ρ = 2 Σ_μν D_μν φ_ν ∇φ_μ.
 */
import { gemm } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import type { BlockFunctions } from "./block-functions.js";
import { addHalf } from "./gaussian-kernels.js";
import { gather } from "./part-of-matrix.js";
import { scratchMatrix } from "./scratch-matrix.js";

export interface PointDensity {
  /** [count], electrons/bohr³. */
  readonly rho: Float64Array;
  /** ∂x, ∂y, ∂z; there when the functions came with gradients. */
  readonly gradient?: readonly [Float64Array, Float64Array, Float64Array];
  /** ½ Σ |∇ψ|², for functionals that depend on it. */
  readonly tau?: Float64Array;
}

/** The density of a symmetric density matrix [functions, functions]. */
export function densityOfMatrix(functions: BlockFunctions, density: Matrix): PointDensity {
  const { alive, values } = functions;
  return densityOfHalf(
    functions,
    timesFunctions(density, alive, values, scratchMatrix("points", alive.length, values.columns)),
  );
}

/** `out` [alive, count] = Σ_ν D_μν f_ν at the points, for functions `alive` on the block and f their values or the like. */
export function timesFunctions(density: Matrix, alive: Int32Array, f: Matrix, out: Matrix): Matrix {
  if (alive.length > 0) gemm(false, false, 1, gather(density, alive, alive), f, 0, out);
  return out;
}

/** The density from `half` = Σ_ν D_μν φ_ν [alive, count]. */
export function densityOfHalf({ values, gradient, alive }: BlockFunctions, half: Matrix): PointDensity {
  const count = values.columns;
  const rho = new Float64Array(count);
  if (!gradient) {
    for (let i = 0, start = 0; i < alive.length; i++, start += count)
      for (let p = 0; p < count; p++) rho[p] += half.data[start + p] * values.data[start + p];
    return { rho };
  }
  const slopes = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const;
  addHalf(half, values, gradient, rho, slopes);
  return { rho, gradient: slopes };
}
