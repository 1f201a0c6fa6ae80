/** `brine scf --forces` through the real command line. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
writeFileSync(join(folder, "hydrogen.xyz"), "2\n\nH 0 0 0\nH 0.3 0.2 0.9\n");

test("forces are one vector an atom, opposite in hydrogen; without the option there are none", async () => {
  const words = ["scf", "hydrogen.xyz", "--grid", "1", "--json"];
  const { code, stdout } = await brineHere([...words, "--forces"], folder);
  expect(code).toBe(0);
  const [{ forces }] = (JSON.parse(stdout) as { structures: { forces: [number, number, number][] }[] }).structures;
  expect(forces.length).toBe(2);
  for (let axis = 0; axis < 3; axis++) expect(Math.abs(forces[0][axis] + forces[1][axis])).toBeLessThan(1e-10);
  // Stretched from 0.74 to 0.97 Å, so the atoms pull at each other along the bond.
  const along = (0.3 * forces[0][0] + 0.2 * forces[0][1] + 0.9 * forces[0][2]) / Math.hypot(0.3, 0.2, 0.9);
  expect(along).toBeGreaterThan(0.05);
  expect(Math.abs(along - Math.hypot(...forces[0]))).toBeLessThan(1e-3);
  expect(
    (JSON.parse((await brineHere(words, folder)).stdout) as { structures: object[] }).structures[0],
  ).not.toHaveProperty("forces");
});

test.each([
  ["a hybrid", ["--level", "pbe0/def2-svp"], /forces are there for LDA and GGA only/],
  ["smeared occupations", ["--smearing", "0.01"], /forces are not there with smeared/],
])("forces of %s are refused before the SCF", async (_, words, message) => {
  // It would not converge in one iteration.
  const { code, stderr } = await brineHere(
    ["scf", "hydrogen.xyz", "--grid", "1", "--forces", "--max-iterations", "1", ...words],
    folder,
  );
  expect(code).not.toBe(0);
  expect(stderr).toMatch(message);
});

test("the table shows the largest force", async () => {
  const { stdout } = await brineHere(["scf", "hydrogen.xyz", "--grid", "1", "--forces"], folder);
  expect(stdout).toContain("largest force");
});
