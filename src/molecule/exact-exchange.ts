/**
 * A fraction a of exact exchange in the RI approximation (RI-K). With D = FFᵀ of each spin, or of both together with f = 2
 * electrons in an orbital instead of f = 1, and the metric J = LLᵀ of the RI basis,
 *
 *   E = −(a/2f) Σ_σ Tr D_σ K_σ,  dE/dD_σ = −(a/f) K_σ,  K_μν = Σ_kP H_μkP H_νkP,  H_μkP = Σ_λ F_λk Σ_Q (μλ|Q) L⁻¹_PQ
 *
 * (F. Weigend, Phys. Chem. Chem. Phys. 4, 4285 (2002), doi:10.1039/b204199p). F is a pivoted Cholesky factor of D, as
 * good as occupied orbitals and as few: exchange then depends on the density matrix alone, whatever the occupations.
 */
import { BrineError } from "../errors.js";
import type { ThreeCentreIntegrals } from "../integrals/index.js";
import type { Term } from "../kohn-sham/term.js";
import { gemm, pivotedCholesky, solveLower } from "../math/linear-algebra.js";
import { real, type Hermitian } from "../math/hermitian.js";
import { contract, matrix, pairIndex, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";

/** Largest diagonal element of D that its factor leaves out; the error of E is some 1e-11 hartree. */
const RANK_TOLERANCE = 1e-12;

export interface ExchangeOperator {
  /** K of a positive semidefinite density matrix [n, n]. */
  matrix(density: Matrix, options?: RunOptions): Promise<Matrix>;
}

/**
 * Of `n` orbitals; `factor` is L. Keeps Σ_Q L⁻¹_PQ (μν|Q), as large as the integrals, from the first use on, whatever
 * memory these have.
 */
export function exchangeOperator(integrals: ThreeCentreIntegrals, factor: Matrix, n: number): ExchangeOperator {
  let whitened: Whitened | undefined;
  return {
    async matrix(density, options) {
      whitened ??= await whiten(integrals, factor, n, options);
      const orbitals = pivotedCholesky(density, RANK_TOLERANCE).factor;
      const k = orbitals.columns;
      const result = matrix(n, n);
      if (k === 0) return result;
      const half = await halfTransformed(whitened, orbitals, options);
      gemm(false, true, 1, half, half, 0, result);
      return result;
    },
  };
}

/** The energy of a `fraction` of exact exchange. It has no density form: PBE stands in for the whole (startFunctional). */
export function exactExchangeTerm(fraction: number, operator: ExchangeOperator): Term {
  return {
    name: "exactExchange",
    async evaluate({ channels, densities }, options) {
      const fock: Hermitian[] = [];
      let energy = 0;
      for (const [c, { real: density }] of densities.entries()) {
        const k = await operator.matrix(density, options);
        const factor = -fraction / channels[c].electrons;
        energy += 0.5 * factor * contract(density, k);
        for (let i = 0; i < k.data.length; i++) k.data[i] *= factor;
        fock.push(real(k));
      }
      return options?.energyOnly ? { energy } : { energy, fock };
    },
    gradient: () =>
      Promise.reject(
        new BrineError("unsupported", "exact exchange has no nuclear gradient; take a functional without"),
      ),
  };
}

/** T L⁻ᵀ of the pairs that overlap, by batches, and where the row of each pair is: batch −1 for none. */
interface Whitened {
  readonly size: number;
  readonly batches: readonly Matrix[];
  readonly batchOf: Int32Array;
  readonly rowOf: Int32Array;
}

async function whiten(
  integrals: ThreeCentreIntegrals,
  factor: Matrix,
  n: number,
  options?: RunOptions,
): Promise<Whitened> {
  const size = factor.rows;
  const inverse = solveLower(factor, inColumnOrder(integrals.columns), false);
  const batchOf = new Int32Array((n * (n + 1)) / 2).fill(-1);
  const rowOf = new Int32Array(batchOf.length);
  const batches: Matrix[] = [];
  for (let index = 0; index < integrals.batches; index++) {
    await checkpoint(options);
    const { pairs, integrals: rows } = integrals.on(index);
    const result = matrix(pairs.length, size);
    gemm(false, true, 1, rows, inverse, 0, result);
    pairs.forEach((pair, row) => {
      batchOf[pair] = index;
      rowOf[pair] = row;
    });
    batches.push(result);
  }
  return { size, batches, batchOf, rowOf };
}

/** The matrix that takes vectors in the order of the columns to that of the basis. */
function inColumnOrder(columns: Int32Array): Matrix {
  const size = columns.length;
  const result = matrix(size, size);
  columns.forEach((p, c) => (result.data[p * size + c] = 1));
  return result;
}

/** H: [n, occupied·auxiliary]. */
async function halfTransformed(whitened: Whitened, orbitals: Matrix, options?: RunOptions): Promise<Matrix> {
  const { rows: n, columns: k } = orbitals;
  const { size, batches, batchOf, rowOf } = whitened;
  const result = matrix(n, k * size);
  const slab = matrix(n, size);
  for (let mu = 0; mu < n; mu++) {
    await checkpoint(options);
    for (let lambda = 0; lambda < n; lambda++) {
      const pair = pairIndex(mu, lambda);
      const row = rowOf[pair] * size;
      if (batchOf[pair] < 0) slab.data.fill(0, lambda * size, (lambda + 1) * size);
      else slab.data.set(batches[batchOf[pair]].data.subarray(row, row + size), lambda * size);
    }
    gemm(true, false, 1, orbitals, slab, 0, matrix(k, size, result.data.subarray(mu * k * size, (mu + 1) * k * size)));
  }
  return result;
}
