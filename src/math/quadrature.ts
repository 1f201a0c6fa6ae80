/**
 * Gauss–Legendre quadrature: ∫₋₁¹ f(x) dx ≈ Σ w_i f(x_i), exact for polynomials up to degree 2n − 1.
 *
 * The nodes are the roots of P_n, found by Newton's method from Tricomi's estimate
 * x_i ≈ (1 − (n−1)/8n³) cos π(4i−1)/(4n+2); w_i = 2/((1 − x_i²) P_n'(x_i)²). Accurate to about 1e-15.
 */
import { BrineError } from "../errors.js";

export interface Quadrature {
  /** Ascending. */
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** The rule with `n` ≥ 1 points on [−1, 1]. */
export function gaussLegendre(n: number): Quadrature {
  if (!Number.isInteger(n) || n < 1)
    throw new BrineError("input", `a quadrature rule needs at least one point, not ${n}`);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n >> 1; i++) {
    let x = (1 - (n - 1) / (8 * n ** 3)) * Math.cos((Math.PI * (4 * i + 3)) / (4 * n + 2));
    for (let iteration = 0; iteration < 10; iteration++) {
      const step = newtonStep(n, x);
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
    weights[i] = weights[n - 1 - i] = weight(n, x);
  }
  if (n % 2 === 1) weights[n >> 1] = weight(n, 0);
  return { nodes, weights };
}

/** P_n(x) and P_{n−1}(x) by the three-term recursion. */
function legendre(n: number, x: number): [number, number] {
  let before = 1;
  let p = x;
  for (let k = 2; k <= n; k++) [before, p] = [p, ((2 * k - 1) * x * p - (k - 1) * before) / k];
  return [p, before];
}

function derivative(n: number, x: number, p: number, before: number): number {
  return (n * (before - x * p)) / (1 - x * x);
}

function newtonStep(n: number, x: number): number {
  const [p, before] = legendre(n, x);
  return p / derivative(n, x, p, before);
}

function weight(n: number, x: number): number {
  const [p, before] = legendre(n, x);
  return 2 / ((1 - x * x) * derivative(n, x, p, before) ** 2);
}
