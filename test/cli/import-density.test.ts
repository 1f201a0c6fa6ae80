/** `brine import density` through the real command line: orbitals of brine itself, and of Gaussian. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
writeFileSync(join(folder, "water.xyz"), "3\n\nO 0 0 0\nH 0 -0.757 0.587\nH 0 0.757 0.587\n");
const fchk = resolve(import.meta.dirname, "../data/fchk/water_ccpvdz_hf.fchk");

async function coefficientsOf(dataset: string): Promise<number[]> {
  const { stdout } = await brineHere(["show", dataset, "--index", "0", "--json"], folder);
  return (JSON.parse(stdout) as { coefficients: number[] }).coefficients;
}

test("a molden file gives what the calculation itself gives", async () => {
  const level = ["--level", "pbe/def2-svp"];
  await brineHere(["scf", "water.xyz", "--grid", "1", ...level, "--molden", "orbitals"], folder);
  await brineHere(["reference", "water.xyz", "--grid", "1", ...level, "--out", "own.db"], folder);
  const { code, stdout } = await brineHere(
    ["import", "density", "orbitals/0.molden", ...level, "--out", "imported.db", "--json"],
    folder,
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ dataset: "imported.db", added: 1, failed: [] });
  const [own, imported] = [await coefficientsOf("own.db"), await coefficientsOf("imported.db")];
  own.forEach((c, i) => expect(Math.abs(imported[i] - c)).toBeLessThan(1e-6));
});

test("fchk files: another name of the basis is noticed, the same structure is taken once", async () => {
  copyFileSync(fchk, join(folder, "a.fchk"));
  copyFileSync(fchk, join(folder, "b.fchk"));
  const words = ["import", "density", "a.fchk", "b.fchk", "--out", "gaussian.db", "--metric", "overlap", "--json"];
  const wrong = await brineHere([...words, "--level", "pbe/def2-svp"], folder);
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/a\.fchk: the functions of . are not those of def2-svp/),
  ]);
  const { code, stdout, stderr } = await brineHere([...words, "--level", "pbe/cc-pvdz"], folder);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ added: 1, duplicates: [{ index: 1, of: 0 }], electronCounts: [] });
  expect(stderr).toContain("b.fchk is the same structure as a.fchk");
});

test("a cube over a periodic cell gives what the calculation itself gives, up to its digits", async () => {
  writeFileSync(join(folder, "cell.xyz"), '2\nLattice="4 0 0 1 4 0 0 0 4" pbc="T T T"\nH 0 0.3 0\nH 0.1 3.9 0.7\n');
  const level = ["--level", "pbe/dzvp-molopt-sr-gth", "--fit", "def2-universal-jfit:uncontracted:10"];
  const own = [...level.slice(0, 2), "--cutoff", "150", "--workers", "1"];
  await brineHere(["scf", "cell.xyz", ...own, "--cube", "cubes"], folder);
  await brineHere(["reference", "cell.xyz", ...own, ...level.slice(2), "--out", "cell.db"], folder);
  const words = ["import", "density", "cubes/0.cube", "--json"];
  const { code, stdout, stderr } = await brineHere([...words, ...level, "--out", "cube.db"], folder);
  expect(stderr).not.toMatch(/electrons/);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ added: 1, failed: [], electronCounts: [] });
  const [calculated, imported] = [await coefficientsOf("cell.db"), await coefficientsOf("cube.db")];
  // Six digits of the values, 1e-6 bohr of positions and cell, and a grid of 160 instead of 150 Ry.
  calculated.forEach((c, i) => expect(Math.abs(imported[i] - c)).toBeLessThan(2e-4));

  const molecular = await brineHere([...words, "--level", "pbe/def2-svp", "--out", "no.db"], folder);
  expect(molecular.stderr).toMatch(/cubes\/0\.cube: cube files are read for periodic levels/);
  const text = readFileSync(join(folder, "cubes/0.cube"), "utf8").split("\n");
  writeFileSync(
    join(folder, "half.cube"),
    [...text.slice(0, 8), ...text.slice(8).map((row) => row.replaceAll("E-0", "E-1"))].join("\n"),
  );
  const half = await brineHere(["import", "density", "half.cube", ...level, "--out", "no.db"], folder);
  expect(half.stderr).toMatch(/half\.cube: the density has \S+ electrons where gth-pbe leaves 2; .*STRIDE 1 1 1/);
  expect(half.code).toBe(1);
});
