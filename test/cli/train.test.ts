/** What `train` and `validate` say about what was asked for and could not be had, on four water clusters. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { waterClusters } from "../data/water-clusters/load.mjs";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const quick = ["--nmax", "3", "--lmax", "2", "--regularization", "1e-6", "--workers", "1"];

beforeAll(async () => {
  const dataset = openDataset(join(folder, "water.db"), { create: true });
  waterClusters()
    .training.slice(0, 4)
    .forEach((reference, index) => dataset.put({ index }, reference));
  dataset.close();
});

describe("train and validate", () => {
  it("show the environments and note what is not as it was asked for", async () => {
    const words = ["train", "water.db", "--train", "3", "--out", "water.safetensors", "--environments", "H:6,O:10"];
    const { code, stdout, stderr } = await brineHere([...words, ...quick], folder);
    expect(stderr).not.toContain("checkpoint");
    expect(stdout).toMatch(/^environments +H 6, O 4$/m);
    expect(stderr).toMatch(/^fewer environments than asked for: O 4 of 10; the training structures have no others$/m);
    expect(code).toBe(0);
  });

  it.each([
    [
      "--validation 1 --train 3",
      /^brine: --validation: it chooses the regularisation, which --regularization gives;/,
      2,
    ],
    ["--environments Xx:3", /^brine: --environments: expected elements, and "Xx" is none, found "Xx:3"/, 2],
    ["--environments H:3,H:4", /^brine: --environments: expected each element once, found "H:3,H:4"/, 2],
    ["--cutoff-of-species Xx:3", /^brine: --cutoff-of-species: expected elements, and "Xx" is none/, 2],
    ["--cutoff-of-species H:0", /^brine: --cutoff-of-species: expected a number above 0, found "0"/, 2],
    ["--cutoff-of-species 3", /^brine: --cutoff-of-species: expected numbers per element/, 2],
    ["--cutoff-of-species H:9", /the cutoff radius, 4 Å \(7.5589 bohr\), not 9 Å \(17.0075 bohr\)/, 2],
    ["--cutoff-of-species C:3", /^brine: a cutoff of C is asked for, but no training structure contains it/, 1],
  ])("refuse %s", async (words, message, exit) => {
    const refused = await brineHere(
      ["train", "water.db", "--out", "no.safetensors", ...quick, ...words.split(" ")],
      folder,
    );
    expect(refused.stderr).toMatch(message);
    expect(refused.code).toBe(exit);
  });

  it("note how many structures were trained on", async () => {
    const words = ["validate", "water.safetensors", "water.db", "--json"];
    const all = await brineHere([...words, "--indices", "0-3"], folder);
    expect(JSON.parse(all.stdout)).toMatchObject({ structures: 4, trainedOn: 3 });
    expect(all.stderr).toMatch(/^3 of 4 were trained on: their errors say nothing about new structures$/m);
    const unseen = await brineHere(words, folder);
    expect(JSON.parse(unseen.stdout)).toMatchObject({ structures: 1, trainedOn: 0 });
    expect(unseen.stderr).not.toMatch(/trained on/);
  });
});
