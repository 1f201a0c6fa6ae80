/** Radicals and smearing through the command line: scf, reference, show, and what is refused. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMolden } from "../../dist/io/molden.js";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
writeFileSync(join(folder, "radical.xyz"), "2\nspin=1\nO 0 0 0\nH 0 0 0.97\n");
writeFileSync(join(folder, "odd.xyz"), "1\n\nH 0 0 0\n");
const grid = ["--grid", "1", "--workers", "1"];

test("a radical: both spins in the molden file, spin density in the dataset", async () => {
  const scf = await brineHere(["scf", "radical.xyz", "--molden", "orbitals", "--json", ...grid], folder);
  expect(scf.code).toBe(0);
  const [row] = (JSON.parse(scf.stdout) as { structures: { spinSquared: number; energy: number }[] }).structures;
  expect(Math.abs(row.spinSquared - 0.7515)).toBeLessThan(1e-3); // PySCF, another bond length: 0.75146
  const { orbitals } = readMolden(readFileSync(join(folder, "orbitals/0.molden"), "utf8"));
  const electrons = (spin: string): number =>
    orbitals.filter((one) => one.spin === spin).reduce((sum, { occupation }) => sum + occupation, 0);
  expect([electrons("alpha"), electrons("beta")]).toEqual([5, 4]);

  expect((await brineHere(["reference", "radical.xyz", "--out", "radical.db", "--quiet", ...grid], folder)).code).toBe(
    0,
  );
  const shown = JSON.parse((await brineHere(["show", "radical.db", "--index", "0", "--json"], folder)).stdout) as {
    energy: number;
    spinSquared: number;
    coefficients: number[];
    spinCoefficients: number[];
  };
  expect(shown.energy).toBeCloseTo(row.energy, 7);
  expect(shown.spinSquared).toBeCloseTo(row.spinSquared, 6);
  expect(shown.spinCoefficients).toHaveLength(shown.coefficients.length);
});

test("smearing is part of the level, and fractional occupations are written", async () => {
  const { code, stdout } = await brineHere(
    ["scf", "radical.xyz", "--smearing", "0.02", "--molden", "warm", "--json", ...grid],
    folder,
  );
  expect(code).toBe(0);
  const { level, structures } = JSON.parse(stdout) as {
    level: string;
    structures: { components: { entropy: number } }[];
  };
  expect(level).toBe("pbe/def2-svp, kT 0.02 Eh");
  expect(structures[0].components.entropy).toBeLessThan(-1e-3);
  const { orbitals } = readMolden(readFileSync(join(folder, "warm/0.molden"), "utf8"));
  expect(orbitals.some(({ occupation }) => occupation > 0.01 && occupation < 0.99)).toBe(true);
});

test("what is refused says why", async () => {
  const odd = await brineHere(["scf", "odd.xyz", "--json", ...grid], folder);
  expect(odd.code).toBe(1);
  expect(odd.stdout).toMatch(/odd number of electrons \(1\); set the number of unpaired electrons/);
  const forces = await brineHere(["scf", "radical.xyz", "--forces", "--json", ...grid], folder);
  expect(forces.code).toBe(1);
  expect(forces.stdout).toMatch(/closed shells only/);
  const wrong = await brineHere(["scf", "radical.xyz", "--damping", "1"], folder);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/--damping: expected a number from 0 to below 1/);
});
