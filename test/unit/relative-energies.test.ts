import { expect, test } from "vitest";
import { relativeEnergies } from "../../dist/report/relative-energies.js";
import type { Structure } from "../../dist/structure/structure.js";

function atoms(...species: number[]): Structure {
  return {
    species: Uint8Array.from(species),
    positions: new Float64Array(3 * species.length),
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

test("energies of one formula are relative to the lowest", () => {
  const water = atoms(8, 1, 1);
  expect(relativeEnergies([water, water, water], [-76.1, -76.4, -76.3])).toMatchObject({ to: "lowest" });
  const { values } = relativeEnergies([water, water, water], [-76.1, -76.4, -76.3]);
  [0.3, 0, 0.1].forEach((x, i) => expect(values[i]).toBeCloseTo(x, 12));
});

test("those of other atoms are what a sum over elements leaves", () => {
  // e(H) = −0.5, e(C) = −38, and what is left is orthogonal to the counts of both.
  const structures = [atoms(6, 1), atoms(6, 6, 1), atoms(6, 1, 1), atoms(6, 6, 1, 1), atoms(1, 1), atoms(6)];
  const counts = structures.map(({ species }) => [
    species.filter((z) => z === 1).length,
    species.filter((z) => z === 6).length,
  ]);
  const left = [0.02, -0.01, 0.03, -0.01, -0.02, -0.01];
  const dot = (k: number): number => counts.reduce((sum, n, i) => sum + n[k] * left[i], 0);
  expect(dot(0)).toBeCloseTo(0.01, 12);
  left[4] -= dot(0) / 2;
  left[5] -= dot(1);
  const { values, to } = relativeEnergies(
    structures,
    counts.map(([h, c], i) => -0.5 * h - 38 * c + left[i]),
  );
  expect(to).toBe("elements");
  values.forEach((x, i) => expect(x).toBeCloseTo(left[i], 6));
});

test("too few structures for their elements, and elements in one proportion, are no obstacle", () => {
  expect(relativeEnergies([atoms(8, 1, 1), atoms(6)], [-76, -38])).toEqual({ values: [0, 38], to: "lowest" });
  const clusters = [1, 2, 3, 1, 2, 3].map((n) => atoms(...Array.from({ length: n }, () => [8, 1, 1]).flat()));
  const { values, to } = relativeEnergies(clusters, [-76, -152, -228, -76, -152, -228]);
  expect(to).toBe("elements");
  values.forEach((x) => expect(x).toBeCloseTo(0, 5));
});
