/**
 * λ-SOAP: the product of two density expansions coupled to angular momentum λ (Grisafi, Wilkins, Csányi &
 * Ceriotti, Phys. Rev. Lett. 120, 036002 (2018), doi:10.1103/PhysRevLett.120.036002),
 *
 *   P^{λμ}_{(q l1)(q' l2)} = Σ_{m1 m2} C^{λμ}_{l1 m1 l2 m2} X^{l1}_{m1 q} X^{l2}_{m2 q'}
 *
 * Features that differ only by the exchange (q l1) ↔ (q' l2) are counted once with weight √2, so kernels and norms
 * are those of the full vector. Norms need no vector: with G^l = X^l X^lᵀ,
 *
 *   |P^λ|² = Σ_{l1 ≤ l2} (2 − δ_{l1 l2}) Σ_μ Tr[C^μᵀ G^{l1} C^μ G^{l2}]
 */
import { type Coupling, clebschGordan } from "../math/clebsch-gordan.js";
import { type BlockSelection, countFeatures, featureBlocks, selectionByBlock } from "./features.js";
import type { Expansion } from "./spherical-expansion.js";

export { featureCount } from "./features.js";

/**
 * The vectors of all environments, [environments, 2λ+1, features], not normalised. `selected` are feature numbers
 * as in `features.ts`, one column each in the order given; all features when absent. Throws `mismatch` for a number
 * that is no feature.
 */
export function lambdaSoap(expansion: Expansion, lambda: number, selected?: Int32Array): Float64Array {
  const { environments, lmax, channels, coefficients } = expansion;
  const features = selected ? selected.length : countFeatures(lmax, channels, lambda);
  const result = new Float64Array(environments * (2 * lambda + 1) * features);
  for (const block of selectionByBlock(lmax, channels, lambda, selected)) {
    const product = blockProduct(block, clebschGordan(block.l1, block.l2, lambda), channels, features);
    for (let i = 0; i < environments; i++) product(coefficients[block.l1], coefficients[block.l2], i, result);
  }
  return result;
}

type BlockProduct = (x1: Float64Array, x2: Float64Array, environment: number, result: Float64Array) => void;

/**
 * For one environment at a time: U^μ[q', m1] = Σ_{m2} C^μ_{m1 m2} X^{l2}_{m2 q'} for the channels q' in use, then a
 * dot product over m1 for each feature.
 */
function blockProduct(block: BlockSelection, coupling: Coupling, channels: number, features: number): BlockProduct {
  const { l1, l2, columns, q1, q2, weights } = block;
  const [n1, n2] = [2 * l1 + 1, 2 * l2 + 1];
  const components = 2 * coupling.lambda + 1;
  const used = Int32Array.from(new Set(q2)).toSorted();
  const slot = new Int32Array(channels);
  used.forEach((q, k) => (slot[q] = k));
  const first = Int32Array.from(q1, (q) => q * n1);
  const second = Int32Array.from(q2, (q) => slot[q] * n1);
  const half = used.length * n1;
  const u = new Float64Array(components * half);
  const a = new Float64Array(channels * n1);
  const b = new Float64Array(n2 * used.length);
  const { mu, m1, m2, values } = coupling;
  return (x1, x2, environment, result) => {
    const at1 = environment * n1 * channels;
    const at2 = environment * n2 * channels;
    for (let m = 0; m < n1; m++) for (let q = 0; q < channels; q++) a[q * n1 + m] = x1[at1 + m * channels + q];
    for (let m = 0; m < n2; m++)
      for (let k = 0; k < used.length; k++) b[m * used.length + k] = x2[at2 + m * channels + used[k]];
    u.fill(0);
    for (let e = 0; e < values.length; e++) {
      const c = values[e];
      const from = m2[e] * used.length;
      const to = mu[e] * half + m1[e];
      for (let k = 0; k < used.length; k++) u[to + k * n1] += c * b[from + k];
    }
    for (let component = 0; component < components; component++) {
      const row = (environment * components + component) * features;
      const base = component * half;
      for (let f = 0; f < columns.length; f++) {
        const p = first[f];
        const q = base + second[f];
        let sum = 0;
        for (let m = 0; m < n1; m++) sum += a[p + m] * u[q + m];
        result[row + columns[f]] = weights[f] * sum;
      }
    }
  };
}

/** |P^λ|² of each environment, all features counted whatever is selected elsewhere. */
export function squaredNorms(expansion: Expansion, lambda: number): Float64Array {
  const { environments, lmax, channels, coefficients } = expansion;
  const gram = coefficients.map((_, l) => new Float64Array((2 * l + 1) ** 2));
  const couplings = featureBlocks(lmax, channels, lambda).map(({ l1, l2 }) => clebschGordan(l1, l2, lambda));
  const work = new Float64Array((2 * lmax + 1) ** 2);
  const result = new Float64Array(environments);
  for (let i = 0; i < environments; i++) {
    for (let l = 0; l <= lmax; l++) selfGram(coefficients[l], i, 2 * l + 1, channels, gram[l]);
    for (const coupling of couplings) {
      const factor = coupling.l1 === coupling.l2 ? 1 : 2;
      result[i] += factor * coupledTrace(coupling, gram[coupling.l1], gram[coupling.l2], work);
    }
  }
  return result;
}

/** G_mm' = Σ_q X_mq X_m'q of one environment. */
function selfGram(x: Float64Array, environment: number, size: number, channels: number, gram: Float64Array): void {
  const base = environment * size * channels;
  for (let m = 0; m < size; m++)
    for (let k = 0; k <= m; k++) {
      let sum = 0;
      for (let q = 0; q < channels; q++) sum += x[base + m * channels + q] * x[base + k * channels + q];
      gram[m * size + k] = sum;
      gram[k * size + m] = sum;
    }
}

/** Σ_μ Tr[C^μᵀ G1 C^μ G2]; the entries of the coupling come ordered by μ. */
function coupledTrace(
  { l1, l2, mu, m1, m2, values }: Coupling,
  gram1: Float64Array,
  gram2: Float64Array,
  work: Float64Array,
): number {
  const [n1, n2] = [2 * l1 + 1, 2 * l2 + 1];
  let trace = 0;
  for (let from = 0, to = 0; from < values.length; from = to) {
    while (to < values.length && mu[to] === mu[from]) to++;
    work.fill(0, 0, n1 * n2); // [m2, m1] (G1 C)ᵀ
    for (let e = from; e < to; e++) {
      const c = values[e];
      const source = m1[e] * n1;
      const target = m2[e] * n1;
      for (let m = 0; m < n1; m++) work[target + m] += c * gram1[source + m];
    }
    for (let e = from; e < to; e++) {
      let sum = 0;
      for (let m = 0; m < n2; m++) sum += work[m * n1 + m1[e]] * gram2[m2[e] * n2 + m];
      trace += values[e] * sum;
    }
  }
  return trace;
}
