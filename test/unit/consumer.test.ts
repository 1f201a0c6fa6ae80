/** The types of both doors are sound for strict users: with the DOM's library for brine, with node's for brine/node. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "brine-consumer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules/brine"), "dir");
symlinkSync(join(root, "node_modules/@types"), join(folder, "node_modules/@types"), "dir");
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

// Five seconds of a compiler each; what the doors offer is in doors.test.ts.
it.runIf(process.env["BRINE_FULL"]).each([
  [
    "brine",
    ["DOM"],
    [],
    'import { formula, readExtxyz } from "brine";\ndocument.title = formula(readExtxyz("1\\n\\nHe 0 0 0\\n")[0]);\n',
  ],
  [
    "brine-node",
    [],
    ["node"],
    'import { modelPath } from "brine/node";\nexport const path: string = modelPath("qm9");\n',
  ],
])("%s", (name, libraries, types, code) => {
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2023",
    lib: ["ES2023", ...libraries],
    types,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(join(folder, `${name}.ts`), code);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const said = execFileSync(process.execPath, [compiler, "-p", `${name}.json`], { cwd: folder, encoding: "utf8" });
  expect(said).toBe("");
});
