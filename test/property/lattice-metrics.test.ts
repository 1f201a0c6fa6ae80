/** Metrics of periodic auxiliary functions: against sums done by brute force, a physical constant, and each other's symmetries. */
import { describe, expect, it } from "vitest";
import { placeBasis, type Basis, type PlacedBasis } from "../../dist/basis/basis.js";
import { metricMatrix } from "../../dist/density/metric.js";
import { latticeCoulombMetric, latticeOverlapMatrix } from "../../dist/integrals/index.js";
import type { Matrix } from "../../dist/math/matrix.js";
import { solidHarmonics } from "../../dist/math/solid-harmonics.js";
import { basisByName } from "../../dist/node/library.js";
import { cellVolume } from "../../dist/structure/cell.js";
import { reciprocalVectors } from "../../dist/structure/reciprocal-lattice.js";
import type { Structure } from "../../dist/structure/structure.js";
import { difference } from "./matrix-difference.js";

const vectors = [7.5, 0.3, -0.4, 1.3, 8.1, 0.6, -0.7, 0.9, 9.0];
const water = [0, 0, 0, 1.43, 1.1, 0.1, -1.43, 1.05, -0.3];
/** Exponents low enough for sums over all G; g functions and contractions are among them. */
const smooth = basisByName("def2-universal-jfit:uncontracted:1.6");
const contracted: Basis = {
  name: "contracted",
  shells: { 1: [{ l: 1, exponents: [1.5, 0.3, 0.15], coefficients: [0.4, 0.5, 0.3] }], 8: smooth.shells[8] },
};

function structure(cell: readonly number[], positions: readonly number[] = water, species = [8, 1, 1]): Structure {
  return {
    species: Uint8Array.from(species),
    positions: Float64Array.from(positions),
    cell: { vectors: Float64Array.from(cell), periodic: [true, true, true] },
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

/** (1/V) Σ_G w(G²) χ̂_P*(G) χ̂_Q(G) over all |G| < gmax. */
function sumOverG({ shells, size }: PlacedBasis, cell: Float64Array, gmax: number, w: (g2: number) => number): Matrix {
  const b = reciprocalVectors(cell);
  const most = [0, 1, 2].map((k) => Math.ceil((gmax * Math.hypot(...cell.subarray(3 * k, 3 * k + 3))) / 6.28));
  const data = new Float64Array(size * size);
  const [re, im, harmonics] = [new Float64Array(size), new Float64Array(size), new Float64Array(25)];
  for (let i = 0; i <= most[0]; i++)
    for (let j = -most[1]; j <= most[1]; j++)
      for (let k = -most[2]; k <= most[2]; k++) {
        const [x, y, z] = [0, 1, 2].map((a) => 2 * Math.PI * (i * b[a] + j * b[3 + a] + k * b[6 + a]));
        const g2 = x * x + y * y + z * z;
        if (g2 > gmax * gmax) continue;
        solidHarmonics(4, x, y, z, harmonics);
        for (const shell of shells) {
          let radial = 0;
          shell.exponents.forEach((e, q) => {
            radial += shell.factors[q] * (Math.PI / e) ** 1.5 * (2 * e) ** -shell.l * Math.exp(-g2 / (4 * e));
          });
          const phase = x * shell.x + y * shell.y + z * shell.z + (shell.l * Math.PI) / 2;
          for (let m = 0; m <= 2 * shell.l; m++) {
            const value = radial * harmonics[shell.l * shell.l + m];
            re[shell.first + m] = value * Math.cos(phase);
            im[shell.first + m] = -value * Math.sin(phase);
          }
        }
        const weight = ((i > 0 ? 2 : 1) * w(g2)) / cellVolume(cell);
        for (let p = 0; p < size; p++)
          for (let q = 0; q <= p; q++) data[p * size + q] += weight * (re[p] * re[q] + im[p] * im[q]);
      }
  for (let p = 0; p < size; p++) for (let q = 0; q < p; q++) data[q * size + p] = data[p * size + q];
  return { rows: size, columns: size, data };
}

describe("a triclinic cell by sums over all G", () => {
  const cell = Float64Array.from(vectors);
  it.each([
    ["primitives up to g", smooth],
    ["contractions", contracted],
  ])("%s", (_, basis) => {
    const placed = placeBasis(basis, structure(vectors));
    expect(
      difference(
        latticeOverlapMatrix(placed, cell),
        sumOverG(placed, cell, 10.8, () => 1),
      ),
    ).toBeLessThan(2e-11);
    const coulomb = sumOverG(placed, cell, 10.8, (g2) => (g2 > 0 ? (4 * Math.PI) / g2 : 0));
    expect(difference(latticeCoulombMetric(placed, cell), coulomb)).toBeLessThan(5e-12);
  });

  it("however the sum is split", () => {
    const placed = placeBasis(contracted, structure(vectors));
    const [narrow, wide] = [latticeCoulombMetric(placed, cell, 0.1), latticeCoulombMetric(placed, cell, 2)];
    expect(difference(narrow, wide)).toBeLessThan(5e-12);
  });
});

it("point charges on the sites of rock salt have Madelung's energy", () => {
  const d = 4;
  const sites = [0, 0, 0, d, d, 0, d, 0, d, 0, d, d, d, 0, 0, 0, d, 0, 0, 0, d, d, d, d];
  const ions = structure([2 * d, 0, 0, 0, 2 * d, 0, 0, 0, 2 * d], sites, [11, 11, 11, 11, 17, 17, 17, 17]);
  const gamma = 40;
  const tight = [{ l: 0, exponents: [gamma], coefficients: [1] }];
  const placed = placeBasis({ name: "charges", shells: { 11: tight, 17: tight } }, ions);
  const metric = latticeCoulombMetric(placed, ions.cell!.vectors);
  const unit = ((2 * gamma) / Math.PI) ** 0.75 * (Math.PI / gamma) ** 1.5; // charge of a normalised s function
  let energy = -8 * unit ** 2 * Math.sqrt(gamma / (2 * Math.PI)); // of the charges themselves
  for (let i = 0; i < 8; i++)
    for (let j = 0; j < 8; j++) energy += (i < 4 === j < 4 ? 0.5 : -0.5) * metric.data[8 * i + j];
  expect(energy / unit ** 2).toBeCloseTo((-4 * 1.747564594633182) / d, 9);
});

describe("neither metric depends on", () => {
  const metrics = (s: Structure): Matrix[] =>
    (["overlap", "coulomb"] as const).map((name) => metricMatrix(name, placeBasis(smooth, s), s));
  const expectSame = (a: Structure, b: Structure, order?: readonly number[]): void => {
    const [first, second] = [metrics(a), metrics(b)];
    first.forEach((metric, k) => expect(difference(metric, second[k], order)).toBeLessThan(1e-11));
  };

  it("where the origin is, or which image of an atom is given", () => {
    expectSame(
      structure(vectors),
      structure(
        vectors,
        water.map((x, k) => x + [0.37, -2.1, 5.3][k % 3]),
      ),
    );
    const moved = water.map((x, k) => (k >= 3 && k < 6 ? x + vectors[k - 3] - 2 * vectors[k + 3] : x));
    expectSame(structure(vectors), structure(vectors, moved));
  });

  it("the choice of lattice vectors", () => {
    const [a, b, c] = [vectors.slice(0, 3), vectors.slice(3, 6), vectors.slice(6)];
    expectSame(
      structure(vectors),
      structure([...a, ...b.map((x, k) => x - a[k]), ...c.map((x, k) => x + a[k] + b[k])]),
    );
  });

  it("the order of atoms", () => {
    const s = structure(vectors);
    const { atomFirst, size } = placeBasis(smooth, s);
    const range = (atom: number, shift: number): number[] =>
      Array.from({ length: atomFirst[atom + 1] - atomFirst[atom] }, (_, k) => atomFirst[atom] + k + shift);
    const hydrogen = atomFirst[2] - atomFirst[1];
    const order = [...range(0, hydrogen), ...range(1, -atomFirst[1]), ...range(2, 0)];
    expect(order.length).toBe(size);
    expectSame(
      s,
      structure(vectors, [...water.slice(3, 6), ...water.slice(0, 3), ...water.slice(6)], [1, 8, 1]),
      order,
    );
  });

  it("the number of cells that are called one", () => {
    const [single, both] = [metrics(structure(vectors)), [...water, ...water.map((x, k) => x + vectors[k % 3])]];
    const doubled = [...vectors.slice(0, 3).map((x) => 2 * x), ...vectors.slice(3)];
    metrics(structure(doubled, both, [8, 1, 1, 8, 1, 1])).forEach((double, k) => {
      const n = single[k].rows;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const row = double.data.subarray(2 * n * i, 2 * n * (i + 1));
          expect(Math.abs(row[j] + row[n + j] - single[k].data[n * i + j])).toBeLessThan(1e-11);
        }
    });
  });
});
