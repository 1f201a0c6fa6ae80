/**
 * Moments of the functions of a basis, exact: with the function as S_lm(∂_C) exp(−γ|r−C|²)/(2γ)^l,
 *
 *   ∫ χ_lm f(r) dr = Σ_q d_q (2γ_q)^(−l) S_lm(∂_C) ∫ f(r) exp(−γ_q|r−C|²) dr,
 *   ∫ {1, x, xy, x²} exp(−γ|r−C|²) dr = (π/γ)^(3/2) {1, C_x, C_x C_y, C_x² + 1/(2γ)},
 *
 * so that a moment of degree n vanishes for l > n.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solidHarmonicPolynomials } from "../math/solid-harmonics.js";

/** Axes of the second moments, in this order. */
const SECOND: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 1],
  [1, 2],
  [2, 2],
];

/** ∫ χ_P: [functions]; only s functions have one. */
export function monopoles(auxiliary: PlacedBasis): Float64Array {
  const result = new Float64Array(auxiliary.size);
  for (const shell of auxiliary.shells) if (shell.l === 0) result[shell.first] = sum(shell, 0);
  return result;
}

/** ∫ r χ_P about the coordinate origin: [3, functions]. */
export function dipoleMoments(auxiliary: PlacedBasis): Matrix {
  const result = matrix(3, auxiliary.size);
  for (const shell of auxiliary.shells)
    for (let axis = 0; axis < 3; axis++) {
      const at = axis * auxiliary.size + shell.first;
      if (shell.l === 0) result.data[at] = centreOf(shell)[axis] * sum(shell, 0);
      if (shell.l === 1) for (let m = 0; m < 3; m++) result.data[at + m] = derivative(1, m, [axis]) * sum(shell, 0);
    }
  return result;
}

/** ∫ r_i r_j χ_P about the coordinate origin, rows xx, xy, xz, yy, yz, zz: [6, functions]. */
export function secondMoments(auxiliary: PlacedBasis): Matrix {
  const result = matrix(6, auxiliary.size);
  for (const shell of auxiliary.shells) {
    const centre = centreOf(shell);
    SECOND.forEach(([i, j], row) => {
      const at = row * auxiliary.size + shell.first;
      if (shell.l === 0) result.data[at] = centre[i] * centre[j] * sum(shell, 0) + (i === j ? sum(shell, 1) : 0);
      if (shell.l === 1)
        for (let m = 0; m < 3; m++)
          result.data[at + m] = (derivative(1, m, [i]) * centre[j] + derivative(1, m, [j]) * centre[i]) * sum(shell, 0);
      if (shell.l === 2) for (let m = 0; m < 5; m++) result.data[at + m] = derivative(2, m, [i, j]) * sum(shell, 0);
    });
  }
  return result;
}

const centreOf = (shell: PlacedShell): [number, number, number] => [shell.x, shell.y, shell.z];

/** Σ_q d_q (2γ_q)^(−l−n) (π/γ_q)^(3/2), times S_00 for s functions. */
function sum(shell: PlacedShell, n: number): number {
  let result = 0;
  for (let q = 0; q < shell.exponents.length; q++)
    result += shell.factors[q] * (2 * shell.exponents[q]) ** (-shell.l - n) * (Math.PI / shell.exponents[q]) ** 1.5;
  return shell.l === 0 ? result / Math.sqrt(4 * Math.PI) : result;
}

/** S_lm(∂) of the product of the coordinates `axes`, as many as l. */
function derivative(l: number, m: number, axes: readonly number[]): number {
  const powers = [0, 1, 2].map((axis) => axes.filter((a) => a === axis).length);
  const term = solidHarmonicPolynomials(l)[m].find(
    ({ i, j, k }) => i === powers[0] && j === powers[1] && k === powers[2],
  );
  return term ? term.c * (axes.length === 2 && axes[0] === axes[1] ? 2 : 1) : 0;
}
