import { describe, expect, it } from "vitest";
import { gaussLegendre } from "../../dist/math/quadrature.js";

describe("gaussLegendre", () => {
  it.each([1, 2, 3, 4, 5, 8, 13, 32, 65])("%i points integrate every power up to 2n − 1", (n) => {
    const { nodes, weights } = gaussLegendre(n);
    for (let power = 0; power <= 2 * n - 1; power++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weights[i] * nodes[i] ** power;
      expect(Math.abs(sum - (power % 2 === 0 ? 2 / (power + 1) : 0))).toBeLessThan(4e-15);
    }
    for (let i = 1; i < n; i++) expect(nodes[i]).toBeGreaterThan(nodes[i - 1]);
    expect(nodes).toEqual(nodes.map((_, i) => (nodes[n - 1 - i] === 0 ? 0 : -nodes[n - 1 - i])));
  });

  it("closed forms for n = 3: 0, ±√(3/5); 8/9, 5/9", () => {
    const { nodes, weights } = gaussLegendre(3);
    expect(nodes[2]).toBeCloseTo(Math.sqrt(0.6), 15);
    expect(nodes[1]).toBe(0);
    expect(weights[1]).toBeCloseTo(8 / 9, 15);
    expect(weights[0]).toBeCloseTo(5 / 9, 15);
  });

  it("stays accurate for many points: ∫ eˣ cos 20x", () => {
    const { nodes, weights } = gaussLegendre(400);
    let sum = 0;
    for (let i = 0; i < 400; i++) sum += weights[i] * Math.exp(nodes[i]) * Math.cos(20 * nodes[i]);
    const antiderivative = (x: number): number => (Math.exp(x) * (Math.cos(20 * x) + 20 * Math.sin(20 * x))) / 401;
    expect(Math.abs(sum - antiderivative(1) + antiderivative(-1))).toBeLessThan(2e-15);
  });

  it("needs a point", () => expect(() => gaussLegendre(0)).toThrow("at least one point"));
});
