/**
 * Matrix elements of a potential given on the points of a block, the adjoint of collocation: with
 * E = Σ_p w_p e(ρ_p, ∇ρ_p), v = ∂E/∂ρ and vGradient = ∂E/∂∇ρ at each point (weights included),
 *
 *   V_μν += Σ_p v φ_μ φ_ν + vGradient · ∇(φ_μ φ_ν).
 */
import { BrineError } from "../errors.js";
import { gemm } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import type { BlockFunctions } from "./block-functions.js";
import { scratchMatrix } from "./scratch-matrix.js";

export type PointVector = readonly [Float64Array, Float64Array, Float64Array];

/** Adds the block's part to `into` [functions, functions], both triangles; the sum stays exactly symmetric. */
export function addPotentialMatrix(
  functions: BlockFunctions,
  v: Float64Array,
  vGradient: PointVector | undefined,
  into: Matrix,
): void {
  const { values, alive } = functions;
  const n = alive.length;
  if (n === 0) return;
  const half = weighted(functions, v, vGradient, 0.5);
  const part = scratchMatrix("functions", n, n);
  gemm(false, true, 1, half, values, 0, part);
  const stride = into.stride ?? into.columns;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const sum = part.data[i * n + j] + part.data[j * n + i];
      into.data[alive[i] * stride + alive[j]] += sum;
      if (j < i) into.data[alive[j] * stride + alive[i]] += sum;
    }
}

/** [alive, count]: factor v φ_μ + vGradient · ∇φ_μ. */
export function weighted(
  functions: BlockFunctions,
  v: Float64Array,
  vGradient: PointVector | undefined,
  factor: number,
): Matrix {
  const { values, gradient } = functions;
  const count = values.columns;
  const result = scratchMatrix("points", values.rows, count);
  const out = result.data;
  const f = values.data;
  if (!vGradient) {
    for (let i = 0, start = 0; i < values.rows; i++, start += count)
      for (let p = 0; p < count; p++) out[start + p] = factor * v[p] * f[start + p];
    return result;
  }
  const [fx, fy, fz] = requireGradient(gradient).map((slope) => slope.data);
  const [vx, vy, vz] = vGradient;
  for (let i = 0, start = 0; i < values.rows; i++, start += count)
    for (let p = 0; p < count; p++)
      out[start + p] =
        factor * v[p] * f[start + p] + vx[p] * fx[start + p] + vy[p] * fy[start + p] + vz[p] * fz[start + p];
  return result;
}

function requireGradient(gradient: BlockFunctions["gradient"]): readonly [Matrix, Matrix, Matrix] {
  if (!gradient)
    throw new BrineError("usage", "a gradient-dependent potential needs functions with gradients (derivatives = 1)");
  return gradient;
}
