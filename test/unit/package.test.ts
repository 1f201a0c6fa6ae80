/** The package as others get it: what is in it, and how much of it a bundler keeps. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { brine, temporaryFolder } from "../cli/run-brine.js";

const root = resolve(import.meta.dirname, "../..");

it("holds what it needs and no more, and its documents name nothing that is missing", () => {
  const said = execFileSync(process.execPath, ["scripts/check-package.mjs"], { cwd: root, encoding: "utf8" });
  expect(said).toMatch(/the package has \d+ files, \d+\.\d MB/);
});

/** Measured: 5, 96, 189, 130 and 348 kB. */
it.each([
  ["{ readExtxyz }", 8],
  ["{ loadModel, readExtxyz }", 105],
  ["{ createBuiltinEngine }", 210],
  ["{ train }", 145],
  ["*", 385],
])("a bundle of %s is small", async (names, kilobytes) => {
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from "brine";`, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
  });
  expect(outputFiles[0].contents.length / 1000).toBeLessThan(kilobytes);
});

it("gives its data and its description by name", () => {
  const names = ["brine/package.json", "brine/data/basis/def2-svp.json", "brine/data/models/qm9.safetensors"];
  for (const name of names) expect(import.meta.resolve(name)).toContain(name.replace("brine/", "/"));
});

it("finds its examples from any folder", async () => {
  const { stderr } = await brine(["scf", "examples/water-32.extxyz", "--indices", "1"], temporaryFolder());
  expect(stderr).toMatch(/there is no structure 1; the file has 1/);
});
