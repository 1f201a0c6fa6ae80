/**
 * The function of ᾱ that leads from the single-orbital limit (f = 1 at ᾱ = 0) to the uniform gas (f = 0 at ᾱ = 1):
 *
 *   f = exp(−c₁ᾱ/(1 − ᾱ)) for ᾱ ≤ 0;  Σ_{i≤7} c_i ᾱ^i for 0 < ᾱ ≤ 2.5;  −d exp(c₂/(1 − ᾱ)) beyond
 *
 * A. P. Bartók, J. R. Yates, J. Chem. Phys. 150, 161101 (2019), doi:10.1063/1.5094646, as r²SCAN uses it.
 */
import { apply, type Jet } from "./jet.js";

export interface Switch {
  readonly c1: number;
  readonly c2: number;
  readonly d: number;
  readonly polynomial: readonly number[];
}

const END = 2.5;

export function switched(alpha: Jet, { c1, c2, d, polynomial }: Switch): Jet {
  const value = (x: number): number => {
    if (x <= 0) return Math.exp((-c1 * x) / (1 - x));
    if (x > END) return -d * Math.exp(c2 / (1 - x));
    return polynomial.reduceRight((sum, c) => sum * x + c, 0);
  };
  const slope = (x: number): number => {
    if (x <= 0) return (-c1 / (1 - x) ** 2) * value(x);
    if (x > END) return (c2 / (1 - x) ** 2) * value(x);
    return polynomial.reduceRight((sum, c, i) => (i === 0 ? sum : sum * x + i * c), 0);
  };
  return apply(alpha, value, slope);
}

/** Σ_i i c_i: f′(1). */
export function slopeAtOne({ polynomial }: Switch): number {
  return polynomial.reduce((sum, c, i) => sum + i * c, 0);
}
