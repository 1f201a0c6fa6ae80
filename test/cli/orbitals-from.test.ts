/** `brine reference --orbitals-from`: other fits of ground states that a dataset kept. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Reference } from "../../dist/dataset/record.js";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const water = (z: number): string => `3\n\nO 0 0 0\nH 0 0.757 ${z}\nH 0 -0.757 0.587\n`;
const hydroxyl = "2\nspin=1\nO 0 0 0\nH 0 0 0.97\n";

/** Runs `brine reference all.extxyz --out OUT …more`. */
const reference = (out: string, ...more: string[]): ReturnType<typeof brineHere> =>
  brineHere(
    ["reference", "all.extxyz", "--out", out, "--grid", "1", "--workers", "1", "--json", "--quiet", ...more],
    folder,
  );

function records(name: string): Reference[] {
  const dataset = openDataset(join(folder, name), { readOnly: true });
  const all = dataset.ids().map((id) => dataset.get(id) as unknown as Reference);
  dataset.close();
  return all;
}

beforeAll(async () => {
  writeFileSync(join(folder, "all.extxyz"), [water(0.587), water(0.6), hydroxyl, water(0.61)].join(""));
  for (const [out, ...more] of [
    ["kept.db", "--keep-orbitals", "--limit", "3"],
    ["bare.db", "--limit", "1"],
  ])
    expect((await reference(out, ...more)).stderr).toBe("");
});

describe("reference --orbitals-from", () => {
  it.each([
    ["etb:2.0", "coulomb"],
    ["def2-universal-jfit", "overlap"],
  ])("fits %s in the %s metric as the calculation itself does, and converges what is missing", async (fit, metric) => {
    const words = ["--fit", fit, "--metric", metric];
    const [refit, direct] = [`refit-${metric}.db`, `direct-${metric}.db`];
    const { stdout, stderr } = await reference(refit, "--orbitals-from", "kept.db", ...words);
    expect(stderr).toBe("");
    // The radical's spin density matrix is not kept, and kept.db has not seen the last structure.
    expect(JSON.parse(stdout)).toMatchObject({ added: 4, refitted: 2, skipped: 0, failed: [] });
    await reference(direct, ...words);
    const [found, expected, source] = [records(refit), records(direct), records("kept.db")];
    for (const [i, { density, energy, components, dipole, fit: quality, ...rest }] of expected.entries()) {
      expect(found[i].energy).toBeCloseTo(energy!, 10);
      expect(found[i].level).toEqual(rest.level);
      expect(found[i].density.basis).toEqual(density.basis);
      expect(found[i].dipole![2]).toBeCloseTo(dipole![2], 8);
      expect(found[i].components!.hartree).toBeCloseTo(components!.hartree, 8);
      expect(found[i].densityMatrix).toBeUndefined();
      expect(found[i].fit!.absoluteErrorPerElectron).toBeCloseTo(quality!.absoluteErrorPerElectron!, 8);
      const worst = Math.max(...density.coefficients.map((c, k) => Math.abs(c - found[i].density.coefficients[k])));
      expect(worst).toBeLessThan(1e-8);
    }
    expect(found[0].energy).toBe(source[0].energy);
    expect(found[0].iterations).toBe(source[0].iterations);
  });

  it("keeps the orbitals on, and resumes", async () => {
    const words = ["--orbitals-from", "kept.db", "--fit", "etb:2.5", "--keep-orbitals", "--limit", "1"];
    expect(JSON.parse((await reference("again.db", ...words)).stdout)).toMatchObject({ added: 1, refitted: 1 });
    expect(JSON.parse((await reference("again.db", ...words)).stdout)).toMatchObject({ added: 0, skipped: 1 });
    expect(records("again.db")[0].densityMatrix).toEqual(records("kept.db")[0].densityMatrix);
  });

  it.each([
    ["a dataset without orbitals", ["--orbitals-from", "bare.db"], /bare\.db: .*--keep-orbitals/],
    [
      "another level",
      ["--orbitals-from", "kept.db", "--level", "lda/def2-svp"],
      /kept\.db: no ground states at lda\/def2-svp.*pbe\/def2-svp \(other functional\)/,
    ],
    ["a missing dataset", ["--orbitals-from", "none.db"], /none\.db: there is no such file/],
  ])("refuses %s", async (_, words, message) => {
    const { code, stdout } = await reference("refused.db", "--fit", "etb:2.0", ...words);
    expect(code).toBe(1);
    expect(stdout).toMatch(message);
  });
});
