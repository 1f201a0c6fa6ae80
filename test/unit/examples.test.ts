/** The examples run and say what they promise. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const folder = resolve(import.meta.dirname, "../../examples");
const promises: Readonly<Record<string, RegExp>> = {
  "learn-water.mjs": /learned 8 densities[^]*one diagonalisation (-76\.\d{4})\d+ Eh, converged \1/,
};

it.each(readdirSync(folder))("%s", async (name) => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, name)]);
  expect(stdout).toMatch(promises[name]);
});
