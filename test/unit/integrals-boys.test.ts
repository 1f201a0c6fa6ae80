import { describe, expect, it } from "vitest";
import { BOYS_ORDER_MAX, boys, checkBoysOrder } from "../../dist/math/boys.js";
import { gaussLegendre } from "../../dist/math/quadrature.js";

/** ∫₀¹ t^2m e^(−Tt²) dt by 200-point quadrature on [0, min(1, 12/√T)], beyond which e^−144 is left. */
const rule = gaussLegendre(200);
function byQuadrature(m: number, t: number): number {
  const end = Math.min(1, 12 / Math.sqrt(Math.max(t, 1e-300)));
  let sum = 0;
  for (let i = 0; i < 200; i++) {
    const x = 0.5 * end * (rule.nodes[i] + 1);
    sum += 0.5 * end * rule.weights[i] * x ** (2 * m) * Math.exp(-t * x * x);
  }
  return sum;
}

describe("Boys functions", () => {
  it("agree with quadrature for all orders and arguments", () => {
    const out = new Float64Array(BOYS_ORDER_MAX + 1);
    for (const order of [0, 1, 3, 8, 16, BOYS_ORDER_MAX])
      for (let t = 0; t < 130; t = t * 1.07 + 0.0137) {
        boys(order, t, out);
        for (let m = 0; m <= order; m++) expect(Math.abs(out[m] / byQuadrature(m, t) - 1)).toBeLessThan(5e-14);
      }
  });

  it("have the limits 1/(2m+1) and √(π/T)/2", () => {
    const out = new Float64Array(5);
    boys(4, 0, out);
    for (let m = 0; m <= 4; m++) expect(out[m]).toBeCloseTo(1 / (2 * m + 1), 15);
    boys(0, 1e8, out);
    expect(out[0]).toBeCloseTo(Math.sqrt(Math.PI / 1e8) / 2, 18);
  });

  it("end at a highest order", () => {
    expect(() => checkBoysOrder(BOYS_ORDER_MAX)).not.toThrow();
    expect(() => checkBoysOrder(BOYS_ORDER_MAX + 1)).toThrow(/angular momenta/);
  });
});
