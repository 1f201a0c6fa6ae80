/** Three-centre integrals between occupied and virtual orbitals: (ia|P) = Σ_μν C_μi C_νa (μν|P). */
import { columnsOf, type Orbitals } from "../kohn-sham/occupations.js";
import { gemm } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";

/**
 * [occupied·virtual, auxiliary], the virtual orbital running faster, from `threeCentre` [pairs μ ≥ ν, auxiliary].
 * The occupied index is transformed first, for one ν after the other, so that only that half is held.
 */
export async function transitionIntegrals(
  threeCentre: Matrix,
  orbitals: Orbitals,
  options?: RunOptions,
): Promise<Matrix> {
  const { coefficients, occupied } = orbitals;
  const n = coefficients.rows;
  const virtual = coefficients.columns - occupied;
  const auxiliary = threeCentre.columns;
  const occupiedOrbitals = columnsOf(coefficients, 0, occupied);
  const virtualOrbitals = columnsOf(coefficients, occupied, coefficients.columns);
  const half = new Float64Array(occupied * n * auxiliary); // (iν|P)
  const slab = matrix(n, auxiliary);
  for (let nu = 0; nu < n; nu++) {
    await checkpoint(options);
    for (let mu = 0; mu < n; mu++) {
      const row = pairIndex(mu, nu) * auxiliary;
      slab.data.set(threeCentre.data.subarray(row, row + auxiliary), mu * auxiliary);
    }
    const target = { rows: occupied, columns: auxiliary, stride: n * auxiliary, data: half.subarray(nu * auxiliary) };
    gemm(true, false, 1, occupiedOrbitals, slab, 0, target);
  }
  const result = matrix(occupied * virtual, auxiliary);
  for (let i = 0; i < occupied; i++) {
    await checkpoint(options);
    const from = matrix(n, auxiliary, half.subarray(i * n * auxiliary, (i + 1) * n * auxiliary));
    const to = matrix(virtual, auxiliary, result.data.subarray(i * virtual * auxiliary, (i + 1) * virtual * auxiliary));
    gemm(true, false, 1, virtualOrbitals, from, 0, to);
  }
  return result;
}

/** Row of the pair μν among the pairs μ ≥ ν. */
export function pairIndex(mu: number, nu: number): number {
  return mu >= nu ? (mu * (mu + 1)) / 2 + nu : (nu * (nu + 1)) / 2 + mu;
}
