/**
 * The kinetic-energy density on the points of a block and the matrix of the potential conjugate to it,
 *
 *   τ = ½ Σ_μν D_μν ∇φ_μ·∇φ_ν,     V_μν += ½ Σ_p v_p ∇φ_μ·∇φ_ν,  v = w ∂e/∂τ.
 */
import { BrineError } from "../errors.js";
import { gemm } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import type { BlockFunctions } from "./block-functions.js";
import { timesFunctions } from "./collocate.js";
import { scratchMatrix } from "./scratch-matrix.js";

/** [count] of a symmetric density matrix [functions, functions]. */
export function kineticEnergyDensity({ alive, gradient }: BlockFunctions, density: Matrix): Float64Array {
  const slopes = requireGradient(gradient);
  const count = slopes[0].columns;
  const tau = new Float64Array(count);
  for (const slope of slopes) {
    const half = timesFunctions(density, alive, slope, scratchMatrix("points", alive.length, count)).data;
    const f = slope.data;
    for (let i = 0, start = 0; i < alive.length; i++, start += count)
      for (let p = 0; p < count; p++) tau[p] += 0.5 * half[start + p] * f[start + p];
  }
  return tau;
}

/** Adds the block's part to `into` [functions, functions]; the sum stays exactly symmetric. */
export function addKineticPotentialMatrix({ alive, gradient }: BlockFunctions, v: Float64Array, into: Matrix): void {
  const n = alive.length;
  if (n === 0) return;
  const slopes = requireGradient(gradient);
  const part = scratchMatrix("functions", n, n);
  slopes.forEach((slope, axis) => gemm(false, true, 1, timesPotential(slope, v), slope, axis === 0 ? 0 : 1, part));
  const stride = into.stride ?? into.columns;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const mean = 0.5 * (part.data[i * n + j] + part.data[j * n + i]);
      into.data[alive[i] * stride + alive[j]] += mean;
      if (j < i) into.data[alive[j] * stride + alive[i]] += mean;
    }
}

/** ½ v ∂φ: [alive, count]. */
function timesPotential(slope: Matrix, v: Float64Array): Matrix {
  const count = slope.columns;
  const result = scratchMatrix("points", slope.rows, count);
  for (let i = 0, start = 0; i < slope.rows; i++, start += count)
    for (let p = 0; p < count; p++) result.data[start + p] = 0.5 * v[p] * slope.data[start + p];
  return result;
}

function requireGradient(gradient: BlockFunctions["gradient"]): readonly [Matrix, Matrix, Matrix] {
  if (!gradient)
    throw new BrineError("usage", "the kinetic-energy density needs functions with gradients (derivatives = 1)");
  return gradient;
}
