/** What each mistake says through the real command line: exit code, message, where, and no stack. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { waterClusters } from "../data/water-clusters/load.mjs";
import { brine, brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const files: Record<string, string> = {
  "empty.xyz": "",
  "count.xyz": "two\n\nO 0 0 0\n",
  "cut.xyz": "3\n\nO 0 0 0\nH 0 0 0.96\n",
  "nan.xyz": "2\n\nO 0 0 0\nH 0 0 NaN\n",
  "element.xyz": "1\n\nWater 0 0 0\n",
  "good.xyz": "3\n\nO 0 0 0\nH 0 0.757 0.587\nH 0 -0.757 0.587\n",
  "text.db": "not a dataset",
  "settings.json": '{"grid": 12}',
  "unknown.json": '{"girth": 1}',
  "ids.txt": "0\ntwo\n",
  "beyond.txt": "0\n99\n",
  "nan.json": '[{"coefficients": [1, NaN]}]',
  "short.json": '[{"coefficients": [1, 2]}]',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

beforeAll(() => {
  const dataset = openDataset(join(folder, "water.db"), { create: true });
  waterClusters()
    .training.slice(0, 4)
    .forEach((reference, index) => dataset.put({ index }, reference));
  dataset.close();
  openDataset(join(folder, "none.db"), { create: true }).close();
});

describe("wrong input ends with 1 and says where", () => {
  it.each([
    ["scf missing.xyz", /^brine: missing\.xyz: there is no such file\n$/],
    ["scf empty.xyz", /^brine: empty\.xyz: the file has no structures/],
    ["scf count.xyz", /^brine: count\.xyz:1: expected the number of atoms .*"two"/],
    ["scf cut.xyz", /^brine: cut\.xyz:1: 3 atoms announced, but the file ends after 2/],
    ["scf nan.xyz", /^brine: nan\.xyz:4: the z coordinate of atom 1 is not a number: "NaN"/],
    ["scf element.xyz", /^brine: element\.xyz:3: unknown element "Water"/],
    ["scf .", /^brine: \.: this is a folder/],
    ["reference good.xyz --out text.db", /^brine: text\.db: this is not a brine dataset/],
    ["reference good.xyz --out no/such/folder.db", /^brine: no\/such\/folder\.db: there is no folder no\/such/],
    [
      "train none.db --out m.safetensors",
      /^brine: the dataset holds no finished reference; run `brine reference` first/,
    ],
    [
      "train water.db --out m.safetensors --train-ids ids.txt",
      /^brine: ids\.txt:2: expected structures such as 5, .*"two"/,
    ],
    ["train water.db --out m.safetensors --train-ids no.txt", /^brine: no\.txt: there is no such file/],
    ["validate missing.safetensors water.db", /^brine: missing\.safetensors: there is no such model file/],
    ["validate qm9 none.db", /^brine: the dataset holds no finished reference/],
    ["curve missing.db", /^brine: missing\.db: there is no such/],
    ["energy water.db good.xyz", /^brine: water\.db: this is a dataset, not a model; brine train DATASET --out/],
    [
      "train good.xyz --out m.safetensors",
      /^brine: good\.xyz: .* structures, not a dataset; brine reference FILE --out/,
    ],
    ["energy good.xyz water.db", /^brine: good\.xyz: this is a file of structures, not a model/],
    ["scf water.db", /^brine: water\.db: this is a dataset, not a file of structures/],
    ["show missing.db", /^brine: missing\.db: there is no such/],
    ["show good.xyz", /^brine: good\.xyz: not a safetensors file/],
  ])("brine %s", async (words, message) => {
    const { code, stdout, stderr } = await brineHere(words.split(" "), folder);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });
});

describe("wrong use ends with 2 and points to the help", () => {
  it.each([
    ["--nonsense", "brine", /unknown option '--nonsense'/],
    ["nonsense", "brine", /unknown command 'nonsense'/],
    ["scf good.xyz --nonsense", "brine scf", /unknown option '--nonsense'/],
    ["scf", "brine scf", /missing required argument 'file'/],
    ["scf good.xyz more.xyz", "brine scf", /too many arguments/],
    ["reference good.xyz", "brine reference", /required option '--out <dataset>' not specified/],
    ["scf good.xyz --grid 10", "brine scf", /--grid: expected a whole number from 1 to 9, found "10"/],
    ["scf good.xyz --tolerance -1", "brine scf", /--tolerance: expected a number above 0, found "-1"/],
    ["scf good.xyz --indices 3-1", "brine scf", /--indices: expected positions such as 0,5,7-12, found "3-1"/],
    ["scf good.xyz --indices 0,4", "brine scf", /--indices: there is no structure 4; the file has 1/],
    ["scf good.xyz --level pbe", "brine scf", /--level: expected FUNCTIONAL\/BASIS/],
    [
      "import coefficients good.xyz good.xyz --out x.db --order mine",
      "brine import coefficients",
      /--order: expected brine, pyscf or salted, found "mine"/,
    ],
    ["train water.db", "brine train", /required option '--out <model>' not specified/],
    [
      "train water.db --out m.safetensors --train-ids beyond.txt",
      "brine train",
      /^brine: the dataset has no structure "99"/,
    ],
    ["train water.db --out m.safetensors --train 5", "brine train", /5 training structures .* the dataset holds 4/],
    ["train water.db --out m.safetensors --train 1 --train-ids ids.txt", "brine train", /--train or --train-ids, not/],
    [
      "train water.db --out m.safetensors --config unknown.json",
      "brine train",
      /--config: unknown\.json has the setting "girth", which brine train does not know/,
    ],
    ["validate qm9 water.db --indices 0,99", "brine validate", /^brine: the dataset has no structure "99"/],
    ["curve water.db --config unknown.json", "brine curve", /the setting "girth", which brine curve does not know/],
    ["curve water.db --sizes 4", "brine curve", /4 training structures and 1 for validation asked .* dataset holds 4/],
    ["curve water.db --sizes 0", "brine curve", /--sizes: expected a whole number, 1 or more, found "0"/],
  ])("brine %s", async (words, command, message) => {
    const { code, stdout, stderr } = await brineHere(words.split(" "), folder);
    const lines = stderr.trimEnd().split("\n");
    expect(lines[0]).toMatch(message);
    expect(lines[1]).toBe(`see ${command} --help`);
    expect(lines).toHaveLength(2);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

describe("densities that cannot be learnt from", () => {
  it.each([
    ["nan.json", /^structure good\.xyz:0: coefficient 1 is not a number: NaN\n$/],
    [
      "short.json",
      /^structure good\.xyz:0: expected 71 coefficients \(def2-universal-jfit, order brine\), found 2; check .* \(--fit\)/,
    ],
  ])("of %s are refused at their import, and training finds none", async (file, message) => {
    const out = file.replace("json", "db");
    const imported = await brineHere(["import", "coefficients", "good.xyz", file, "--out", out], folder);
    expect(imported.stderr).toMatch(message);
    expect(imported).toMatchObject({ code: 1, stdout: `${out}: 0 added, 1 failed\n` });
    const trained = await brineHere(["train", out, "--out", "m.safetensors"], folder);
    expect(trained).toMatchObject({ code: 1, stderr: expect.stringMatching(/^brine: the dataset holds no finished/) });
  });
});

describe("with --json", () => {
  it("an error is one JSON document too", async () => {
    const wrong = await brineHere(["scf", "nan.xyz", "--json"], folder);
    expect(JSON.parse(wrong.stdout)).toEqual({
      error: { kind: "input", message: expect.stringMatching(/^nan\.xyz:4: /) },
    });
    expect(wrong.code).toBe(1);
    const unknown = await brineHere(["--json", "scf", "nan.xyz", "--nonsense"], folder);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { kind: "usage" } });
    expect(unknown.code).toBe(2);
  });

  it("doctor says what the machine offers", async () => {
    const { stdout, stderr, code } = await brine(["doctor", "--json"], folder, { BRINE_BLAS: "wasm" });
    expect(JSON.parse(stdout)).toMatchObject({
      node: process.version,
      backend: "wasm",
      threads: availableParallelism(),
      memoryBytes: totalmem(),
    });
    expect(stdout.trimEnd()).not.toContain("\n");
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    const text = await brineHere(["doctor"], folder);
    const [, total, free] = /^memory +([\d.]+) GB, ([\d.]+) GB free$/m.exec(text.stdout)!.map(Number);
    expect(Math.abs(total - totalmem() / 1024 ** 3)).toBeLessThan(0.051); // one digit after the point
    expect(free).toBeLessThan(total);
    const wrong = await brine(["doctor"], folder, { BRINE_BLAS: "abacus" });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('BRINE_BLAS is "abacus"') });
  });
});

describe("the frame", () => {
  it("shows help and version on stdout, and where an error came from with --debug", async () => {
    const help = await brine(["--help"], folder);
    expect(help).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^Usage: brine/) });
    expect(await brine(["scf", "--help"], folder)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("--quiet"),
    });
    expect(await brine(["--version"], folder)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect((await brine([], folder)).code).toBe(2);
    expect((await brine(["scf", "nan.xyz", "--debug"], folder)).stderr).toMatch(/\n\s+at readExtxyz/);
  });

  it("ends quietly when nobody reads its output", () => {
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", `"${process.execPath}" "${join(import.meta.dirname, "../../dist/cli/main.js")}" --help | true`],
      { cwd: folder, encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
