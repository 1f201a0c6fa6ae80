/** Complex matrices against their definition element by element, and Hermitian eigenproblems against what they solve. */
import { describe, expect, test } from "vitest";
import {
  combination,
  hermitianEigh,
  innerProduct,
  plusAdjoint,
  product,
  scaledColumns,
  type ComplexMatrix,
} from "../../dist/math/hermitian.js";
import { fill } from "../../dist/kohn-sham/occupations.js";
import { canonicalOrthogonaliser, transformed } from "../../dist/kohn-sham/orthogonalisation.js";
import type { Channel } from "../../dist/kohn-sham/state.js";
import { matrix, type Matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";

const random = randomGenerator(7);
const numbers = (rows: number, columns: number): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
const complex = (rows: number, columns: number): ComplexMatrix => ({
  real: numbers(rows, columns),
  imaginary: numbers(rows, columns),
});
type Number = readonly [re: number, im: number];
const at = ({ real, imaginary }: ComplexMatrix, i: number, j: number): Number => [
  real.data[i * real.columns + j],
  imaginary?.data[i * real.columns + j] ?? 0,
];
const expectEqual = (a: ComplexMatrix, element: (i: number, j: number) => Number): void => {
  for (let i = 0; i < a.real.rows; i++)
    for (let j = 0; j < a.real.columns; j++)
      element(i, j).forEach((value, part) => expect(at(a, i, j)[part]).toBeCloseTo(value, 10));
};

test.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])("products, adjoint %s and %s, of complex and of real matrices", (adjointA, adjointB) => {
  for (const [a, b] of [
    [complex(3, 3), complex(3, 3)],
    [{ real: numbers(3, 3) }, complex(3, 3)],
    [complex(3, 3), { real: numbers(3, 3) }],
    [{ real: numbers(3, 3) }, { real: numbers(3, 3) }],
  ] as readonly [ComplexMatrix, ComplexMatrix][]) {
    const op = (x: ComplexMatrix, adjoint: boolean, i: number, j: number): Number => {
      if (!adjoint) return at(x, i, j);
      const [re, im] = at(x, j, i);
      return [re, -im];
    };
    const found = product(a, b, adjointA, adjointB);
    expect(found.imaginary === undefined).toBe(!a.imaginary && !b.imaginary);
    expectEqual(found, (i, j) => {
      const sum = [0, 0];
      for (let k = 0; k < 3; k++) {
        const [x, y] = op(a, adjointA, i, k);
        const [u, v] = op(b, adjointB, k, j);
        sum[0] += x * u - y * v;
        sum[1] += x * v + y * u;
      }
      return [sum[0], sum[1]];
    });
  }
});

test("sums, adjoints, inner products and columns", () => {
  const [a, b] = [complex(3, 3), complex(3, 3)];
  expectEqual(combination([2, -1], [a, b]), (i, j) => {
    const [x, y] = at(a, i, j);
    const [u, v] = at(b, i, j);
    return [2 * x - u, 2 * y - v];
  });
  for (const sign of [1, -1] as const)
    expectEqual(plusAdjoint(a, sign), (i, j) => {
      const [x, y] = at(a, i, j);
      const [u, v] = at(a, j, i);
      return [x + sign * u, y - sign * v];
    });
  const trace = product(a, b, true);
  const sum = [0, 1, 2].reduce((total, i) => total + at(trace, i, i)[0], 0);
  expect(innerProduct(a, b)).toBeCloseTo(sum, 12);
  expectEqual(scaledColumns(a, 1, Float64Array.of(2, 3)), (i, j) => {
    const [x, y] = at(a, i, j + 1);
    return [(j + 2) * x, (j + 2) * y];
  });
});

describe("eigenproblems", () => {
  const check = (a: ComplexMatrix): void => {
    const n = a.real.rows;
    const { values, vectors } = hermitianEigh(a);
    expect(values).toHaveLength(n);
    expectEqual(product(vectors, vectors, true), (i, j) => [i === j ? 1 : 0, 0]);
    const left = product(a, vectors);
    expectEqual(left, (i, j) => {
      const [x, y] = at(vectors, i, j);
      return [values[j] * x, values[j] * y];
    });
    expect([...values]).toEqual([...values].toSorted((x, y) => x - y));
  };

  test("of a random matrix", () => check(plusAdjoint(complex(7, 7), 1)));
  test("of a real one", () => check(plusAdjoint({ real: numbers(6, 6) }, 1)));

  test("with degenerate eigenvalues", () => {
    // U diag(−1, 2, 2, 2, 5) U†
    const { vectors } = hermitianEigh(plusAdjoint(complex(5, 5), 1));
    const scaled = scaledColumns(vectors, 0, Float64Array.of(-1, 2, 2, 2, 5));
    const a = product(scaled, vectors, false, true);
    check(a);
    hermitianEigh(a).values.forEach((value, i) => expect(value).toBeCloseTo([-1, 2, 2, 2, 5][i], 10));
  });

  test("orthogonalisers of complex overlaps leave dependent functions out", () => {
    const half = complex(4, 3);
    const overlap = product(half, half, false, true);
    const x = canonicalOrthogonaliser(overlap);
    expect(x.real.columns).toBe(3);
    expectEqual(transformed(x, overlap), (i, j) => [i === j ? 1 : 0, 0]);
  });
});

describe("filling several wave vectors", () => {
  const channel = (weight: number): Channel => ({ spin: "both", k: [0, 0, 0], electrons: 2, weight });
  const energies = [Float64Array.of(-1, 0.1, 1), Float64Array.of(-0.8, -0.1, 1.2)];
  const channels = [channel(0.25), channel(0.75)];

  test("without smearing each has the same number, and the gap is over all of them", () => {
    const { occupations, gap, entropyEnergy } = fill(energies, channels, { both: 2 });
    expect(occupations.map((one) => [...one])).toEqual([
      [2, 0, 0],
      [2, 0, 0],
    ]);
    expect(gap).toBeCloseTo(-0.1 + 0.8, 14);
    expect(entropyEnergy).toBeUndefined();
  });

  test("with smearing they share a Fermi level, an odd count included", () => {
    const { occupations, entropyEnergy } = fill(energies, channels, { both: 3 }, 0.05);
    const count = occupations.reduce((sum, one, c) => sum + channels[c].weight * one.reduce((a, b) => a + b), 0);
    expect(count).toBeCloseTo(3, 12);
    // The same f/(1 − f) exp(ε/kT) everywhere.
    const levels = occupations.flatMap((one, c) =>
      [...one].map((f, i) => energies[c][i] + 0.05 * Math.log(f / (2 - f))).slice(1, 2),
    );
    expect(levels[1]).toBeCloseTo(levels[0], 10);
    expect(entropyEnergy).toBeLessThan(0);
  });

  test("what does not fit is refused", () => {
    expect(() => fill(energies, channels, { both: 8 })).toThrow(/8 electrons do not fit into 3/);
  });
});
