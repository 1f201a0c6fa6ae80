/**
 * Operations that are simple on the plane waves of a uniform grid, f(r) = Σ_G f_G exp(iGr): the potential and the energy
 * of a charge distribution in a neutralising background, gradients and divergences,
 *
 *   V_G = 4π n_G / G² (G ≠ 0),   E = ½ Ω Σ_G |n_G|² 4π/G²,   (∇f)_G = iG f_G.
 *
 * All G of the grid's box count. Along an even direction the highest frequency has no derivative: it stands for both
 * signs of itself.
 */
import type { UniformGrid } from "../grid/uniform-grid.js";
import { waveVectors } from "../structure/reciprocal-lattice.js";

/** Coefficients of V of a charge density, and its energy, hartree. */
export function electrostatics(grid: UniformGrid, charge: Float64Array): { potential: Float64Array; energy: number } {
  const potential = new Float64Array(charge.length);
  let energy = 0;
  forEachRow(grid, (at, count, gx, gy, gz, bx, by, bz) => {
    for (let k = 0; k < count; k++) {
      const x = gx + k * bx;
      const y = gy + k * by;
      const z = gz + k * bz;
      const square = x * x + y * y + z * z;
      if (square === 0) continue;
      const kernel = (4 * Math.PI) / square;
      const i = at + 2 * k;
      potential[i] = kernel * charge[i];
      potential[i + 1] = kernel * charge[i + 1];
      energy += multiplicity(grid, k) * kernel * (charge[i] * charge[i] + charge[i + 1] * charge[i + 1]);
    }
  });
  return { potential, energy: 0.5 * grid.volume * energy };
}

/** ∫ a b over the cell, of two real functions by their coefficients. */
export function integralOfProduct(grid: UniformGrid, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  const kept = (grid.shape[2] >> 1) + 1;
  for (let i = 0; i < a.length; i += 2)
    sum += multiplicity(grid, (i >> 1) % kept) * (a[i] * b[i] + a[i + 1] * b[i + 1]);
  return grid.volume * sum;
}

/** Coefficients of ∂f/∂x, ∂f/∂y or ∂f/∂z (axis 0, 1, 2). */
export function derivative(grid: UniformGrid, f: Float64Array, axis: 0 | 1 | 2): Float64Array {
  const result = new Float64Array(f.length);
  addDerivative(grid, f, axis, 1, result);
  return result;
}

/** into ← into + factor ∂f/∂axis, all by their coefficients. */
export function addDerivative(
  grid: UniformGrid,
  f: Float64Array,
  axis: 0 | 1 | 2,
  factor: number,
  into: Float64Array,
): void {
  const { shape } = grid;
  const b = waveVectors(grid.cell);
  const slope = (k: number, n: number): number => (2 * k === n ? 0 : signed(k, n)) * factor;
  const kept = (shape[2] >> 1) + 1;
  let at = 0;
  for (let i = 0; i < shape[0]; i++)
    for (let j = 0; j < shape[1]; j++) {
      const first = slope(i, shape[0]) * b[axis] + slope(j, shape[1]) * b[3 + axis];
      for (let k = 0; k < kept; k++, at += 2) {
        const g = first + slope(k, shape[2]) * b[6 + axis];
        into[at] -= g * f[at + 1];
        into[at + 1] += g * f[at];
      }
    }
}

/** How many coefficients of the whole box the one with this k₃ stands for. */
function multiplicity({ shape }: UniformGrid, k: number): 1 | 2 {
  return k === 0 || 2 * k === shape[2] ? 1 : 2;
}

function signed(k: number, n: number): number {
  return 2 * k <= n ? k : k - n;
}

/** Rows of coefficients along k₃: offset, length, G of the first and the step of G. */
function forEachRow(
  { shape, cell }: UniformGrid,
  row: (at: number, count: number, gx: number, gy: number, gz: number, bx: number, by: number, bz: number) => void,
): void {
  const b = waveVectors(cell);
  const kept = (shape[2] >> 1) + 1;
  for (let i = 0, at = 0; i < shape[0]; i++)
    for (let j = 0; j < shape[1]; j++, at += 2 * kept) {
      const [m1, m2] = [signed(i, shape[0]), signed(j, shape[1])];
      row(at, kept, m1 * b[0] + m2 * b[3], m1 * b[1] + m2 * b[4], m1 * b[2] + m2 * b[5], b[6], b[7], b[8]);
    }
}
