/** --engine without the program that it needs; --molden. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMolden } from "../../dist/io/molden.js";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
writeFileSync(join(folder, "hydrogen.xyz"), "2\n\nH 0 0 0\nH 0 0 0.75\n2\n\nH 0 0 0\nH 0 0 0.8\n");

test("no Python, or one without PySCF, is told with what to do", async () => {
  const none = await brineHere(["scf", "hydrogen.xyz", "--engine", "pyscf", "--json"], folder, {
    BRINE_PYTHON: "/there/is/no/python",
  });
  expect(none.code).toBe(1);
  expect((JSON.parse(none.stdout) as { error: { kind: string } }).error.kind).toBe("unsupported");
  for (const part of ["/there/is/no/python", "pip install pyscf", "BRINE_PYTHON"]) expect(none.stdout).toContain(part);
  const other = await brineHere(["reference", "hydrogen.xyz", "--out", "h.db", "--engine", "pyscf"], folder, {
    BRINE_PYTHON: process.execPath,
  });
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("BRINE_PYTHON");
});

test("an engine that is not there is wrong use", async () => {
  const { code, stderr } = await brineHere(["scf", "hydrogen.xyz", "--engine", "abacus"], folder);
  expect(code).toBe(2);
  expect(stderr).toContain("builtin, pyscf or cp2k");
});

test("scf writes a molden file for each structure", async () => {
  const { code, stdout } = await brineHere(
    ["scf", "hydrogen.xyz", "--molden", "orbitals", "--indices", "1", "--json"],
    folder,
  );
  expect(code).toBe(0);
  const molden = readMolden(readFileSync(join(folder, "orbitals/1.molden"), "utf8"));
  expect(molden.orthonormality).toBeLessThan(1e-9);
  expect(molden.orbitals.reduce((sum, { occupation }) => sum + occupation, 0)).toBe(2);
  expect((JSON.parse(stdout) as { structures: unknown[] }).structures).toHaveLength(1);
});
