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
 * This is the hot kernel of the integrals: loops over blocks of shells; the recursion is in kernels/hermite.ts, and the
 * arrays that it works on are in the memory of the kernels.
 */
import { BOYS_ORDER_MAX, boys } from "../math/boys.js";
import { HERMITE_AT, type Kernels, kernels } from "../math/kernels.js";
import type { GaussianBatch } from "./gaussian-batch.js";
import { HERMITE_STEPS, harmonicTerms, hermiteCount, type HarmonicTerms } from "./hermite.js";

export type Kernel = "coulomb" | "overlap";

/** Shells handled together; the scratch of usual orders stays in the first-level cache. */
export const BLOCK = 32;
const F = new Float64Array(BOYS_ORDER_MAX + 1);

// In the memory of the kernels, in doubles from HERMITE_AT on.
const X_AT = 0;
const G_AT = X_AT + 3 * BLOCK;
const EVEN_AT = G_AT + (BOYS_ORDER_MAX + 1) * BLOCK;
const ODD_AT = EVEN_AT + hermiteCount(BOYS_ORDER_MAX) * BLOCK;
const STEPS_AT = ODD_AT + hermiteCount(BOYS_ORDER_MAX - 1) * BLOCK;

interface Workspace {
  /** Displacements [3, BLOCK]. */
  readonly x: Float64Array;
  /** G_m [m, BLOCK]. */
  readonly g: Float64Array;
  readonly derivatives: Float64Array;
  readonly raiseHermite: Kernels["raiseHermite"];
}

let workspaceOfThread: Workspace | undefined;

function workspace(): Workspace {
  workspaceOfThread ??= makeWorkspace();
  return workspaceOfThread;
}

function makeWorkspace(): Workspace {
  const { doubles, integers, raiseHermite } = kernels();
  const { axis, lower, lowest, factor } = HERMITE_STEPS;
  for (let h = 0; h < factor.length; h++) {
    const at = HERMITE_AT + STEPS_AT + 3 * h;
    integers.set([axis[h], lower[h], lowest[h]], 2 * at);
    doubles[at + 2] = factor[h];
  }
  const part = (from: number, to: number): Float64Array => doubles.subarray(HERMITE_AT + from, HERMITE_AT + to);
  return { x: part(X_AT, G_AT), g: part(G_AT, EVEN_AT), derivatives: part(EVEN_AT, ODD_AT), raiseHermite };
}

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
 * [hermiteCount(top), BLOCK], overwritten by the next call.
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
  const { x: displacements, g } = workspace();
  const prefactor = (2 * Math.PI ** 2.5) / p;
  for (let k = 0; k < n; k++) {
    const s = start + k;
    const x = px - batch.x[s];
    const y = py - batch.y[s];
    const z = pz - batch.z[s];
    displacements[k] = x;
    displacements[BLOCK + k] = y;
    displacements[2 * BLOCK + k] = z;
    const r2 = x * x + y * y + z * z;
    const from = firstPrimitive[s];
    for (let q = from; q < firstPrimitive[s + 1]; q++) {
      const gamma = exponents[q];
      const alpha = (p * gamma) / (p + gamma);
      boys(top, alpha * r2, F);
      let factor = (prefactor * weights[q]) / (gamma * Math.sqrt(p + gamma));
      if (q === from)
        for (let m = 0; m <= top; m++) {
          g[m * BLOCK + k] = factor * F[m];
          factor *= -2 * alpha;
        }
      else
        for (let m = 0; m <= top; m++) {
          g[m * BLOCK + k] += factor * F[m];
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
  const { x: displacements, g } = workspace();
  for (let k = 0; k < n; k++) {
    const s = start + k;
    const x = px - batch.x[s];
    const y = py - batch.y[s];
    const z = pz - batch.z[s];
    displacements[k] = x;
    displacements[BLOCK + k] = y;
    displacements[2 * BLOCK + k] = z;
    const r2 = x * x + y * y + z * z;
    for (let m = 0; m <= top; m++) g[m * BLOCK + k] = 0;
    for (let q = firstPrimitive[s]; q < firstPrimitive[s + 1]; q++) {
      const sum = p + exponents[q];
      const alpha = (p * exponents[q]) / sum;
      const ratio = Math.PI / sum;
      let factor = weights[q] * ratio * Math.sqrt(ratio) * Math.exp(-alpha * r2);
      for (let m = 0; m <= top; m++) {
        g[m * BLOCK + k] += factor;
        factor *= -2 * alpha;
      }
    }
  }
}

/** R_tuv of all orders up to `top` for n shells, from G; returns the array they are in. */
function raise(top: number, n: number): Float64Array {
  const { derivatives, raiseHermite } = workspace();
  const address = (at: number): number => 8 * (HERMITE_AT + at);
  raiseHermite(top, n, address(X_AT), address(G_AT), address(EVEN_AT), address(ODD_AT), address(STEPS_AT));
  return derivatives;
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
