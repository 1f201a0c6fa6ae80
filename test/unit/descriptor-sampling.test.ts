/** Enumeration and choice of features, farthest-point sampling, errors. */
import { describe, expect, it } from "vitest";
import {
  featureCount,
  farthestPoints,
  lambdaSoap,
  selectFeatures,
  sphericalExpansion,
} from "../../dist/descriptor/index.js";
import { featureBlocks, selectionByBlock } from "../../dist/descriptor/features.js";
import { type Matrix, matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import type { Neighbourhood } from "../../dist/structure/neighbours.js";

const settings = { cutoffRadius: 7.5, smoothing: 0.2, sigma: 0.55, nmax: 3, lmax: 3, scaling: null, species: [1, 8] };

/** A hydrogen or oxygen atom with six random neighbours. */
function randomNeighbourhoods(count: number): Neighbourhood[] {
  const random = randomGenerator(11);
  return Array.from({ length: count }, (_, i) => ({
    centre: settings.species[i % 2],
    species: Uint8Array.from({ length: 6 }, () => settings.species[random.integer(2)]),
    displacements: Float64Array.from({ length: 18 }, () => 3 * random.normal()),
  }));
}

describe("features", () => {
  it("have the counts of the theory for n_max 8, l_max 6", () => {
    // With two and four species.
    const count = (species: number[]): number[] =>
      [0, 1, 2, 3, 4].map((lambda) => featureCount({ ...settings, nmax: 8, lmax: 6, species }, lambda));
    expect(count([1, 8])).toEqual([952, 1536, 2096, 2304, 2472]);
    expect(count([1, 6, 7, 8])).toEqual([3696, 6144, 8288, 9216, 9808]);
  });

  it("keep the numbers that model files hold", () => {
    expect(featureBlocks(3, 2, 2)).toEqual([
      { l1: 0, l2: 2, first: 0, count: 4 },
      { l1: 1, l2: 1, first: 4, count: 3 },
      { l1: 1, l2: 3, first: 7, count: 4 },
      { l1: 2, l2: 2, first: 11, count: 3 },
      { l1: 3, l2: 3, first: 14, count: 3 },
    ]);
    const [, equal] = selectionByBlock(3, 2, 2, Int32Array.of(9, 6, 4, 5));
    expect(selectionByBlock(3, 2, 2, Int32Array.of(6, 4, 5))[0]).toEqual({
      l1: 1,
      l2: 1,
      columns: Int32Array.of(0, 1, 2),
      q1: Int32Array.of(1, 0, 0),
      q2: Int32Array.of(1, 0, 1),
      weights: Float64Array.of(1, 1, Math.SQRT2),
    });
    expect(equal).toEqual({
      l1: 1,
      l2: 3,
      columns: Int32Array.of(0),
      q1: Int32Array.of(1),
      q2: Int32Array.of(0),
      weights: Float64Array.of(Math.SQRT2),
    });
  });

  it.each([0, 1, 2, 3])("selected are those columns of all (λ = %i)", (lambda) => {
    const expansion = sphericalExpansion(randomNeighbourhoods(5), settings);
    const all = lambdaSoap(expansion, lambda);
    const total = featureCount(settings, lambda);
    const selected = Int32Array.from(
      randomGenerator(5)
        .shuffle([...Array.from({ length: total }).keys()])
        .slice(0, 30),
    ).toSorted();
    const some = lambdaSoap(expansion, lambda, selected);
    for (let row = 0; row < 5 * (2 * lambda + 1); row++)
      selected.forEach((feature, column) => expect(some[row * 30 + column]).toBe(all[row * total + feature]));
  });

  it("that do not exist are refused", () => {
    const expansion = sphericalExpansion(randomNeighbourhoods(1), settings);
    expect(() => lambdaSoap(expansion, 0, Int32Array.of(0, 84))).toThrow(/no feature 84 for λ = 0/);
    expect(() => lambdaSoap(expansion, 0, Int32Array.of(-1))).toThrow(/no feature -1/);
    expect(() => lambdaSoap(expansion, 0, Int32Array.of(3, 2))).toThrow(/λ = 0 must ascend/);
  });

  it("beyond 2 lmax do not exist", () => {
    const expansion = sphericalExpansion(randomNeighbourhoods(2), settings);
    expect(featureCount(settings, 7)).toBe(0);
    expect(lambdaSoap(expansion, 7).length).toBe(0);
  });
});

describe("choice of features", () => {
  const sample = sphericalExpansion(randomNeighbourhoods(40), settings);

  it("is ascending, without repeats, and the same each time", () => {
    for (let lambda = 0; lambda <= 3; lambda++) {
      const chosen = selectFeatures(sample, lambda, 40);
      expect(chosen.length).toBe(40);
      expect([...chosen]).toEqual([...new Set(chosen)].toSorted((a, b) => a - b));
      expect(selectFeatures(sample, lambda, 40)).toEqual(chosen);
    }
  });

  it("grows by adding", () => {
    const few = new Set(selectFeatures(sample, 2, 50));
    for (const feature of selectFeatures(sample, 2, 20)) expect(few.has(feature)).toBe(true);
  });

  it("is everything when everything is asked for", () => {
    expect([...selectFeatures(sample, 1, 1e6)]).toEqual([...Array.from({ length: featureCount(settings, 1) }).keys()]);
  });

  it("leaves out features of a species that the sample lacks", () => {
    const withGold = { ...settings, species: [1, 8, 79] };
    const chosen = selectFeatures(
      sphericalExpansion(randomNeighbourhoods(40), withGold),
      0,
      featureCount(withGold, 0) - 1,
    );
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.length).toBeLessThanOrEqual(featureCount(settings, 0));
  });

  it("hardly changes the kernel", () => {
    const kernel = (selected?: Int32Array): number[] => {
      const p = lambdaSoap(sample, 0, selected);
      const n = p.length / sample.environments;
      const dot = (i: number, j: number): number =>
        p.subarray(i * n, (i + 1) * n).reduce((sum, x, k) => sum + x * p[j * n + k], 0);
      return Array.from({ length: sample.environments }, (_, i) => dot(0, i) / Math.sqrt(dot(0, 0) * dot(i, i)));
    };
    const full = kernel();
    kernel(selectFeatures(sample, 0, 40)).forEach((k, i) => expect(Math.abs(k - full[i])).toBeLessThan(0.05));
  });
});

/** The definition: all distances, first largest. */
function plainFarthestPoints({ rows, columns, data }: Matrix, count: number, start: number): number[] {
  const nearest = new Float64Array(rows).fill(Infinity);
  const chosen = [start];
  while (chosen.length < count) {
    const last = chosen[chosen.length - 1];
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += (data[i * columns + k] - data[last * columns + k]) ** 2;
      nearest[i] = Math.min(nearest[i], sum);
    }
    chosen.push(nearest.indexOf(nearest.reduce((a, b) => Math.max(a, b))));
  }
  return chosen;
}

describe("farthest points", () => {
  it.each([
    [300, 3],
    [200, 50],
    [150, 17],
  ])("are those of the definition (%i points in %i dimensions)", (rows, columns) => {
    const random = randomGenerator(rows);
    // Lengths over three decades, as feature columns have them.
    const points = matrix(
      rows,
      columns,
      Float64Array.from(
        { length: rows * columns },
        (_, k) => 10 ** (-3 * ((Math.floor(k / columns) * 0.618) % 1)) * random.normal(),
      ),
    );
    for (const start of [0, 7])
      expect([...farthestPoints(points, 100, start)]).toEqual(plainFarthestPoints(points, 100, start));
  });

  it("give ties to the lower index", () => {
    const square = matrix(5, 2, Float64Array.of(0, 0, 1, 1, 1, -1, -1, 1, -1, -1));
    expect([...farthestPoints(square, 5)]).toEqual([0, 1, 2, 3, 4]);
  });

  it("stop at duplicates", () => {
    const points = matrix(6, 2, Float64Array.of(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 0, 0));
    expect([...farthestPoints(points, 6, 2)]).toEqual([2, 1, 5]);
    expect([...farthestPoints(matrix(4, 3), 3)]).toEqual([0]);
  });

  it("honour the stride, and empty requests", () => {
    const wide: Matrix = { rows: 3, columns: 1, stride: 2, data: Float64Array.of(0, 99, 1, -99, 5, 99) };
    expect([...farthestPoints(wide, 2)]).toEqual([0, 2]);
    expect(farthestPoints(wide, 0).length).toBe(0);
    expect(farthestPoints(matrix(0, 4), 3).length).toBe(0);
  });

  it("refuse NaN and a start that is not there", () => {
    expect(() => farthestPoints(matrix(2, 1, Float64Array.of(1, NaN)), 2)).toThrow(/row 1/);
    expect(() => farthestPoints(matrix(2, 1), 2, 2)).toThrow(/row 2 of 2/);
  });
});

describe("errors of the expansion", () => {
  it("name the atom and element that the settings lack", () => {
    const [first, second] = randomNeighbourhoods(2);
    expect(() => sphericalExpansion([first, { ...second, centre: 17 }], settings)).toThrow(
      /atom 1 \(Cl\): the descriptor knows H, O, not Cl/,
    );
    expect(() =>
      sphericalExpansion([first, { ...second, species: Uint8Array.of(8, 8, 6, 8, 8, 8) }], settings),
    ).toThrow(/a neighbour of atom 1 \(O\): the descriptor knows H, O, not C/);
  });

  it.each([
    [{ cutoffRadius: -1 }, /cutoff/],
    [{ smoothing: 0 }, /smoothing/],
    [{ sigma: NaN }, /sigma/],
    [{ nmax: 2.5 }, /nmax/],
    [{ lmax: 25 }, /lmax/],
    [{ species: [8, 1] }, /ascend/],
    [{ scaling: { exponent: 4, radius: 0 } }, /scaling/],
  ])("name the setting that is wrong: %o", (change, message) => {
    expect(() => sphericalExpansion([], { ...settings, ...change })).toThrow(message);
  });
});
