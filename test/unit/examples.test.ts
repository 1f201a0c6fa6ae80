/** The examples run and say what they promise; the structures among them are sound. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { cellVolume } from "../../dist/structure/cell.js";
import { latticeImages } from "../../dist/structure/lattice-images.js";
import { BOHR_IN_ANGSTROM } from "../../dist/units.js";

const folder = resolve(import.meta.dirname, "../../examples");
const promises: Readonly<Record<string, RegExp>> = {
  "learn-water.mjs": /learned 8 densities[^]*one diagonalisation (-76\.\d{4})\d+ Eh, converged \1/,
};

it.each(readdirSync(folder).filter((name) => name.endsWith(".mjs")))("%s", async (name) => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, name)]);
  expect(stdout).toMatch(promises[name]);
});

/**
 * Frames of liquid water with quantum nuclei have nearest oxygens from 2.48 to 3.18 Å, bonds of
 * 0.98 ± 0.07 Å and hydrogen bonds of 1.45 Å or more; what is trained on them knows nothing else.
 */
it("water-32.extxyz is liquid water at 1 g/cm³", () => {
  const [box, ...others] = readExtxyz(readFileSync(join(folder, "water-32.extxyz"), "utf8"));
  expect(others).toEqual([]);
  const { species, positions, cell } = box;
  const { vectors } = cell!;
  const grams = (32 * 18.015) / 6.02214076e23;
  expect(grams / (cellVolume(vectors) * (BOHR_IN_ANGSTROM * 1e-8) ** 3)).toBeCloseTo(1, 4);
  const images = latticeImages(vectors);
  const near = (i: number, z: number): number[] =>
    [...species.keys()]
      .filter((j) => j !== i && species[j] === z)
      .flatMap((j) => {
        const d = [0, 1, 2].map((k) => positions[3 * j + k] - positions[3 * i + k]);
        const found = images.within(d[0], d[1], d[2], 8);
        return Array.from({ length: found.length / 3 }, (_, n) => Math.hypot(...found.subarray(3 * n, 3 * n + 3)));
      })
      .toSorted((a, b) => a - b)
      .map((r) => r * BOHR_IN_ANGSTROM);
  for (const [i, z] of species.entries()) {
    const oxygens = near(i, 8);
    if (z === 1) {
      expect(Math.abs(oxygens[0] - 0.978)).toBeLessThan(0.15);
      expect(oxygens[1]).toBeGreaterThan(1.55);
    } else {
      expect(near(i, 1)[1]).toBeLessThan(1.15);
      expect(oxygens[0]).toBeGreaterThan(2.5);
      expect(oxygens[0]).toBeLessThan(3);
    }
  }
});
