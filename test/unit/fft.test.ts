import { describe, expect, it } from "vitest";
import { coefficientCount, fourierCoefficients, valuesOnGrid, type GridShape } from "../../dist/math/fft.js";
import { randomGenerator } from "../../dist/math/random.js";

const SHAPES: GridShape[] = [
  [1, 1, 1],
  [2, 3, 4],
  [5, 9, 6],
  [3, 5, 15],
  [8, 2, 9],
  [6, 25, 3],
];

function randomValues([n1, n2, n3]: GridShape): Float64Array {
  const random = randomGenerator(3);
  return Float64Array.from({ length: n1 * n2 * n3 }, () => random.uniform() - 0.5);
}

/** The sum as it is written. */
function naive([n1, n2, n3]: GridShape, values: Float64Array): Float64Array {
  const kept = (n3 >> 1) + 1;
  const result = new Float64Array(2 * n1 * n2 * kept);
  for (let a = 0; a < n1; a++)
    for (let b = 0; b < n2; b++)
      for (let c = 0; c < kept; c++) {
        let re = 0;
        let im = 0;
        for (let i = 0; i < n1; i++)
          for (let j = 0; j < n2; j++)
            for (let k = 0; k < n3; k++) {
              const phase = -2 * Math.PI * ((a * i) / n1 + (b * j) / n2 + (c * k) / n3);
              const value = values[(i * n2 + j) * n3 + k];
              re += value * Math.cos(phase);
              im += value * Math.sin(phase);
            }
        const at = 2 * ((a * n2 + b) * kept + c);
        result[at] = re / (n1 * n2 * n3);
        result[at + 1] = im / (n1 * n2 * n3);
      }
  return result;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

describe("Fourier transforms in three dimensions", () => {
  it.each(SHAPES)("equal the sum on %i × %i × %i points", (...shape) => {
    const values = randomValues(shape);
    const coefficients = fourierCoefficients(shape, values);
    expect(coefficients.length).toBe(coefficientCount(shape));
    expect(largestDifference(coefficients, naive(shape, values))).toBeLessThan(1e-15);
    expect(largestDifference(valuesOnGrid(shape, coefficients), values)).toBeLessThan(1e-14);
  });

  it("conserve Σ|f|² on a large grid and come back", () => {
    const shape: GridShape = [75, 40, 108];
    const values = randomValues(shape);
    const coefficients = fourierCoefficients(shape, values);
    const kept = 55;
    let norm = 0;
    for (let at = 0; at < coefficients.length; at += 2) {
      const k3 = (at / 2) % kept;
      const weight = k3 === 0 || k3 === 54 ? 1 : 2;
      norm += weight * (coefficients[at] ** 2 + coefficients[at + 1] ** 2);
    }
    const count = 75 * 40 * 108;
    expect(norm).toBeCloseTo(values.reduce((sum, v) => sum + v * v, 0) / count, 12);
    expect(largestDifference(valuesOnGrid(shape, coefficients), values)).toBeLessThan(1e-14);
  });

  it("give a derivative by iG that has no share of the highest frequency of an even grid", () => {
    const n = 8;
    const values = Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * i) / n) + (i % 2 ? -1 : 1));
    const coefficients = fourierCoefficients([1, 1, n], values);
    for (let k = 0; k <= n / 2; k++) {
      const [re, im] = coefficients.subarray(2 * k, 2 * k + 2);
      coefficients[2 * k] = -2 * Math.PI * k * im;
      coefficients[2 * k + 1] = 2 * Math.PI * k * re;
    }
    const slopes = valuesOnGrid([1, 1, n], coefficients);
    slopes.forEach((slope, i) => expect(slope).toBeCloseTo(2 * Math.PI * Math.cos((2 * Math.PI * i) / n), 12));
  });

  it("name sizes with other factors", () => {
    expect(() => fourierCoefficients([2, 7, 2], new Float64Array(28))).toThrow(/2, 3 and 5/);
  });
});
