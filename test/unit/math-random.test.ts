import { describe, expect, it } from "vitest";
import { randomGenerator } from "../../dist/math/random.js";

describe("randomGenerator", () => {
  it("repeats for a seed and differs between seeds", () => {
    const draw = (seed: number): number[] => {
      const generator = randomGenerator(seed);
      return Array.from({ length: 20 }, () => generator.uniform());
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(draw(0)).not.toEqual(draw(2 ** 32));
    expect(new Set(draw(0)).size).toBe(20);
  });

  it("moments of the uniform and normal deviates", () => {
    const { uniform, normal } = randomGenerator(1);
    const n = 200_000;
    let outside = 0;
    let [mean, square, normalMean, normalSquare, normalFourth] = [0, 0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const u = uniform();
      if (u < 0 || u >= 1) outside++;
      mean += u / n;
      square += (u * u) / n;
      const z = normal();
      normalMean += z / n;
      normalSquare += (z * z) / n;
      normalFourth += z ** 4 / n;
    }
    expect(outside).toBe(0);
    // Five standard deviations of the estimates.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.0033);
    expect(Math.abs(square - 1 / 3)).toBeLessThan(0.0034);
    expect(Math.abs(normalMean)).toBeLessThan(0.0112);
    expect(Math.abs(normalSquare - 1)).toBeLessThan(0.0159);
    expect(Math.abs(normalFourth - 3)).toBeLessThan(0.11);
  });

  it("integers are even and shuffles are permutations", () => {
    const { integer, shuffle } = randomGenerator(3);
    const counts = new Int32Array(7);
    for (let i = 0; i < 70_000; i++) counts[integer(7)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = shuffle([...items]);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].toSorted((a, b) => a - b)).toEqual(items);
  });
});
