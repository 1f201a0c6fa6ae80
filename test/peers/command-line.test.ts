/** `--engine pyscf` through the real command line, with two workers. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Reference } from "../../dist/dataset/record.js";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { brine, temporaryFolder } from "../cli/run-brine.js";
import { pyscfAvailable, python } from "./available.js";

const folder = temporaryFolder();
const water = (angle: number): string =>
  `3\n\nO 0 0 0\nH 0.96 0 0\nH ${0.96 * Math.cos(angle)} ${0.96 * Math.sin(angle)} 0\n`;
writeFileSync(join(folder, "water.xyz"), [1.7, 1.8, 1.9].map(water).join(""));

/** In the order of the structures. */
function referencesOf(file: string): Reference[] {
  const dataset = openDataset(join(folder, file), { readOnly: true });
  try {
    return dataset.ids().map((id) => {
      const record = dataset.get(id);
      if (record.state !== "done") throw new Error(record.reason);
      return record;
    });
  } finally {
    dataset.close();
  }
}

describe.runIf(pyscfAvailable)("brine --engine pyscf", () => {
  test("references agree with those of the builtin engine", async () => {
    for (const engine of ["pyscf", "builtin"]) {
      const { code, stdout } = await brine(
        ["reference", "water.xyz", "--out", `${engine}.db`, "--engine", engine, "--workers", "2", "--json"],
        folder,
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ added: 3, failed: [] });
    }
    const [theirs, ours] = ["pyscf.db", "builtin.db"].map(referencesOf);
    expect(theirs[0].level.numerics).toMatchObject({
      engine: "pyscf",
      version: expect.stringMatching(/^2\./),
      grid: 3,
    });
    ours.forEach(({ energy, density }, i) => {
      expect(Math.abs(theirs[i].energy! - energy!)).toBeLessThan(2e-5);
      expect(
        Math.max(...theirs[i].density.coefficients.map((c, k) => Math.abs(c - density.coefficients[k]))),
      ).toBeLessThan(1e-4);
    });
  });

  test("a dataset of one engine is complete for the other", async () => {
    const { stdout } = await brine(["reference", "water.xyz", "--out", "pyscf.db", "--json"], folder);
    expect(JSON.parse(stdout)).toMatchObject({ added: 0, skipped: 3 });
  });

  test("a model of its references gives energies with either engine", async () => {
    await brine(["train", "pyscf.db", "--out", "water.safetensors", "--quiet"], folder);
    const energies = await Promise.all(
      ["pyscf", "builtin"].map(async (engine) => {
        const { code, stdout, stderr } = await brine(
          ["energy", "water.safetensors", "water.xyz", "--limit", "1", "--engine", engine, "--json"],
          folder,
          engine === "builtin" ? { BRINE_PYTHON: "/there/is/no/python" } : {},
        );
        expect(code).toBe(0);
        expect(stderr.includes("no response correction")).toBe(engine === "pyscf");
        return (JSON.parse(stdout) as { structures: { oneShot: number }[] }).structures[0].oneShot;
      }),
    );
    expect(Math.abs(energies[0] - energies[1])).toBeLessThan(2e-5);
  });

  test("PySCF reads the molden files, with d and f functions", async () => {
    const { stdout } = await brine(
      ["scf", "water.xyz", "--limit", "1", "--level", "pbe/def2-tzvp", "--molden", "orbitals", "--json"],
      folder,
    );
    const { energy } = (JSON.parse(stdout) as { structures: { energy: number }[] }).structures[0];
    const script = `
import sys, numpy
from pyscf import dft
from pyscf.tools import molden
mol, energies, orbitals, occupations = molden.load(sys.argv[1])[:4]
overlap = orbitals.T @ mol.intor("int1e_ovlp") @ orbitals
solver = dft.RKS(mol, xc="pbe,pbe").density_fit(auxbasis="def2-universal-jfit")
print(abs(overlap - numpy.eye(len(overlap))).max(), solver.energy_tot(solver.make_rdm1(orbitals, occupations)))`;
    const result = spawnSync(python!, ["-c", script, join(folder, "orbitals/0.molden")], { encoding: "utf8" });
    const [orthonormality, theirs] = result.stdout.trim().split("\n").at(-1)!.split(" ").map(Number);
    expect(orthonormality).toBeLessThan(1e-8);
    expect(Math.abs(theirs - energy)).toBeLessThan(2e-5);
    expect(readFileSync(join(folder, "orbitals/0.molden"), "utf8")).toContain("[5D7F]");
  });
});
