/**
 * Integrals of Hermite Gaussians Λ_tuv(p, P), t+u+v ≤ n, with a batch of atom-centred Gaussians over 1/r₁₂ or δ(r₁−r₂).
 *
 *   [tuv|lm] = ∂_P^tuv S_lm(−∂_P) Σ_q w_q g_q(|P−C|²),   α = pγ/(p+γ)
 *   Coulomb: g = 2π^(5/2)/(pγ√(p+γ)) F_0(αR²);  overlap: g = (π/(p+γ))^(3/2) exp(−αR²)
 *
 * The derivatives R_tuv follow from G_m = Σ_q w_q (−2α_q)^m g_q^(m) by
 * R^m_{t+1,u,v} = X R^{m+1}_tuv + t R^{m+1}_{t−1,u,v} (McMurchie & Davidson, J. Comput. Phys. 26, 218 (1978), eq. 4.6).
 * All primitives of a shell share R, so the contraction is done in G_m.
 *
 * This is the hot kernel of the room: plain loops over blocks of shells in scratch arrays of this module.
 */
import { BOYS_ORDER_MAX, boys } from "../math/boys.js";
import type { GaussianBatch } from "./gaussian-batch.js";
import { HERMITE_STEPS, harmonicTerms, hermiteCount, type HarmonicTerms } from "./hermite.js";

export type Kernel = "coulomb" | "overlap";

/** Shells handled together; the scratch of usual orders stays in the first-level cache. */
export const BLOCK = 32;
const X = new Float64Array(3 * BLOCK);
const G = new Float64Array((BOYS_ORDER_MAX + 1) * BLOCK);
const F = new Float64Array(BOYS_ORDER_MAX + 1);
const EVEN = new Float64Array(hermiteCount(BOYS_ORDER_MAX) * BLOCK);
const ODD = new Float64Array(hermiteCount(BOYS_ORDER_MAX - 1) * BLOCK);

/**
 * Writes [tuv|lm] of all tuv of order `lowestOrder` to `order` and all functions of `batch` to `rows`: rows from
 * `firstRow` on, column batch.first + m·count + shell, row length `stride`. order + batch.l must not exceed BOYS_ORDER_MAX.
 */
export function hermiteRows(
  kernel: Kernel,
  lowestOrder: number,
  order: number,
  p: number,
  px: number,
  py: number,
  pz: number,
  batch: GaussianBatch,
  rows: Float64Array,
  firstRow: number,
  stride: number,
): void {
  const terms = harmonicTerms(order, batch.l);
  const top = order + batch.l;
  for (let start = 0; start < batch.count; start += BLOCK) {
    const n = Math.min(BLOCK, batch.count - start);
    const derivatives = hermiteDerivatives(kernel, top, p, px, py, pz, batch, start, n);
    gather(lowestOrder, order, batch, terms, derivatives, start, n, rows, firstRow, stride);
  }
}

/**
 * R_tuv up to t + u + v = top for the n ≤ BLOCK shells of `batch` from `start` on, contracted over their primitives:
 * [hermiteCount(top), BLOCK], scratch that the next call overwrites.
 */
export function hermiteDerivatives(
  kernel: Kernel,
  top: number,
  p: number,
  px: number,
  py: number,
  pz: number,
  batch: GaussianBatch,
  start: number,
  n: number,
): Float64Array {
  if (kernel === "coulomb") coulombDerivatives(top, p, px, py, pz, batch, start, n);
  else overlapDerivatives(top, p, px, py, pz, batch, start, n);
  return raise(top, n);
}

function coulombDerivatives(
  top: number,
  p: number,
  px: number,
  py: number,
  pz: number,
  batch: GaussianBatch,
  start: number,
  n: number,
): void {
  const { exponents, weights, firstPrimitive } = batch;
  const prefactor = (2 * Math.PI ** 2.5) / p;
  for (let k = 0; k < n; k++) {
    const s = start + k;
    const x = px - batch.x[s];
    const y = py - batch.y[s];
    const z = pz - batch.z[s];
    X[k] = x;
    X[BLOCK + k] = y;
    X[2 * BLOCK + k] = z;
    const r2 = x * x + y * y + z * z;
    const from = firstPrimitive[s];
    for (let q = from; q < firstPrimitive[s + 1]; q++) {
      const gamma = exponents[q];
      const alpha = (p * gamma) / (p + gamma);
      boys(top, alpha * r2, F);
      let factor = (prefactor * weights[q]) / (gamma * Math.sqrt(p + gamma));
      if (q === from)
        for (let m = 0; m <= top; m++) {
          G[m * BLOCK + k] = factor * F[m];
          factor *= -2 * alpha;
        }
      else
        for (let m = 0; m <= top; m++) {
          G[m * BLOCK + k] += factor * F[m];
          factor *= -2 * alpha;
        }
    }
  }
}

function overlapDerivatives(
  top: number,
  p: number,
  px: number,
  py: number,
  pz: number,
  batch: GaussianBatch,
  start: number,
  n: number,
): void {
  const { exponents, weights, firstPrimitive } = batch;
  for (let k = 0; k < n; k++) {
    const s = start + k;
    const x = px - batch.x[s];
    const y = py - batch.y[s];
    const z = pz - batch.z[s];
    X[k] = x;
    X[BLOCK + k] = y;
    X[2 * BLOCK + k] = z;
    const r2 = x * x + y * y + z * z;
    for (let m = 0; m <= top; m++) G[m * BLOCK + k] = 0;
    for (let q = firstPrimitive[s]; q < firstPrimitive[s + 1]; q++) {
      const sum = p + exponents[q];
      const alpha = (p * exponents[q]) / sum;
      const ratio = Math.PI / sum;
      let factor = weights[q] * ratio * Math.sqrt(ratio) * Math.exp(-alpha * r2);
      for (let m = 0; m <= top; m++) {
        G[m * BLOCK + k] += factor;
        factor *= -2 * alpha;
      }
    }
  }
}

/** R_tuv of all orders up to `top` for n shells, from G; returns the scratch array they are in. */
function raise(top: number, n: number): Float64Array {
  const { axis, lower, lowest, factor } = HERMITE_STEPS;
  for (let k = 0; k < n; k++) (top % 2 === 0 ? EVEN : ODD)[k] = G[top * BLOCK + k];
  for (let m = top - 1; m >= 0; m--) {
    const current = m % 2 === 0 ? EVEN : ODD;
    const above = m % 2 === 0 ? ODD : EVEN;
    for (let k = 0; k < n; k++) current[k] = G[m * BLOCK + k];
    const count = hermiteCount(top - m);
    for (let h = 1; h < count; h++) {
      const to = h * BLOCK;
      const from = lower[h] * BLOCK;
      const along = axis[h] * BLOCK;
      const c = factor[h];
      if (c === 0) for (let k = 0; k < n; k++) current[to + k] = X[along + k] * above[from + k];
      else {
        const second = lowest[h] * BLOCK;
        for (let k = 0; k < n; k++) current[to + k] = X[along + k] * above[from + k] + c * above[second + k];
      }
    }
  }
  return EVEN;
}

/** rows ← S_lm(∂) ∂^tuv of the derivatives. */
function gather(
  lowestOrder: number,
  order: number,
  batch: GaussianBatch,
  terms: HarmonicTerms,
  derivatives: Float64Array,
  start: number,
  n: number,
  rows: Float64Array,
  firstRow: number,
  stride: number,
): void {
  const { first, position, coefficient } = terms;
  const width = 2 * batch.l + 1;
  const hermites = hermiteCount(order);
  const skipped = hermiteCount(lowestOrder - 1);
  let term = skipped * width;
  for (let h = skipped; h < hermites; h++)
    for (let m = 0; m < width; m++, term++) {
      const to = (firstRow + h - skipped) * stride + batch.first + m * batch.count + start;
      let i = first[term];
      const end = first[term + 1];
      const a = position[i] * BLOCK;
      const ca = coefficient[i];
      if (end - i === 1) {
        for (let k = 0; k < n; k++) rows[to + k] = ca * derivatives[a + k];
        continue;
      }
      const b = position[i + 1] * BLOCK;
      const cb = coefficient[i + 1];
      if (end - i === 2) {
        for (let k = 0; k < n; k++) rows[to + k] = ca * derivatives[a + k] + cb * derivatives[b + k];
        continue;
      }
      const c = position[i + 2] * BLOCK;
      const cc = coefficient[i + 2];
      for (let k = 0; k < n; k++)
        rows[to + k] = ca * derivatives[a + k] + cb * derivatives[b + k] + cc * derivatives[c + k];
      for (i += 3; i < end; i++) {
        const d = position[i] * BLOCK;
        const cd = coefficient[i];
        for (let k = 0; k < n; k++) rows[to + k] += cd * derivatives[d + k];
      }
    }
}
