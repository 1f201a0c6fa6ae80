/**
 * Norms of λ-SOAP vectors, all features counted whatever is selected elsewhere, without forming a vector: with
 * G^l = X^l X^lᵀ,
 *
 *   |P^λ|² = Σ_{l1 ≤ l2} (2 − δ_{l1 l2}) Σ_μ Tr[C^μᵀ G^{l1} C^μ G^{l2}].
 *
 * G^l coupled to angular momentum L, g^l_{LM} = Σ_{mm'} C^{LM}_{lm lm'} G^l_{mm'} (even L only: G is symmetric), turns
 * the trace into Σ_L w_L Σ_M g^{l1}_{LM} g^{l2}_{LM}: another order of coupling the same four angular momenta, with w
 * a 6j symbol but for sign and normalisation (Varshalovich, Moskalev & Khersonskii, Quantum Theory of Angular
 * Momentum (1988), ch. 9). By rotation invariance M = 0 alone gives
 *
 *   w_L = Σ_{μ m1 m2} (C^{λμ}_{l1m1 l2m2})² C^{L0}_{l1m1 l1m1} C^{L0}_{l2m2 l2m2},
 *
 * and for λ = 0 the trace is Tr(G^l G^l)/(2l+1).
 */
import { clebschGordan, couples } from "../math/clebsch-gordan.js";
import { kernels } from "../math/kernels.js";
import { loadPair, pairWorkspace, vectorsOf } from "./environment-pairs.js";
import type { Expansion } from "./spherical-expansion.js";

/** |P^λ|² of each environment. */
export function squaredNorms(expansion: Expansion, lambda: number): Float64Array {
  return squaredNormsOf(expansion, [lambda])[0];
}

/** For each of the λ: |P^λ|² of each environment. */
export function squaredNormsOf(expansion: Expansion, lambdas: readonly number[]): Float64Array[] {
  const { environments, lmax, channels } = expansion;
  const { doubles, gramOfPair } = kernels();
  const workspace = pairWorkspace(expansion);
  const gram = Array.from({ length: lmax + 2 }, (_, l) => workspace.free + (2 * l * (4 * l * l - 1)) / 3); // Σ (2k+1)² below l
  const result = lambdas.map(() => new Float64Array(environments));
  const norms = lambdas.every((lambda) => lambda === 0)
    ? scalarNorms(gram)
    : coupledNorms(lmax, lambdas, workspace.free, gram[lmax + 1]);
  for (let first = 0; first < environments; first += 2) {
    loadPair(expansion, first, workspace);
    for (let l = 0; l <= lmax; l++) gramOfPair(8 * vectorsOf(workspace, l, channels), 2 * l + 1, channels, 8 * gram[l]);
    norms(doubles, Math.min(2, environments - first), (k, lane, norm) => (result[k][first + lane] = norm));
  }
  return result;
}

/** Norms of a pair from its Gram matrices in the scratch, [m, m', lane] for each l. */
type NormsOfPair = (
  scratch: Float64Array,
  lanes: number,
  store: (k: number, lane: number, norm: number) => void,
) => void;

/** For λ = 0 only; `gram`: where the matrices of each l start, and their end. */
function scalarNorms(gram: readonly number[]): NormsOfPair {
  return (scratch, lanes, store) => {
    for (let lane = 0; lane < lanes; lane++) {
      let norm = 0;
      for (let l = 0; l < gram.length - 1; l++) {
        let trace = 0;
        for (let at = gram[l] + lane; at < gram[l + 1]; at += 2) trace += scratch[at] * scratch[at];
        norm += trace / (2 * l + 1);
      }
      store(0, lane, norm);
    }
  };
}

/** By way of g; `gram`: where the matrices start, `free`: where there is free space. */
function coupledNorms(lmax: number, lambdas: readonly number[], gram: number, free: number): NormsOfPair {
  const { doubles, integers, coupleGram } = kernels();
  const table = gramCouplings(lmax);
  const pairs = recouplings(lmax, lambdas);
  const targets = table.counts.length;
  const g = free;
  const values = g + 2 * targets;
  const counts = 2 * (values + table.values.length);
  const sources = counts + targets;
  doubles.set(table.values, values);
  integers.set(table.counts, counts);
  integers.set(table.sources, sources);
  const dots = new Float64Array(lmax + 1);
  const norms = new Float64Array(lambdas.length);
  return (scratch, lanes, store) => {
    coupleGram(8 * gram, targets, 4 * counts, 4 * sources, 8 * values, 8 * g);
    for (let lane = 0; lane < lanes; lane++) {
      norms.fill(0);
      for (const { l1, l2, weights } of pairs) {
        let a = g + 2 * table.first[l1] + lane;
        let b = g + 2 * table.first[l2] + lane;
        for (let half = 0; half <= l1; half++) {
          let sum = 0;
          for (let m = 0; m <= 4 * half; m++, a += 2, b += 2) sum += scratch[a] * scratch[b];
          dots[half] = sum;
        }
        for (let k = 0; k < norms.length; k++)
          for (let half = 0; half <= l1; half++) norms[k] += weights[k * (l1 + 1) + half] * dots[half];
      }
      for (let k = 0; k < norms.length; k++) store(k, lane, Math.max(0, norms[k]));
    }
  };
}

/** g ← G as a sparse matrix; g is ordered by l, then L = 0, 2 … 2l, then M. */
interface GramCouplings {
  /** First g of each l. */
  readonly first: readonly number[];
  /** Terms of each g. */
  readonly counts: Int32Array;
  /** Byte offset of G_mm' of each term in the Gram matrices of a pair. */
  readonly sources: Int32Array;
  readonly values: Float64Array;
}

const gramTables = new Map<number, GramCouplings>();

function gramCouplings(lmax: number): GramCouplings {
  const known = gramTables.get(lmax);
  if (known) return known;
  const first: number[] = [];
  const counts: number[] = [];
  const sources: number[] = [];
  const values: number[] = [];
  for (let l = 0, matrices = 0; l <= lmax; matrices += (2 * l + 1) ** 2, l++) {
    first.push(counts.length);
    for (let total = 0; total <= 2 * l; total += 2) {
      const c = clebschGordan(l, l, total);
      const start = counts.length;
      for (let M = 0; M <= 2 * total; M++) counts.push(0);
      c.values.forEach((value, e) => {
        if (c.m1[e] < c.m2[e]) return; // counted with (m', m)
        counts[start + c.mu[e]]++;
        sources.push(16 * (matrices + c.m1[e] * (2 * l + 1) + c.m2[e]));
        values.push(c.m1[e] === c.m2[e] ? value : 2 * value);
      });
    }
  }
  const table = {
    first,
    counts: Int32Array.from(counts),
    sources: Int32Array.from(sources),
    values: Float64Array.from(values),
  };
  gramTables.set(lmax, table);
  return table;
}

interface Recoupling {
  readonly l1: number;
  readonly l2: number;
  /** (2 − δ_{l1 l2}) w_L, [λ, L/2]. */
  readonly weights: Float64Array;
}

const recouplingTables = new Map<string, readonly Recoupling[]>();

/** Of each l1 ≤ l2. */
function recouplings(lmax: number, lambdas: readonly number[]): readonly Recoupling[] {
  const key = `${lmax} ${lambdas.join(",")}`;
  const known = recouplingTables.get(key);
  if (known) return known;
  const result: Recoupling[] = [];
  for (let l1 = 0; l1 <= lmax; l1++)
    for (let l2 = l1; l2 <= lmax; l2++) {
      const weights = new Float64Array(lambdas.length * (l1 + 1));
      lambdas.forEach((lambda, k) => {
        if (!couples(l1, l2, lambda)) return;
        const { m1, m2, values } = clebschGordan(l1, l2, lambda);
        for (let half = 0; half <= l1; half++) {
          const [d1, d2] = [diagonal(l1, 2 * half), diagonal(l2, 2 * half)];
          let sum = 0;
          for (let e = 0; e < values.length; e++) sum += values[e] ** 2 * d1[m1[e]] * d2[m2[e]];
          weights[k * (l1 + 1) + half] = (l1 === l2 ? 1 : 2) * sum;
        }
      });
      if (weights.some((weight) => weight !== 0)) result.push({ l1, l2, weights });
    }
  recouplingTables.set(key, result);
  return result;
}

/** C^{L0}_{lm lm} for all m; the others with M = 0 vanish. */
function diagonal(l: number, total: number): Float64Array {
  const { mu, m1, values } = clebschGordan(l, l, total);
  const result = new Float64Array(2 * l + 1);
  values.forEach((value, e) => {
    if (mu[e] === total) result[m1[e]] = value;
  });
  return result;
}
