/** Outputs that cannot be written, or would destroy something, are refused before the work, and nothing is changed. */
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkOutput, outputFolder } from "../../dist/cli/outputs.js";
import { makeEmptyFolder, makeFolder, writeAtomically } from "../../dist/node/files.js";
import { modelPath } from "../../dist/node/library.js";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { waterClusters } from "../data/water-clusters/load.mjs";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
const dataset = openDataset(at("w.db"), { create: true });
waterClusters()
  .training.slice(0, 8)
  .forEach((reference, index) => dataset.put({ index }, reference));
dataset.close();
linkSync(at("w.db"), at("linked.db"));
symlinkSync("w.db", at("symlinked.db"));
copyFileSync(modelPath("qm9"), at("m.safetensors"));
writeFileSync(at("text"), "notes of mine");
writeFileSync(at("empty"), "");
writeFileSync(at("water.xyz"), "3\n\nO 0 0 0\nH 0 0.757 0.587\nH 0 -0.757 0.587\n");
copyFileSync(at("w.db"), at("w.csv"));
copyFileSync(at("m.safetensors"), at("curve.html"));
mkdirSync(at("inside"));

/** Names and contents. */
function everything(): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const content = (path: string): string => readFileSync(path, "latin1");
  return new Map(
    entries.map((e) => [join(e.parentPath, e.name), e.isFile() ? content(join(e.parentPath, e.name)) : ""]),
  );
}

describe("the command line refuses, and leaves all as it was", () => {
  it.each([
    ["train w.db --out w.db", 2, /^brine: --out: w\.db is also the input, which it would replace/],
    ["train w.db --out linked.db", 2, /linked\.db is also the input/],
    ["train w.db --out text", 1, /^brine: text: this is not a brine model, and it is not replaced; give another name/],
    ["train w.db --out w.csv", 1, /^brine: w\.csv: this is a brine dataset, and it is not replaced/],
    ["train w.db --out inside", 1, /^brine: inside: this is a folder, not a file/],
    ["train w.db --out none/m.safetensors", 1, /^brine: none\/m\.safetensors: there is no folder none; make it first/],
    ["train w.db --out text/m.safetensors", 1, /^brine: text\/m\.safetensors: text is not a folder/],
    ["curve w.db --out curve.html", 1, /^brine: curve\.html: this is a brine model/],
    ["curve w.db --out none/curve.html", 1, /^brine: none\/curve\.html: there is no folder none/],
    ["energy m.safetensors water.xyz --out water.xyz", 2, /^brine: --out: water\.xyz is also the input/],
    ["energy m.safetensors water.xyz --out w.csv", 1, /^brine: w\.csv: this is a brine dataset/],
    ["energy m.safetensors water.xyz --molden text", 1, /^brine: text: this is a file, not a folder/],
    ["predict m.safetensors water.xyz --out text", 1, /^brine: text: this is a file, not a folder/],
    [
      "import density water.xyz --level pbe/def2-svp --out m.safetensors",
      1,
      /^brine: m\.safetensors: this is a brine model/,
    ],
    ["reference water.xyz --out m.safetensors", 1, /^brine: m\.safetensors: this is not a brine dataset/],
  ])("brine %s", async (words, expected, message) => {
    const before = everything();
    const { code, stderr } = await brineHere(words.split(" "), folder);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("bug in brine");
    expect(code).toBe(expected);
    expect(everything()).toEqual(before);
  });

  it
    .runIf(process.platform === "linux")
    .each(["train w.db --out /proc/m", "predict m.safetensors water.xyz --out /proc/a/b"])(
    "brine %s, where not even the folder can be made",
    async (words) => {
      const { code, stderr } = await brineHere(words.split(" "), folder);
      expect(stderr).toMatch(/^brine: \/proc\/[am]: (nothing of this name can be made there|no permission)/);
      expect(code).toBe(1);
    },
  );

  it("but trains over an earlier model", async () => {
    copyFileSync(at("m.safetensors"), at("again.safetensors"));
    const words = "--nmax 2 --lmax 1 --environments 4 --regularization 1e-9 --quiet".split(" ");
    const { code, stderr } = await brineHere(["train", "w.db", "--out", "again.safetensors", ...words], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readFileSync(at("again.safetensors")).length).not.toBe(readFileSync(at("m.safetensors")).length);
  });

  it("and finds room for a curve elsewhere when there is none beside its dataset", async () => {
    const dataset = `${"w".repeat(240)}.db`; // no longer name can be made of it: 255 characters are the most
    copyFileSync(at("w.db"), at(dataset));
    const words = "--sizes 4 --validation 4 --nmax 2 --lmax 1 --environments 4 --regularization 1e-9 --quiet".split(
      " ",
    );
    const { code, stderr } = await brineHere(["curve", dataset, "--workers", "1", ...words], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("an output", () => {
  it("may be new, empty, or of the same kind", () => {
    for (const [name, kind] of [
      ["new", "model"],
      ["empty", "model"],
      ["m.safetensors", "model"],
      ["w.db", "dataset"],
      ["text", "text"],
    ] as const)
      expect(() => checkOutput(at(name), kind, [at("absent"), at("water.xyz")])).not.toThrow();
    expect(() => checkOutput(at("symlinked.db"), "model", [at("w.db")])).toThrow(/also the input/);
    expect(() => checkOutput("/dev/null", "text")).toThrow("/dev/null: this is not a regular file");
  });

  it("in folders is made step by step, and never in the place of a file", () => {
    outputFolder(at("one", "two", "three"));
    expect(readdirSync(at("one", "two"))).toEqual(["three"]);
    expect(readdirSync(at("one", "two", "three"))).toEqual([]);
    expect(() => makeFolder(at("text", "one"))).toThrow(expect.objectContaining({ tag: "storage" }));
    expect(() => makeEmptyFolder(at("text"))).toThrow("this is a file, not a folder");
    expect(() => writeAtomically(at("text", "one"), "")).toThrow(expect.objectContaining({ tag: "storage" }));
    expect(readFileSync(at("text"), "utf8")).toBe("notes of mine");
  });
});
