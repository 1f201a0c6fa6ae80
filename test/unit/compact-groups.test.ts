/** Groups of neighbouring atoms. */
import { describe, expect, it } from "vitest";
import { randomGenerator } from "../../dist/math/random.js";
import { compactGroups } from "../../dist/structure/compact-groups.js";

describe("groups of atoms", () => {
  it("are all atoms where there are few", () => {
    expect(compactGroups(new Float64Array(9), [3, 4, 5], 12)).toEqual([[0, 1, 2]]);
  });

  it("lie side by side along the longest side, each atom in one, about as large as allowed", () => {
    const random = randomGenerator(3);
    const positions = Float64Array.from({ length: 300 }, (_, k) => [100, 1, 1][k % 3] * random.uniform());
    const sizes = Array.from({ length: 100 }, () => 5 + Math.floor(20 * random.uniform()));
    const groups = compactGroups(positions, sizes, 200);
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
    expect(compactGroups(new Float64Array(9), [50, 50, 50], 10)).toEqual([[0], [1], [2]]);
  });
});
