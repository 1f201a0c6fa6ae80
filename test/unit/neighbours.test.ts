import { describe, expect, it } from "vitest";
import { randomGenerator } from "../../dist/math/random.js";
import { type Neighbourhood, neighbourhoods } from "../../dist/structure/neighbours.js";
import type { Structure } from "../../dist/structure/structure.js";

type Periodic = readonly [boolean, boolean, boolean];
const ALL: Periodic = [true, true, true];

function structure(
  species: number[],
  positions: ArrayLike<number>,
  vectors?: number[],
  periodic: Periodic = ALL,
): Structure {
  return {
    species: Uint8Array.from(species),
    positions: Float64Array.from(positions),
    ...(vectors ? { cell: { vectors: Float64Array.from(vectors), periodic } } : {}),
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

/** Neighbours by trying every image up to `images` cells away: `species x y z`, sorted. */
function bruteForce({ species, positions, cell }: Structure, atom: number, cutoff: number, images: number): string[] {
  const found: string[] = [];
  const range = (k: number): number => (cell?.periodic[k] ? images : 0);
  for (let j = 0; j < species.length; j++)
    for (let a = -range(0); a <= range(0); a++)
      for (let b = -range(1); b <= range(1); b++)
        for (let c = -range(2); c <= range(2); c++) {
          if (j === atom && a === 0 && b === 0 && c === 0) continue;
          const shift = [0, 1, 2].map((d) =>
            cell ? a * cell.vectors[d] + b * cell.vectors[3 + d] + c * cell.vectors[6 + d] : 0,
          );
          const r = [0, 1, 2].map((d) => positions[3 * j + d] - positions[3 * atom + d] + shift[d]);
          if (Math.hypot(...r) < cutoff) found.push(line(species[j], r));
        }
  return found.toSorted();
}

const line = (z: number, r: ArrayLike<number>): string =>
  [z, ...Array.from(r, (x) => (Math.round(x * 1e8) / 1e8 + 0).toFixed(8))].join(" ");

function lines({ species, displacements }: Neighbourhood): string[] {
  return Array.from(species, (z, k) => line(z, displacements.subarray(3 * k, 3 * k + 3))).toSorted();
}

const random = randomGenerator(3);
const cloud = (count: number, size: number): number[] =>
  Array.from({ length: 3 * count }, () => size * random.uniform());
const TRICLINIC = [7, 0, 0, 3.5, 6.2, 0, -2, 2, 6.8];
/** Four atoms at least 2 bohr apart in the triclinic cell. */
const BASIS = [0.2, 0.1, 0.3, 1.9, 0.4, 2.2, -0.4, 3.8, 0.5, 3.1, 3.3, 3.9];

describe("neighbourhoods", () => {
  it("are those of a search over all pairs, for a molecule", () => {
    const molecule = structure(
      Array.from({ length: 120 }, () => 1 + random.integer(8)),
      cloud(120, 30),
    );
    neighbourhoods(molecule, 6).forEach((found, i) => expect(lines(found)).toEqual(bruteForce(molecule, i, 6, 0)));
  });

  it.each<[string, number[], Periodic, number]>([
    ["triclinic cell smaller than the cutoff sphere", TRICLINIC, ALL, 11],
    ["triclinic cell, short cutoff", TRICLINIC, ALL, 2.5],
    ["slab", [7, 0, 0, 1, 6.5, 0, 0, 0, 0], [true, true, false], 9],
    ["slab whose open vector leans", [7, 0, 0, 1, 6.5, 0, 5, 5, 30], [true, true, false], 9],
    ["wire along no axis", [6, 1, 2, 0, 0, 0, 0, 0, 0], [true, false, false], 9],
    ["cell without periodic directions", TRICLINIC, [false, false, false], 9],
  ])("are those of a search over all images: %s", (_, vectors, periodic, cutoff) => {
    const crystal = structure([8, 1, 1, 14], BASIS, vectors, periodic);
    neighbourhoods(crystal, cutoff).forEach((found, i) =>
      expect(lines(found)).toEqual(bruteForce(crystal, i, cutoff, 5)),
    );
  });

  it("do not depend on which image of an atom is given", () => {
    const moved = BASIS.map((x, k) => x + [2 * 7 - 3.5, -6.2, 0, 0, 0, 0, 3.5 - 2, 6.2 + 2, 6.8, 0, 0, 0][k]);
    const [a, b] = [BASIS, moved].map((positions) =>
      neighbourhoods(structure([8, 1, 1, 14], positions, TRICLINIC), 8).map(lines),
    );
    expect(b).toEqual(a);
  });

  it("list periodic images of the atom itself, not the atom", () => {
    const [only] = neighbourhoods(structure([3], [1, 2, 3], [5, 0, 0, 0, 5, 0, 0, 0, 5]), 5.1);
    expect(only.species.length).toBe(6);
  });

  it("of an atom alone are empty", () => {
    const [a, b] = neighbourhoods(structure([2, 10], [0, 0, 0, 1e9, 0, 0]), 8);
    expect([a.centre, a.species.length, b.centre, b.species.length]).toEqual([2, 0, 10, 0]);
  });

  it("are right for atoms farther apart than bins can count", () => {
    const far = structure([1, 1, 1, 1], [0, 0, 0, 4e6, 3e6, 2e6, 4e6 + 1, 3e6, 2e6, 4e6 + 9, 3e6, 2e6]);
    expect(neighbourhoods(far, 8.5).map(({ species }) => species.length)).toEqual([0, 1, 2, 1]);
  });

  it("exclude an atom exactly at the cutoff", () => {
    const pair = structure([1, 1], [0, 0, 0, 4, 0, 0]);
    expect(neighbourhoods(pair, 4)[0].species.length).toBe(0);
    expect(neighbourhoods(pair, 4.000001)[0].species.length).toBe(1);
  });

  it("take time in proportion to the atoms", () => {
    const count = 100_000;
    const positions = Float64Array.from({ length: 3 * count }, (_, k) => (k % 3 === 0 ? k : 0));
    const start = process.cpuUsage();
    const found = neighbourhoods(structure(Array.from(positions, () => 6).slice(0, count), positions), 8);
    expect(found[count / 2].species.length).toBe(4);
    // Measured 1 s of processor time; the 10¹⁰ pairs of a quadratic search take more than 20 s.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10);
  });

  it("refuse atoms on top of each other across the boundary, flat cells and NaN", () => {
    expect(() => neighbourhoods(structure([1, 8], [0, 0, 0, 4.9, 5, 5], [5, 0, 0, 0, 5, 0, 0, 0, 5]), 4)).toThrow(
      /atoms 0 \(H\) and 1 \(O\) or their periodic images overlap: 0\.100 bohr/,
    );
    expect(() => neighbourhoods(structure([1], [0, 0, 0], [5, 0, 0, 10, 0, 0, 0, 0, 5]), 4)).toThrow(/no volume/);
    expect(() => neighbourhoods(structure([1], [0, NaN, 0]), 4)).toThrow(/atom 0 is not a number/);
    expect(() => neighbourhoods(structure([1, 1], [0, 0, 0, 3, NaN, 0], TRICLINIC), 4)).toThrow(
      /atom 1 is not a number/,
    );
    expect(() => neighbourhoods(structure([1], [0, 0, 0], TRICLINIC), Infinity)).toThrow(/cutoff radius/);
  });
});
