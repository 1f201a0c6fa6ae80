/** What lattice sums must not depend on: the choice of the cell, wrapping, the order of atoms; and where they must lead: molecules. */
import { describe, expect, it } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { kineticMatrix, overlapMatrix } from "../../dist/integrals/index.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { latticeImages } from "../../dist/structure/lattice-images.js";
import { latticeMatrices } from "../../dist/periodic/lattice-matrices.js";
import type { Structure } from "../../dist/structure/structure.js";
import { difference } from "./matrix-difference.js";

const level = { orbitals: basisByName("dzvp-molopt-sr-gth"), pseudopotentials: pseudopotentialsByName("gth-pbe") };
const vectors = [7.5, 0.3, -0.4, 1.3, 8.1, 0.6, -0.7, 0.9, 9.0];
const water = [0, 0, 0, 1.43, 1.1, 0.1, -1.43, 1.05, -0.3];

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

const parts = ["overlap", "kinetic", "localShortRange", "nonlocal"] as const;

async function expectSame(a: Structure, b: Structure, order?: readonly number[], tolerance = 1e-11): Promise<void> {
  const [first, second] = [await latticeMatrices(a, level), await latticeMatrices(b, level)];
  for (const part of parts) expect(difference(first[part], second[part], order), part).toBeLessThan(tolerance);
  expect(first.coreOverlap).toBeCloseTo(second.coreOverlap, 13);
}

describe("lattice sums do not depend on", () => {
  it("where the origin is", async () => {
    await expectSame(
      structure(vectors),
      structure(
        vectors,
        water.map((x, k) => x + [0.37, -2.1, 5.3][k % 3]),
      ),
    );
  });

  it("which image of an atom is given", async () => {
    const moved = water.map((x, k) => (k >= 3 && k < 6 ? x + vectors[k - 3] - 2 * vectors[k + 3] : x));
    await expectSame(structure(vectors), structure(vectors, moved));
  });

  it("the choice of lattice vectors", async () => {
    const [a, b, c] = [vectors.slice(0, 3), vectors.slice(3, 6), vectors.slice(6)];
    const skewed = [...a, ...b.map((x, k) => x - a[k]), ...c.map((x, k) => x + a[k] + 2 * b[k])];
    await expectSame(structure(vectors), structure(skewed));
    await expectSame(structure(vectors), structure([...b, ...a, ...c]));
  });

  it("the order of atoms", async () => {
    const order = [...Array.from({ length: 13 }, (_, k) => k + 5), ...Array.from({ length: 5 }, (_, k) => k)];
    order.push(...Array.from({ length: 5 }, (_, k) => k + 18));
    const moved = [...water.slice(3, 6), ...water.slice(0, 3), ...water.slice(6)];
    await expectSame(structure(vectors), structure(vectors, moved, [1, 8, 1]), order);
  });
});

it("a doubled cell holds the sums of the single one", async () => {
  const single = await latticeMatrices(structure(vectors), level);
  const both = [...water, ...water.map((x, k) => x + vectors[k % 3])];
  const doubled = [...vectors.slice(0, 3).map((x) => 2 * x), ...vectors.slice(3)];
  const double = await latticeMatrices(structure(doubled, both, [8, 1, 1, 8, 1, 1]), level);
  const n = single.overlap.rows;
  for (const part of parts)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const row = double[part].data.subarray(2 * n * i, 2 * n * (i + 1));
        expect(Math.abs(row[j] + row[n + j] - single[part].data[n * i + j])).toBeLessThan(1e-10);
      }
  expect(double.coreOverlap).toBeCloseTo(2 * single.coreOverlap, 13);
});

it("in a growing box they become those of the molecule", async () => {
  const placed = placeBasis(level.orbitals, structure(vectors));
  const molecule = { overlap: overlapMatrix(placed), kinetic: kineticMatrix(placed) };
  const box = async (edge: number) => latticeMatrices(structure([edge, 0, 0, 0, edge, 0, 0, 0, edge]), level);
  const [small, large] = [await box(12), await box(32)];
  for (const part of ["overlap", "kinetic"] as const) {
    expect(difference(small[part], molecule[part])).toBeGreaterThan(1e-4);
    expect(difference(large[part], molecule[part])).toBeLessThan(1e-12);
  }
});

describe("latticeImages", () => {
  it("finds every image within the radius, once", () => {
    const cell = Float64Array.from([2, 0, 0, 5.9, 2, 0, 0.3, 0.4, 3]);
    const found = latticeImages(cell).within(0.3, -0.2, 0.9, 6);
    const expected: string[] = [];
    for (let a = -40; a <= 40; a++)
      for (let b = -12; b <= 12; b++)
        for (let c = -6; c <= 6; c++) {
          const d = [0, 1, 2].map((k) => [0.3, -0.2, 0.9][k] + a * cell[k] + b * cell[3 + k] + c * cell[6 + k]);
          if (Math.hypot(...d) < 6) expected.push(d.map((x) => x.toFixed(9)).join());
        }
    const keys = Array.from({ length: found.length / 3 }, (_, k) =>
      [...found.subarray(3 * k, 3 * k + 3)].map((x) => x.toFixed(9)).join(),
    );
    expect(keys.toSorted()).toEqual(expected.toSorted());
  });
});

describe("a structure that cannot be periodic is refused", () => {
  const { cell, ...rest } = structure(vectors);
  it.each([
    ["no cell", rest, /no periodic cell/],
    ["two directions", { ...rest, cell: { ...cell!, periodic: [true, true, false] as const } }, /all three directions/],
    ["no volume", structure([1, 0, 0, 0, 1, 0, 1, 1, 0]), /no volume/],
    ["an atom on an image of another", structure(vectors, [...water.slice(0, 6), 7.5, 0.3, -0.1]), /images overlap/],
    ["an atom on its own image", structure([0.4, 0, 0, 0, 9, 0, 0, 0, 9]), /images overlap: 0.400 bohr/],
    ["an element without potential", structure(vectors, water, [79, 1, 1]), /no pseudopotential for Au/],
  ])("%s", async (_, wrong, message) => {
    await expect(latticeMatrices(wrong, level)).rejects.toThrow(message);
  });

  it("all-electron orbitals", async () => {
    const orbitals = basisByName("def2-svp");
    await expect(latticeMatrices(structure(vectors), { orbitals })).rejects.toThrow(/need pseudopotentials/);
    await expect(latticeMatrices(structure(vectors), { ...level, orbitals })).rejects.toThrow(/all-electron basis/);
  });
});
