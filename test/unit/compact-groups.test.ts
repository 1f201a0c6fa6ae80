/** Groups of neighbouring atoms. */
import { describe, expect, it } from "vitest";
import { randomGenerator } from "../../dist/math/random.js";
import { compactGroups } from "../../dist/structure/compact-groups.js";
import type { Structure } from "../../dist/structure/structure.js";

function atoms(positions: Float64Array, cell?: Structure["cell"]): Structure {
  const species = new Uint8Array(positions.length / 3).fill(1);
  return { species, positions, charge: 0, unpaired: 0, info: {}, ...(cell ? { cell } : {}) };
}

describe("groups of atoms", () => {
  it("are all atoms where there are few", () => {
    expect(compactGroups(atoms(new Float64Array(9)), [3, 4, 5], 12)).toEqual([[0, 1, 2]]);
  });

  it("lie side by side along the longest side, each atom in one, about as large as allowed", () => {
    const random = randomGenerator(3);
    const positions = Float64Array.from({ length: 300 }, (_, k) => [100, 1, 1][k % 3] * random.uniform());
    const sizes = Array.from({ length: 100 }, () => 5 + Math.floor(20 * random.uniform()));
    const groups = compactGroups(atoms(positions), sizes, 200);
    expect(groups.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(groups).toHaveLength(Math.ceil(total / 200));
    let end = -Infinity;
    for (const group of groups) {
      expect(group.reduce((sum, i) => sum + sizes[i], 0)).toBeLessThan(230);
      const along = group.map((i) => positions[3 * i]);
      expect(Math.min(...along)).toBeGreaterThan(end);
      end = Math.max(...along);
    }
  });

  it("hold an atom at least, be it larger than allowed, also where atoms are on one another", () => {
    expect(compactGroups(atoms(new Float64Array(9)), [50, 50, 50], 10)).toEqual([[0], [1], [2]]);
  });

  it("are those of any images of the atoms of a crystal", () => {
    const random = randomGenerator(5);
    const vectors = Float64Array.from([20, 0, 0, 3, 18, 0, -2, 4, 25]);
    const fractions = Float64Array.from({ length: 120 }, (_, k) => (k < 3 ? 0 : random.uniform()));
    const placed = (images: () => number): Structure => {
      const positions = new Float64Array(120);
      for (let i = 0; i < 120; i += 3)
        for (let k = 0; k < 3; k++) {
          const f = fractions[i + k] + images();
          for (let d = 0; d < 3; d++) positions[i + d] += f * vectors[3 * k + d];
        }
      return atoms(positions, { vectors, periodic: [true, true, true] });
    };
    const sizes = Array.from({ length: 40 }, () => 10);
    const here = compactGroups(
      placed(() => 0),
      sizes,
      60,
    );
    expect(here.length).toBeGreaterThan(5);
    expect(
      compactGroups(
        placed(() => Math.floor(5 * random.uniform()) - 2),
        sizes,
        60,
      ),
    ).toEqual(here);
  });
});
