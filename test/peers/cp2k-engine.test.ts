/** The engine cp2k against the builtin one: two programs, the same functions, pseudopotentials and grids. */
import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Basis } from "../../dist/basis/basis.js";
import { realDensity } from "../../dist/kohn-sham/state.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import type { LevelOfTheory } from "../../dist/level.js";
import { createCp2kEngine } from "../../dist/node/cp2k-engine.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { periodicStructure, type PeriodicData } from "../oracle/periodic-structures.js";
import { brine, temporaryFolder } from "../cli/run-brine.js";
import { cp2kAvailable } from "./available.js";

const jfit = (largest: number): Basis => basisByName(`def2-universal-jfit:uncontracted:${largest}`);
const molopt = basisByName("dzvp-molopt-sr-gth");

function level(functional: string, cutoff: number, orbitals: Basis = molopt): LevelOfTheory {
  return {
    functional,
    orbitals,
    pseudopotentials: pseudopotentialsByName(functional === "lda" ? "gth-pade" : "gth-pbe"),
    auxiliary: jfit(30),
    fitMetric: "coulomb",
    numerics: { engine: "cp2k", version: "test", planewaveCutoff: cutoff / 2, tolerance: 1e-11 },
  };
}

const WATER: PeriodicData = {
  species: ["O", "H", "H"],
  positions: [
    [5.67, 5.67, 5.76],
    [6.9, 6.71, 4.82],
    [4.35, 6.8, 6.33],
  ],
  cell: [11.34, 11.34, 11.34],
};

/** Two atoms in the primitive cell. */
const SILICON: PeriodicData = {
  species: ["Si", "Si"],
  positions: [
    [0.1, 0, 0],
    [2.6, 2.55, 2.6],
  ],
  cell: [
    [0, 5.13, 5.13],
    [5.13, 0, 5.13],
    [5.13, 5.13, 0],
  ],
};

/** With an s function that belongs between the shells of the others, so that the two programs number them differently. */
const WITH_DIFFUSE_S: Basis = {
  ...molopt,
  shells: {
    ...molopt.shells,
    8: [{ l: 0, exponents: [0.13], coefficients: [1] }, ...molopt.shells[8]],
  },
};

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));
}

const kept = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("brine-cp2k-"));

describe.runIf(cp2kAvailable)("ground states and fits", () => {
  test.each([
    ["water with CP2K's own PBE", WATER, level("pbe-cp2k", 300)],
    ["water with the PBE of libxc and other functions", WATER, level("pbe", 200, WITH_DIFFUSE_S)],
    ["water with lda", WATER, level("lda", 200)],
    ["silicon in a skewed cell", SILICON, { ...level("pbe-cp2k", 120), auxiliary: jfit(10) }],
  ])("of %s agree", { timeout: 300_000 }, async (_, data, at) => {
    const structure = periodicStructure(data);
    const [cp2k, builtin] = [
      createCp2kEngine(at),
      createBuiltinEngine({ ...at, numerics: { ...at.numerics, engine: "builtin" } }),
    ];
    const before = kept();
    const [theirs, ours] = [await cp2k.groundState(structure), await builtin.groundState(structure)];
    expect(kept()).toEqual(before);
    // Grids of the two differ below CP2K's EPS_DEFAULT of 1e-12 and brine's cut-off of functions; both see some 1e-7.
    expect(Math.abs(theirs.energy - ours.energy) / data.species.length).toBeLessThan(2e-7);
    expect(Object.keys(theirs.components).toSorted()).toEqual(Object.keys(ours.components).toSorted());
    for (const [name, value] of Object.entries(ours.components))
      expect(Math.abs(new Map(Object.entries(theirs.components)).get(name)! - value)).toBeLessThan(5e-6);
    expect(distance(theirs.state.orbitals[0].energies, ours.state.orbitals[0].energies)).toBeLessThan(2e-5);
    expect(distance(realDensity(theirs.state).data, realDensity(ours.state).data)).toBeLessThan(2e-5);
    expect(theirs.state.orbitals[0].occupied).toBe(ours.state.orbitals[0].occupied);
    const [their, our] = [await cp2k.fit(theirs), await builtin.fit(ours)];
    expect(distance(their.density.coefficients, our.density.coefficients)).toBeLessThan(1e-5);
    expect(their.quality.selfRepulsion! / our.quality.selfRepulsion!).toBeCloseTo(1, 4);
  });
});

const folder = temporaryFolder();
writeFileSync(
  join(folder, "hydrogen.xyz"),
  [0.72, 0.74, 0.78].map((bond) => `2\nLattice="4 0 0 0 4 0 0 0 4" pbc="T T T"\nH 0 0.1 0\nH 0 0.3 ${bond}\n`).join(""),
);

describe.runIf(cp2kAvailable)("brine reference --engine cp2k", { timeout: 300_000 }, () => {
  test("makes references that the builtin engine goes on with", async () => {
    const words = ["--level", "pbe/dzvp-molopt-sr-gth", "--cutoff", "120", "--json"];
    const made = await brine(
      ["reference", "hydrogen.xyz", "--out", "h.db", "--engine", "cp2k", "--workers", "1", ...words],
      folder,
    );
    expect(JSON.parse(made.stdout)).toMatchObject({ added: 3, failed: [] });
    const { stdout } = await brine(["reference", "hydrogen.xyz", "--out", "h.db", ...words], folder);
    expect(JSON.parse(stdout)).toMatchObject({ added: 0, skipped: 3 });
    await brine(["train", "h.db", "--out", "h.safetensors", "--train", "2", "--quiet"], folder);
    const validated = await brine(["validate", "h.safetensors", "h.db", "--energies", "--json"], folder);
    const { energy } = JSON.parse(validated.stdout) as { energy: { fitFloorMaeMeVPerAtom: number } };
    expect(energy.fitFloorMaeMeVPerAtom).toBeLessThan(0.05);
  });
});
