/** `brine reference --guess`: SCFs that start from predicted densities. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Reference } from "../../dist/dataset/record.js";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
writeFileSync(
  join(folder, "methanol.xyz"),
  "6\n\nC -0.05 0.66 0\nO -0.05 -0.76 0\nH -1.09 0.97 0\nH 0.88 -1.06 0\nH 0.44 1.07 0.89\nH 0.44 1.07 -0.89\n",
);
writeFileSync(join(folder, "argon.xyz"), "1\n\nAr 0 0 0\n");

const reference = (file: string, ...more: string[]): ReturnType<typeof brineHere> =>
  brineHere(["reference", file, "--workers", "1", ...more], folder);

function record(name: string): Reference {
  const dataset = openDataset(join(folder, name), { readOnly: true });
  const found = dataset.get(dataset.ids()[0]) as unknown as Reference;
  dataset.close();
  return found;
}

describe("reference --guess", () => {
  it("converges to the same energy in fewer steps", async () => {
    await reference("methanol.xyz", "--out", "atoms.db");
    await reference("methanol.xyz", "--out", "guess.db", "--guess", "qm9");
    const [atoms, guess] = [record("atoms.db"), record("guess.db")];
    expect(guess.energy).toBeCloseTo(atoms.energy!, 7);
    expect(guess.iterations).toBeLessThanOrEqual(atoms.iterations! - 2);
  });

  it("a structure that the model refuses fails with its reason", async () => {
    const { code, stderr } = await reference("argon.xyz", "--out", "argon.db", "--guess", "qm9");
    expect(code).toBe(1);
    expect(stderr).toMatch(/structure \S*0: .*Ar/);
  });

  it("is for brine's own engine", async () => {
    const { code, stderr } = await reference("methanol.xyz", "--out", "no.db", "--guess", "qm9", "--engine", "pyscf");
    expect(code).toBe(2);
    expect(stderr).toContain("--guess is for brine's own engine");
  });
});
