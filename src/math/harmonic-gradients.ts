/**
 * Gradients of real solid harmonics as combinations of harmonics one degree lower. With
 * U_lm = r^l P̄_lm(cos θ) exp(imφ), m ≥ 0 (S_lm = √2 Re U_lm, S_l,−m = √2 Im U_lm, S_l0 = U_l0):
 *
 *   (∂x + i∂y) U_lm = −a U_{l−1,m+1},   (∂x − i∂y) U_lm = b U_{l−1,m−1},   ∂z U_lm = c U_{l−1,m}
 *   a² = κ(l−m)(l−m−1),  b² = κ(l+m)(l+m−1),  c² = κ(l²−m²),  κ = (2l+1)/(2l−1)
 *
 * A. R. Edmonds, Angular Momentum in Quantum Mechanics (1957), eq. 5.9.17.
 */
import { harmonicIndex } from "./solid-harmonics.js";

/** ∂S = first · S[firstIndex] + second · S[secondIndex]; an absent term has factor 0 and index 0; second is absent if first is. */
export interface HarmonicDerivative {
  readonly firstIndex: number;
  readonly first: number;
  readonly secondIndex: number;
  readonly second: number;
}

export type HarmonicGradient = readonly [HarmonicDerivative, HarmonicDerivative, HarmonicDerivative];

const known: HarmonicGradient[][] = [];

/** The gradients of S_lm, m = −l … l. */
export function harmonicGradients(l: number): readonly HarmonicGradient[] {
  known[l] ??= Array.from({ length: 2 * l + 1 }, (_, k) => gradientOf(l, k - l));
  return known[l];
}

function gradientOf(l: number, m: number): HarmonicGradient {
  const k = Math.abs(m);
  const kappa = (2 * l + 1) / (2 * l - 1);
  const up = 0.5 * Math.sqrt(kappa * (l - k) * (l - k - 1));
  const down = 0.5 * Math.sqrt(kappa * (l + k) * (l + k - 1)) * (k === 1 ? Math.SQRT2 : 1);
  const along = Math.sqrt(kappa * (l * l - k * k));
  const term = (order: number, factor: number): readonly [number, number] =>
    l > 0 && factor !== 0 && Math.abs(order) < l ? [harmonicIndex(l - 1, order), factor] : [0, 0];
  const pair = (a: readonly [number, number], b: readonly [number, number]): HarmonicDerivative =>
    a[1] === 0
      ? { firstIndex: b[0], first: b[1], secondIndex: 0, second: 0 }
      : { firstIndex: a[0], first: a[1], secondIndex: b[0], second: b[1] };
  const none: readonly [number, number] = [0, 0];
  const z = pair(term(m, along), none);
  if (m === 0) return [pair(term(1, -Math.SQRT2 * up), none), pair(term(-1, -Math.SQRT2 * up), none), z];
  if (m > 0)
    return [pair(term(k + 1, -up), term(k - 1, down)), pair(term(-k - 1, -up), k > 1 ? term(1 - k, -down) : none), z];
  return [pair(term(-k - 1, -up), k > 1 ? term(1 - k, down) : none), pair(term(k + 1, up), term(k - 1, down)), z];
}
