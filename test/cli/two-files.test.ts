/** Two files in one dataset: both number their structures from 0, which must not mix them up. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeExtxyz } from "../../dist/io/extxyz.js";
import { thermalDistortions } from "../../dist/structure/thermal-distortion.js";
import { structureOf } from "../structure-of.js";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const water = structureOf([8, 1, 1], [0, 0, 0, 0, 1.43, 1.11, 0, -1.43, 1.11]);
const settings = ["--level", "lda/6-31g", "--grid", "1", "--workers", "1", "--quiet"];
const json = async (...words: string[]) =>
  JSON.parse((await brineHere([...words, "--json", "--quiet"], folder)).stdout);
const refused = async (...words: string[]): Promise<string> => {
  const { code, stderr } = await brineHere(words, folder);
  expect(code).toBe(2);
  return stderr;
};

beforeAll(async () => {
  const molecules = thermalDistortions(water, { temperature: [300, 500], count: 10, seed: 5 }).map((molecule, i) => ({
    ...molecule,
    info: { gdb_id: 100 + i },
  }));
  const files = { a: molecules.slice(0, 2), b: molecules.slice(2, 4), c: molecules.slice(4) };
  for (const [name, structures] of Object.entries(files))
    writeFileSync(join(folder, `${name}.xyz`), writeExtxyz(structures));
  for (const [file, dataset] of ["a", "b", "c"]
    .map((name) => [name, name])
    .concat([
      ["a", "ab"],
      ["b", "ab"],
    ]))
    await brineHere(["reference", `${file}.xyz`, "--out", `${dataset}.db`, ...settings], folder);
  await brineHere(["train", "c.db", "--out", "m.safetensors", "--quiet"], folder);
});

describe("a dataset of two files", () => {
  it("is validated as the mean of both", async () => {
    const [a, b, both] = await Promise.all(
      ["a", "b", "ab"].map((name) => json("validate", "m.safetensors", `${name}.db`, "--energies")),
    );
    // All molecules have three atoms, and both files two molecules.
    for (const name of ["maeMeVPerAtom", "oneShotMaeMeVPerAtom", "fitFloorMaeMeVPerAtom", "improvedDensityMaePercent"])
      expect(both.energy[name], name).toBeCloseTo((a.energy[name] + b.energy[name]) / 2, 10);
    expect(both.density.maePercent).toBeCloseTo((a.density.maePercent + b.density.maePercent) / 2, 10);
    expect(a.energy.maeMeVPerAtom).not.toBeCloseTo(b.energy.maeMeVPerAtom, 3);
  });

  it("gives the structure that was named, and refuses a number that fits both", async () => {
    const b0 = await json("validate", "m.safetensors", "b.db", "--indices", "0");
    const named = await json("validate", "m.safetensors", "ab.db", "--indices", "b.xyz:0");
    expect(named.density).toEqual(b0.density);
    expect(await refused("validate", "m.safetensors", "ab.db", "--indices", "0")).toMatch(
      /"0" fits 2 structures of the dataset; name one as a\.xyz:0, b\.xyz:0/,
    );
    expect(await refused("show", "ab.db", "--index", "1")).toMatch(/a\.xyz:1, b\.xyz:1/);
    const record = await json("show", "ab.db", "--index", "b.xyz:1");
    expect(record).toMatchObject({ source: "b.xyz", index: 1, name: "103", info: { gdb_id: 103 } });
    expect(await json("show", "ab.db", "--index", `key:${record.key.slice(0, 10)}`)).toEqual(record);
  });

  it("is trained on the structures that an id file names", async () => {
    writeFileSync(join(folder, "ids.txt"), "a.xyz:0-1\nb.xyz:0 # not 1\n");
    writeFileSync(join(folder, "numbers.txt"), "0\n1\n");
    await json("train", "ab.db", "--train-ids", "ids.txt", "--out", "ids.safetensors");
    const { structures } = await json("validate", "ids.safetensors", "ab.db");
    expect(structures).toBe(1);
    const words = ["train", "ab.db", "--train-ids", "numbers.txt", "--out", "no.safetensors"];
    expect(await refused(...words)).toMatch(/a\.xyz:0, b\.xyz:0/);
  });
});
