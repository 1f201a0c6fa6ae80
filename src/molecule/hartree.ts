/**
 * The Coulomb energy of the density in the RI-J approximation:
 *
 *   E_H = ½ bᵀJ⁻¹b,  b_P = Σ_μν D_μν (μν|P),  J_PQ = (P|Q),  F_μν = Σ_P (μν|P) c_P,  c = J⁻¹b
 *
 * (Whitten, J. Chem. Phys. 58, 4496 (1973); Eichkorn et al., Chem. Phys. Lett. 240, 283 (1995)).
 */
import type { Term } from "../kohn-sham/term.js";
import type { RowRange } from "../integrals/three-center-coulomb.js";
import { block, choleskySolve, gemm, gemv } from "../math/linear-algebra.js";
import { dot, matrix, type Matrix } from "../math/matrix.js";

export interface HartreeTerm extends Term {
  /** b: [auxiliary]. */
  projections(density: Matrix): Float64Array;
  /** c = J⁻¹b. */
  coefficients(density: Matrix): Float64Array;
  /** Σ_P (μν|P) c_P. */
  potential(coefficients: Float64Array): Matrix;
}

/**
 * `threeCentre` is [pairs μ ≥ ν, auxiliary], `factor` the Cholesky factor of J, `n` the number of orbitals; rows that
 * are not in `ranges` (first, end) are zero and never read.
 */
export function hartreeTerm(
  threeCentre: Matrix,
  factor: Matrix,
  n: number,
  ranges: readonly RowRange[] = [[0, threeCentre.rows]],
): HartreeTerm {
  const { columns } = threeCentre;
  const parts = ranges.map(([first, end]) => ({
    first,
    end,
    rows: block(threeCentre, first, 0, end - first, columns),
  }));
  const projections = (density: Matrix): Float64Array => {
    const pairs = packPairs(density);
    const result = new Float64Array(columns);
    for (const { first, end, rows } of parts)
      gemm(true, false, 1, rows, matrix(end - first, 1, pairs.subarray(first, end)), 1, matrix(columns, 1, result));
    return result;
  };
  const potential = (coefficients: Float64Array): Matrix => {
    const pairs = new Float64Array(threeCentre.rows);
    for (const { first, end, rows } of parts) gemv(false, rows, coefficients, pairs.subarray(first, end));
    return unpackPairs(pairs, n);
  };
  return {
    name: "hartree",
    projections,
    coefficients: (density) => choleskySolve(factor, projections(density)),
    potential,
    async evaluate({ density }, options) {
      const b = projections(density);
      const c = choleskySolve(factor, b);
      const energy = 0.5 * dot(b, c);
      return options?.energyOnly ? { energy } : { energy, fock: potential(c) };
    },
  };
}

/** Row of the pair μν among the pairs μ ≥ ν. */
export function pairIndex(mu: number, nu: number): number {
  return mu >= nu ? (mu * (mu + 1)) / 2 + nu : (nu * (nu + 1)) / 2 + mu;
}

/** D as pairs μ ≥ ν, those off the diagonal doubled. */
export function packPairs(density: Matrix): Float64Array {
  const n = density.rows;
  const result = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j <= i; j++, at++) result[at] = (i === j ? 1 : 2) * density.data[i * n + j];
  return result;
}

function unpackPairs(packed: Float64Array, n: number): Matrix {
  const result = matrix(n, n);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j <= i; j++, at++) {
      result.data[i * n + j] = packed[at];
      result.data[j * n + i] = packed[at];
    }
  return result;
}
