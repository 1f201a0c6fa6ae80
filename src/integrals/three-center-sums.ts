/**
 * Sums over the three-centre integrals that RI-J needs,
 *
 *   b_P = Σ_μν D_μν (μν|P)      and      V_μν = Σ_P (μν|P) c_P,
 *
 * batch by batch. Pairs μ ≥ ν are packed: pair μν at μ(μ+1)/2 + ν.
 */
import { gemv } from "../math/linear-algebra.js";
import { axpy } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import type { ThreeCentreIntegrals } from "./three-center-coulomb.js";

export interface CoulombSums {
  /** b: [auxiliary], of D as packed pairs, those off the diagonal doubled. */
  projections(packedDensity: Float64Array, options?: RunOptions): Promise<Float64Array>;
  /** V as packed pairs, of c: [auxiliary]. */
  potential(coefficients: Float64Array, options?: RunOptions): Promise<Float64Array>;
}

/** The sums over all batches; those of `projections` are added in the order of the batches. `n` is the number of orbitals. */
export function coulombSums(integrals: ThreeCentreIntegrals, n: number): CoulombSums {
  return {
    async projections(packedDensity, options) {
      const sum = new Float64Array(integrals.columns.length);
      for (let index = 0; index < integrals.batches; index++) {
        await readyFor(integrals, index, options);
        axpy(1, projectionsOfBatch(integrals, index, packedDensity), sum);
      }
      return fromColumns(sum, integrals.columns);
    },
    async potential(coefficients, options) {
      const result = new Float64Array((n * (n + 1)) / 2);
      const inColumns = toColumns(coefficients, integrals.columns);
      for (let index = 0; index < integrals.batches; index++) {
        await readyFor(integrals, index, options);
        scatter(potentialOfBatch(integrals, index, inColumns), result);
      }
      return result;
    },
  };
}

async function readyFor(integrals: ThreeCentreIntegrals, index: number, options?: RunOptions): Promise<void> {
  const making = { stage: "three-centre integrals", done: index, total: integrals.batches };
  await checkpoint(options, integrals.has(index) ? undefined : making);
}

/** What batch number `index` adds to b, in the order of its columns. */
export function projectionsOfBatch(
  integrals: ThreeCentreIntegrals,
  index: number,
  packedDensity: Float64Array,
): Float64Array {
  const { pairs, integrals: rows } = integrals.on(index);
  const density = new Float64Array(pairs.length);
  for (let r = 0; r < pairs.length; r++) density[r] = packedDensity[pairs[r]];
  return gemv(true, rows, density);
}

/** V of some pairs. */
export interface PairValues {
  readonly pairs: Int32Array;
  readonly values: Float64Array;
}

/** V of the pairs of batch number `index`; the coefficients in the order of its columns. */
export function potentialOfBatch(
  integrals: ThreeCentreIntegrals,
  index: number,
  coefficients: Float64Array,
): PairValues {
  const { pairs, integrals: rows } = integrals.on(index);
  return { pairs, values: gemv(false, rows, coefficients) };
}

export function scatter({ pairs, values }: PairValues, into: Float64Array): void {
  for (let r = 0; r < pairs.length; r++) into[pairs[r]] = values[r];
}

/** A vector over the functions of the basis in the order of `columns`. */
export function toColumns(x: Float64Array, columns: Int32Array): Float64Array {
  return Float64Array.from(columns, (p) => x[p]);
}

export function fromColumns(x: Float64Array, columns: Int32Array): Float64Array {
  const result = new Float64Array(x.length);
  columns.forEach((p, c) => (result[p] = x[c]));
  return result;
}
