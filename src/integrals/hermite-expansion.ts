/**
 * A charge distribution χ_i, one shell or the products of two, as Hermite Gaussians:
 *
 *   χ_i(r) = Σ_k Σ_tuv E^i_{k,tuv} Λ_tuv(p_k, P_k; r)
 */
import type { PlacedShell } from "../basis/basis.js";
import { solidHarmonicPolynomials } from "../math/solid-harmonics.js";
import { hermiteCount, hermiteIndex } from "./hermite.js";

export interface HermiteExpansion {
  /** Highest t + u + v, and the lowest with coefficients other than zero. */
  readonly order: number;
  readonly lowestOrder: number;
  /** Number of distributions. */
  readonly functions: number;
  /** Number of Gaussians (p_k, P_k). */
  readonly count: number;
  readonly exponents: Float64Array;
  /** [count, 3] */
  readonly centres: Float64Array;
  /** E: [functions, count, hermiteCount(order)] */
  readonly coefficients: Float64Array;
}

/** One shell: S_lm(r−P) exp(−p|r−P|²) = (2p)^(−l) S_lm(∂_P) exp(−p|r−P|²). */
export function expandShell(shell: PlacedShell): HermiteExpansion {
  const { l, exponents, factors } = shell;
  const hermites = hermiteCount(l);
  const count = exponents.length;
  const coefficients = new Float64Array((2 * l + 1) * count * hermites);
  const centres = new Float64Array(3 * count);
  for (let k = 0; k < count; k++) {
    centres.set([shell.x, shell.y, shell.z], 3 * k);
    const scale = factors[k] / (2 * exponents[k]) ** l;
    solidHarmonicPolynomials(l).forEach((polynomial, m) => {
      for (const term of polynomial) coefficients[(m * count + k) * hermites + hermiteIndex(term.i, term.j, term.k)] += scale * term.c;
    });
  }
  return { order: l, lowestOrder: l, functions: 2 * l + 1, count, exponents, centres, coefficients };
}

/**
 * out[f, c] += Σ_r E[f, r] rows[r, c] for the rows of the Gaussians `from` to `to` of the expansion; rows are
 * numbered from that of Gaussian `from`, both arrays have rows of length `columns`.
 */
export function contractRows(expansion: HermiteExpansion, from: number, to: number, rows: Float64Array, columns: number, out: Float64Array): void {
  const hermites = hermiteCount(expansion.order);
  const length = expansion.count * hermites;
  const skipped = hermiteCount(expansion.lowestOrder - 1);
  const e = expansion.coefficients;
  for (let f = 0; f < expansion.functions; f++) {
    const target = f * columns;
    for (let k = from; k < to; k++) {
      const row = (k - from) * hermites;
      let h = skipped;
      for (; h + 3 < hermites; h += 4) {
        const i = f * length + k * hermites + h;
        const [a, b, c, d] = [e[i], e[i + 1], e[i + 2], e[i + 3]];
        const ra = (row + h) * columns;
        const rb = ra + columns;
        const rc = rb + columns;
        const rd = rc + columns;
        for (let j = 0; j < columns; j++) out[target + j] += a * rows[ra + j] + b * rows[rb + j] + c * rows[rc + j] + d * rows[rd + j];
      }
      for (; h < hermites; h++) {
        const a = e[f * length + k * hermites + h];
        const ra = (row + h) * columns;
        for (let j = 0; j < columns; j++) out[target + j] += a * rows[ra + j];
      }
    }
  }
}
