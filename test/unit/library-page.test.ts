/** The code of the README and of docs/library.md runs as it stands there; what is for a browser is in browser.test.ts. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const pages = ["README.md", "docs/library.md"].map((page) => readFileSync(join(root, page), "utf8")).join("\n");
const recipes = [...pages.matchAll(/```js\n([^]*?)```/g)]
  .map(([, code]) => code)
  .filter((code) => !code.includes("postMessage"));

/** Where the package is installed under its name. */
const folder = mkdtempSync(join(tmpdir(), "brine-library-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules/brine"), "dir");

it.each([
  ["is what the README shows", /^$/],
  // Energies of water in PBE/def2-SVP; the model of QM9 has not learnt any (−76.272 converged).
  ["predicts", /^-76\.27\d+ -76\.2\d+ /],
  ["builds levels", /^def2-universal-jfit gth-pbe etb:1\.6\n$/],
  ["learns", /references 10 10\n[^]*?\d+\.\d+ 0\.\d+\n$/],
])("it %s", async (what, expected) => {
  const index = ["is what the README shows", "predicts", "builds levels", "learns"].indexOf(what);
  const file = join(folder, `recipe-${index}.mjs`);
  writeFileSync(file, recipes[index]);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
  expect(stdout).toMatch(expected);
});

it("all recipes are among these", () => expect(recipes).toHaveLength(4));
