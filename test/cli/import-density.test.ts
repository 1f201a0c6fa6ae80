/** `brine import density` through the real command line: orbitals of brine itself, and of Gaussian. */
import { copyFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { brine, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
writeFileSync(join(folder, "water.xyz"), "3\n\nO 0 0 0\nH 0 -0.757 0.587\nH 0 0.757 0.587\n");
const fchk = resolve(import.meta.dirname, "../data/fchk/water_ccpvdz_hf.fchk");

async function coefficientsOf(dataset: string): Promise<number[]> {
  const { stdout } = await brine(["show", dataset, "--index", "0", "--json"], folder);
  return (JSON.parse(stdout) as { coefficients: number[] }).coefficients;
}

test("a molden file gives what the calculation itself gives", async () => {
  const level = ["--level", "pbe/def2-svp"];
  await brine(["scf", "water.xyz", "--grid", "1", ...level, "--molden", "orbitals"], folder);
  await brine(["reference", "water.xyz", "--grid", "1", ...level, "--out", "own.db"], folder);
  const { code, stdout } = await brine(
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
  const wrong = await brine([...words, "--level", "pbe/def2-svp"], folder);
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/a\.fchk: the functions of . are not those of def2-svp/),
  ]);
  const { code, stdout, stderr } = await brine([...words, "--level", "pbe/cc-pvdz"], folder);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ added: 1, duplicates: [{ index: 1, of: 0 }], electronCounts: [] });
  expect(stderr).toContain("b.fchk is the same structure as a.fchk");
});
