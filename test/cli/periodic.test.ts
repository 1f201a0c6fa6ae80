/** The whole job on periodic structures through the real command line, and what mistakes with them say. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const cell = (edge: number, periodic = "T T T"): string =>
  `Lattice="${edge} 0 0 0 ${edge} 0 0 0 ${edge}" pbc="${periodic}"`;
const hydrogen = (edge: number, bond: number, tilt = 0, comment = cell(edge)): string =>
  `2\n${comment}\nH 0 ${tilt} 0\nH 0.1 0 ${bond}\n`;
const LEVEL = ["--level", "pbe/dzvp-molopt-sr-gth", "--cutoff", "80", "--workers", "1", "--json"];

const files: Record<string, string> = {
  "cells.xyz": hydrogen(4, 0.74) + hydrogen(4, 0.76, 0.1) + hydrogen(4, 0.8, 0.3) + hydrogen(4, 0.72, 3.9),
  "wrong.xyz": [
    "2\n\nH 0 0 0\nH 0 0 0.74\n",
    hydrogen(4, 0.74, 0, 'Lattice="4 0 0 0 4 0 4 4 0" pbc="T T T"'),
    hydrogen(4, 0.74, 0, cell(4, "T T F")),
    `1\n${cell(4)}\nAu 0 0 0\n`,
    `2\n${cell(4)}\nH 0 0 0\nH 0 0 3.9\n`,
    `1\n${cell(4)}\nH 0 0 0\n`,
  ].join(""),
  "water.xyz": `3\n${cell(4)}\nO 0 0 0\nH 0 0.757 0.587\nH 0 -0.757 0.587\n`,
  "q3.txt": "H TEST-q3\n1\n1 0 0 1 1\n 1.0 1.0\n",
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

describe("references, training, errors, energies and cubes of cells", () => {
  it("with the commands of molecules", { timeout: 120_000 }, async () => {
    const run = async (words: readonly string[]) => {
      const { code, stdout, stderr } = await brineHere(words, folder);
      expect(stderr).not.toMatch(/^brine:/m);
      expect(code).toBe(0);
      return JSON.parse(stdout);
    };
    const made = await brineHere(["reference", "cells.xyz", "--out", "cells.db", ...LEVEL], folder);
    expect(made.stderr).toMatch(/a cutoff of 80 Ry is small for dzvp-molopt-sr-gth .* --cutoff 280 would do/);
    expect(JSON.parse(made.stdout).added).toBe(4);

    const finer = await brineHere(["reference", "cells.xyz", "--out", "cells.db", ...LEVEL, "--cutoff", "90"], folder);
    expect(finer.stderr).toMatch(
      /a cutoff of 90 Ry, and the other references have 80 Ry; .* take theirs, or another dataset \(--cutoff 80\)/,
    );
    expect(finer.code).toBe(1);

    await run(["train", "cells.db", "--out", "cells.safetensors", "--train", "3", "--workers", "1", "--json"]);
    const errors = await run(["validate", "cells.safetensors", "cells.db", "--energies", "--workers", "1", "--json"]);
    expect(errors.density.maePercent).toBeLessThan(20);
    expect(errors.energy.oneShotMaeMeVPerAtom).toBeLessThan(0.1 * errors.energy.superposedAtomsMaeMeVPerAtom + 0.05);

    const energies = await run(["energy", "cells.safetensors", "cells.xyz", "--workers", "1", "--json"]);
    expect(energies).toMatchObject({ level: "pbe/dzvp-molopt-sr-gth", planewaveCutoff: 80 });
    const shown = await run(["show", "cells.db", "--index", "2", "--json"]);
    expect(Math.abs(energies.structures[2].energy - shown.energy)).toBeLessThan(1e-4);
    expect(Object.keys(energies.structures[2].components).toSorted()).toEqual([
      "coreHamiltonian",
      "coreOverlap",
      "coreSelf",
      "exchangeCorrelation",
      "hartree",
    ]);

    const molden = await brineHere(["predict", "cells.safetensors", "cells.xyz", "--out", "p", "--molden"], folder);
    expect(molden.stderr).toMatch(/--molden and --pyscf-guess are for molecules; brine energy --molden/);
    expect(molden.code).toBe(1);
    await run([
      "energy",
      "cells.safetensors",
      "cells.xyz",
      "--limit",
      "1",
      "--workers",
      "1",
      "--molden",
      "o",
      "--json",
    ]);
    expect(readFileSync(join(folder, "o", "0.molden"), "utf8")).toContain("[MO]");

    await run([
      "predict",
      "cells.safetensors",
      "cells.xyz",
      "--out",
      "p",
      "--cube",
      "--limit",
      "1",
      "--workers",
      "1",
      "--json",
    ]);
    const lines = readFileSync(join(folder, "p", "0.cube"), "utf8").split("\n");
    const rows = lines.slice(3, 6).map((line) => line.trim().split(/\s+/).map(Number));
    const volume = rows.reduce((product, row) => product * Math.hypot(...row.slice(1)), 1);
    const values = lines.slice(8).join(" ").trim().split(/\s+/).map(Number);
    expect(values.reduce((sum, value) => sum + value, 0) * volume).toBeCloseTo(2, 4);
  });
});

describe("a periodic level says what is wrong with", { timeout: 60_000 }, () => {
  it("each structure", async () => {
    const { code, stdout } = await brineHere(["scf", "wrong.xyz", ...LEVEL], folder);
    const reasons: string[] = JSON.parse(stdout).failed.map(({ reason }: { reason: string }) => reason);
    expect(reasons[0]).toMatch(/no periodic cell; give Lattice=/);
    expect(reasons[1]).toMatch(/the cell has no volume/);
    expect(reasons[2]).toMatch(/all three directions/);
    expect(reasons[3]).toMatch(/gth-pbe has no pseudopotential for Au/);
    expect(reasons[4]).toMatch(/images overlap: 0\.189 bohr apart/);
    expect(reasons[5]).toMatch(/odd number of valence electrons/);
    expect(reasons.length).toBe(6);
    expect(code).toBe(1);
  });

  it.each([
    [["--level", "pbe/q3.txt"], /for 3 valence electrons, but gth-pbe has 1/],
    [["--level", "pbe0/dzvp-molopt-sr-gth"], /pbe0 is not there for periodic structures/],
    [["--level", "pbe/def2-svp"], /take a periodic one such as pbe\/dzvp-molopt-sr-gth/],
    [["--level", "pbe/dzvp-molopt-sr-gth", "--forces"], /no forces of periodic structures/],
  ])("%s", async (words, message) => {
    const { stdout } = await brineHere(
      ["scf", "cells.xyz", "--limit", "1", "--workers", "1", "--json", ...words],
      folder,
    );
    expect(JSON.parse(stdout).failed[0].reason).toMatch(message);
  });

  it("an auxiliary basis for cores, before any calculation", async () => {
    const words = ["reference", "water.xyz", "--out", "water.db", "--fit", "def2-universal-jfit", ...LEVEL];
    const { code, stderr } = await brineHere(words, folder);
    expect(stderr).toMatch(
      /--fit: def2-universal-jfit has exponents up to 2.88e\+3 for O.*take def2-universal-jfit:unc/,
    );
    expect(code).toBe(2);
  });

  it("an auxiliary basis that is too sharp for the grid", async () => {
    const words = ["reference", "water.xyz", "--out", "water.db", "--fit", "def2-universal-jfit:uncontracted:900"];
    const { stdout } = await brineHere([...words, ...LEVEL, "--max-iterations", "30", "--tolerance", "1e-4"], folder);
    expect(JSON.parse(stdout).failed[0].reason).toMatch(/exponents up to .* are too sharp for this grid/);
  });

  it("a cutoff out of range", async () => {
    const { code, stderr } = await brineHere(
      ["scf", "cells.xyz", "--level", "pbe/dzvp-molopt-sr-gth", "--cutoff", "5"],
      folder,
    );
    expect(stderr).toMatch(/the plane-wave cutoff is 5 Ry; choose 20 to 10000 Ry/);
    expect(code).toBe(2);
  });
});
