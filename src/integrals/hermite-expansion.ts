/**
 * A charge distribution χ_i, one shell or the products of two, as Hermite Gaussians:
 *
 *   χ_i(r) = Σ_k Σ_tuv E^i_{k,tuv} Λ_tuv(p_k, P_k; r)
 */
import type { PlacedShell } from "../basis/basis.js";
import { gemm } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solidHarmonicPolynomials } from "../math/solid-harmonics.js";
import type { GaussianBatch } from "./gaussian-batch.js";
import { hermiteRows, type Kernel } from "./hermite-rows.js";
import { hermiteCount, hermiteIndex } from "./hermite.js";

export interface HermiteExpansion {
  /** Highest and lowest t + u + v. */
  readonly order: number;
  readonly lowestOrder: number;
  /** Number of distributions. */
  readonly functions: number;
  /** Number of Gaussians (p_k, P_k). */
  readonly count: number;
  readonly exponents: Float64Array;
  /** [count, 3] */
  readonly centres: Float64Array;
  /** E: [functions, count, Hermite Gaussians from lowestOrder to order] */
  readonly coefficients: Float64Array;
}

/** One shell: S_lm(r−P) exp(−p|r−P|²) = (2p)^(−l) S_lm(∂_P) exp(−p|r−P|²). */
export function expandShell(shell: PlacedShell): HermiteExpansion {
  const { l, exponents, factors } = shell;
  const skipped = hermiteCount(l - 1);
  const hermites = hermiteCount(l) - skipped;
  const count = exponents.length;
  const coefficients = new Float64Array((2 * l + 1) * count * hermites);
  const centres = new Float64Array(3 * count);
  for (let k = 0; k < count; k++) {
    centres.set([shell.x, shell.y, shell.z], 3 * k);
    const scale = factors[k] / (2 * exponents[k]) ** l;
    solidHarmonicPolynomials(l).forEach((polynomial, m) => {
      for (const term of polynomial)
        coefficients[(m * count + k) * hermites + hermiteIndex(term.i, term.j, term.k) - skipped] += scale * term.c;
    });
  }
  return { order: l, lowestOrder: l, functions: 2 * l + 1, count, exponents, centres, coefficients };
}

/** Number of Hermite Gaussians of each (p_k, P_k). */
export function hermitesOf(expansion: HermiteExpansion): number {
  return hermiteCount(expansion.order) - hermiteCount(expansion.lowestOrder - 1);
}

/** Rows [tuv|P] that go into one matrix product: those of several Gaussians, as far as they fit into the cache. */
const ROWS = 64;

/** Scratch for {@link integralsWith}: rows [tuv|P] of expansions up to `order` with `columns` functions. */
export function rowScratch(order: number, columns: number): Float64Array {
  return new Float64Array(Math.max(ROWS, hermiteCount(order)) * columns);
}

/** out[i, c] = Σ_k Σ_tuv E^i_{k,tuv} [tuv|c]_k with all functions c of `batches`: [functions, columns]. */
export function integralsWith(
  kernel: Kernel,
  expansion: HermiteExpansion,
  batches: readonly GaussianBatch[],
  columns: number,
  rows: Float64Array,
  out: Float64Array,
): void {
  const { lowestOrder, order, functions, count, exponents, centres, coefficients } = expansion;
  const hermites = hermitesOf(expansion);
  const together = Math.max(1, Math.floor(ROWS / hermites));
  const result = matrix(functions, columns, out.subarray(0, functions * columns));
  for (let from = 0; from < count; from += together) {
    const to = Math.min(count, from + together);
    for (let k = from; k < to; k++)
      for (const batch of batches)
        hermiteRows(
          kernel,
          lowestOrder,
          order,
          exponents[k],
          centres[3 * k],
          centres[3 * k + 1],
          centres[3 * k + 2],
          batch,
          rows,
          (k - from) * hermites,
          columns,
        );
    const depth = (to - from) * hermites;
    const e: Matrix = {
      rows: functions,
      columns: depth,
      data: coefficients.subarray(from * hermites),
      stride: count * hermites,
    };
    gemm(false, false, 1, e, matrix(depth, columns, rows.subarray(0, depth * columns)), from === 0 ? 0 : 1, result);
  }
}
