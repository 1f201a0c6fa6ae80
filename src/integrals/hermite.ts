/**
 * Hermite Gaussians Λ_tuv = ∂_Px^t ∂_Py^u ∂_Pz^v exp(−p|r−P|²) and the numbering of their indices.
 *
 * Two facts carry all integrals of this room:
 * - the integral of Λ_tuv with Λ_t'u'v' over a radial kernel is a derivative of the s-s integral with respect
 *   to R = P − C (McMurchie & Davidson, J. Comput. Phys. 26, 218 (1978));
 * - a solid harmonic Gaussian is S_lm(r−C) exp(−γ|r−C|²) = S_lm(∂_C) exp(−γ|r−C|²)/(2γ)^l, so it needs Hermite
 *   Gaussians of order l only (Hobson's theorem; Giese & York, J. Chem. Phys. 128, 064104 (2008)).
 */
import { BOYS_ORDER_MAX } from "../math/boys.js";
import { solidHarmonicPolynomials } from "../math/solid-harmonics.js";

/** Number of (t, u, v) with t + u + v ≤ order. */
export function hermiteCount(order: number): number {
  return order < 0 ? 0 : ((order + 1) * (order + 2) * (order + 3)) / 6;
}

/** Position of (t, u, v), ordered by t + u + v. */
export function hermiteIndex(t: number, u: number, v: number): number {
  const order = t + u + v;
  const rest = u + v;
  return hermiteCount(order - 1) + (rest * (rest + 1)) / 2 + v;
}

const TOTAL = hermiteCount(BOYS_ORDER_MAX);

/**
 * How (t, u, v) follows from lower ones by ∂_i f = … : X_tuv = R_i X_{tuv−i} + (t_i − 1) X_{tuv−2i}.
 * `axis` is i; `lower` and `lowest` are the positions of tuv − i and tuv − 2i.
 */
export interface HermiteSteps {
  readonly axis: Uint8Array;
  readonly lower: Int32Array;
  readonly lowest: Int32Array;
  readonly factor: Float64Array;
}

export const HERMITE_STEPS: HermiteSteps = buildSteps();

function buildSteps(): HermiteSteps {
  const steps = {
    axis: new Uint8Array(TOTAL),
    lower: new Int32Array(TOTAL),
    lowest: new Int32Array(TOTAL),
    factor: new Float64Array(TOTAL),
  };
  for (let order = 1; order <= BOYS_ORDER_MAX; order++)
    for (let t = 0; t <= order; t++)
      for (let u = 0; u <= order - t; u++) {
        const index = [t, u, order - t - u];
        // An index of 1 needs one term only; else the smallest one above.
        const axis = [0, 1, 2].filter((i) => index[i] > 0).toSorted((a, b) => index[a] - index[b])[0];
        const below = (by: number): number =>
          hermiteIndex(t - (axis === 0 ? by : 0), u - (axis === 1 ? by : 0), index[2] - (axis === 2 ? by : 0));
        const k = hermiteIndex(t, u, index[2]);
        steps.axis[k] = axis;
        steps.lower[k] = below(1);
        steps.factor[k] = index[axis] - 1;
        steps.lowest[k] = index[axis] > 1 ? below(2) : 0;
      }
  return steps;
}

/** For each (Hermite index of order ≤ n, m): the terms of ∂^tuv S_lm(∂) as positions of derivatives and coefficients. */
export interface HarmonicTerms {
  /** [hermiteCount(n) (2l+1) + 1] */
  readonly first: Int32Array;
  readonly position: Int32Array;
  readonly coefficient: Float64Array;
}

const harmonicTermsCache = new Map<number, HarmonicTerms>();

/** The table of ∂^tuv S_lm(∂), |tuv| ≤ order; built once. */
export function harmonicTerms(order: number, l: number): HarmonicTerms {
  const key = order * 64 + l;
  const known = harmonicTermsCache.get(key);
  if (known) return known;
  const first = [0];
  const position: number[] = [];
  const coefficient: number[] = [];
  const polynomials = solidHarmonicPolynomials(l);
  forEachHermite(order, (t, u, v) => {
    for (const polynomial of polynomials) {
      for (const { i, j, k, c } of polynomial) {
        position.push(hermiteIndex(t + i, u + j, v + k));
        coefficient.push(c);
      }
      first.push(position.length);
    }
  });
  const terms = {
    first: Int32Array.from(first),
    position: Int32Array.from(position),
    coefficient: Float64Array.from(coefficient),
  };
  harmonicTermsCache.set(key, terms);
  return terms;
}

/** Calls `visit` for all (t, u, v) with t + u + v ≤ order in the order of {@link hermiteIndex}. */
export function forEachHermite(order: number, visit: (t: number, u: number, v: number) => void): void {
  for (let n = 0; n <= order; n++)
    for (let rest = 0; rest <= n; rest++) for (let v = 0; v <= rest; v++) visit(n - rest, rest - v, v);
}
