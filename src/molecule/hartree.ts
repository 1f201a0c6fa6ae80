/**
 * The Coulomb energy of the density in the RI-J approximation:
 *
 *   E_H = ½ bᵀJ⁻¹b,  b_P = Σ_μν D_μν (μν|P),  J_PQ = (P|Q),  F_μν = Σ_P (μν|P) c_P,  c = J⁻¹b
 *
 * (Whitten, J. Chem. Phys. 58, 4496 (1973); Eichkorn et al., Chem. Phys. Lett. 240, 283 (1995)).
 */
import type { CoulombSums } from "../integrals/index.js";
import type { Term } from "../kohn-sham/term.js";
import { choleskySolve } from "../math/linear-algebra.js";
import { dot, unpackPairs, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";

export interface HartreeTerm extends Term {
  /** b: [auxiliary]. */
  projections(density: Matrix, options?: RunOptions): Promise<Float64Array>;
  /** c = J⁻¹b. */
  coefficients(density: Matrix, options?: RunOptions): Promise<Float64Array>;
  /** Σ_P (μν|P) c_P. */
  potential(coefficients: Float64Array, options?: RunOptions): Promise<Matrix>;
}

/** `factor` is the Cholesky factor of J, `n` the number of orbitals. */
export function hartreeTerm(sums: CoulombSums, factor: Matrix, n: number): HartreeTerm {
  const projections = (density: Matrix, options?: RunOptions): Promise<Float64Array> =>
    sums.projections(packPairs(density), options);
  const potential = async (coefficients: Float64Array, options?: RunOptions): Promise<Matrix> =>
    unpackPairs(await sums.potential(coefficients, options), n);
  return {
    name: "hartree",
    projections,
    coefficients: async (density, options) => choleskySolve(factor, await projections(density, options)),
    potential,
    async evaluate({ density }, options) {
      const b = await projections(density, options);
      const c = choleskySolve(factor, b);
      const energy = 0.5 * dot(b, c);
      return options?.energyOnly ? { energy } : { energy, fock: await potential(c, options) };
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
