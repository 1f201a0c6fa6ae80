/** The main job through the command line, on a few water molecules: references, training, validation, energies. */
import { readFileSync, readdirSync, truncateSync, writeFileSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeExtxyz } from "../../dist/io/extxyz.js";
import { thermalDistortions } from "../../dist/structure/thermal-distortion.js";
import { numberOf, tableRows, tiles } from "../unit/read-report.js";
import { brine, brineHere, holds, startBrine, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const fast = ["--grid", "1", "--workers", "2"];

const water = {
  species: Uint8Array.of(8, 1, 1),
  positions: Float64Array.of(0, 0, 0, 0, 1.43, 1.11, 0, -1.43, 1.11),
  charge: 0,
  unpaired: 0,
  info: {},
};

beforeAll(async () => {
  writeFileSync(
    join(folder, "water.extxyz"),
    writeExtxyz(thermalDistortions(water, { temperature: [300, 500], count: 10, seed: 3 })),
  );
  const made = await brine(["reference", "water.extxyz", "--out", "water.db", "--json", "--quiet", ...fast], folder);
  expect(made.stderr).toBe("");
  expect(JSON.parse(made.stdout)).toMatchObject({ dataset: "water.db", added: 10, skipped: 0, failed: [] });
  const trained = await brine(
    ["train", "water.db", "--train", "7", "--out", "water.safetensors", "--json", "--quiet"],
    folder,
  );
  expect(trained.stderr).toBe("");
  expect(JSON.parse(trained.stdout)).toMatchObject({ structures: 7 });
});

describe("the main job", () => {
  it("scf prints energies that add up", async () => {
    const { stdout, code } = await brine(["scf", "water.extxyz", "--limit", "1", "--json", "--quiet", ...fast], folder);
    expect(code).toBe(0);
    const { level, structures } = JSON.parse(stdout);
    expect(level).toBe("pbe/def2-svp");
    expect(structures[0]).toMatchObject({ index: 0, formula: "H2O", atoms: 3, converged: true });
    const sum = Object.values<number>(structures[0].components).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(structures[0].energy, 9);
  });

  it("reference run again skips what is there", async () => {
    const { stdout, code } = await brine(
      ["reference", "water.extxyz", "--out", "water.db", "--json", "--quiet", ...fast],
      folder,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ added: 0, skipped: 10 });
  });

  it("validate measures only what was not trained on, energies with their bounds", async () => {
    const { stdout, code, stderr } = await brine(
      ["validate", "water.safetensors", "water.db", "--energies", "--out", "report.html", "--json", "--quiet"],
      folder,
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const { structures, density, energy, out } = JSON.parse(stdout);
    expect(structures).toBe(3);
    expect(out).toBe("report.html");
    expect(density.rmsePercent).toBeLessThan(30);
    expect(density.maePercentVsScf).toBeNull();
    // The order that the method promises: floor < corrected < one diagonalisation < superposed atoms.
    expect(energy.maeMeVPerAtom).toBeLessThan(energy.oneShotMaeMeVPerAtom);
    expect(energy.oneShotMaeMeVPerAtom).toBeLessThan(energy.superposedAtomsMaeMeVPerAtom / 20);
    expect(energy.fitFloorMaeMeVPerAtom).toBeLessThan(0.05 * 3);
    expectReport(readFileSync(join(folder, "report.html"), "utf8"), density, energy);
  });

  it("validate refuses a report of another ending before the work", async () => {
    const { code, stderr } = await brineHere(
      ["validate", "water.safetensors", "water.db", "--out", "report.pdf"],
      folder,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/written as \.html, not "report\.pdf"/);
  });

  it("energy gives the same numbers for any number of workers, and writes them", async () => {
    const words = ["energy", "water.safetensors", "water.extxyz", "--indices", "0,3-4", "--json", "--quiet"];
    const one = await brine([...words, "--workers", "1", "--out", "e.csv"], folder);
    const two = await brine([...words, "--workers", "2", "--out", "e.extxyz"], folder);
    const numbers = (text: string): number[] => JSON.parse(text).structures.map((s: { energy: number }) => s.energy);
    expect(numbers(one.stdout)).toHaveLength(3);
    expect(numbers(two.stdout)).toEqual(numbers(one.stdout));
    expect(readFileSync(join(folder, "e.csv"), "utf8").split("\n")).toHaveLength(5);
    expect(readFileSync(join(folder, "e.extxyz"), "utf8")).toContain("energy_one_shot=");
  });

  it("predict writes coefficients, cubes and npz", async () => {
    const { code, stdout } = await brine(
      [
        "predict",
        "water.safetensors",
        "water.extxyz",
        "--limit",
        "1",
        "--out",
        "densities",
        "--cube",
        "--npz",
        "--json",
        "--quiet",
      ],
      folder,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).structures[0].electrons).toBeCloseTo(10, 1);
    expect(readdirSync(join(folder, "densities")).toSorted()).toEqual(["0.cube", "0.npz", "predictions.json"]);
    const { units, structures } = JSON.parse(readFileSync(join(folder, "densities/predictions.json"), "utf8"));
    expect(structures[0].coefficients).toHaveLength(71);
    expect(structures[0].species).toEqual([8, 1, 1]);
    expect(structures[0].positions).toHaveLength(9);
    expect(units).toMatchObject({ positions: "bohr", dipole: "e bohr", quadrupole: "e bohr^2" });
  });

  it("show describes dataset, record and model", async () => {
    for (const words of [["water.db"], ["water.db", "--index", "2"], ["water.safetensors"]]) {
      const { code, stdout } = await brineHere(["show", ...words, "--json"], folder);
      expect(code).toBe(0);
      expect(() => JSON.parse(stdout)).not.toThrow();
    }
  });
});

/** Tiles and means of the page against the JSON of the same run. */
function expectReport(page: string, density: Record<string, number>, energy: Record<string, number>): void {
  const shown = tiles(page);
  const numbers = (label: string): number[] =>
    [...`${shown[label].value} ${shown[label].note}`.matchAll(/\d[\d.]*(?: × 10\S+)?/g)].map(([text]) =>
      numberOf(text),
    );
  const three = (x: number): number => Number(x.toPrecision(3));
  expect(numbers("Error of the density")).toEqual(
    [density.maePercent, density.rmsePercent, density.coulombRmsePercent].map(three),
  );
  expect(numbers("Energy, with response correction")).toEqual([energy.maeMeVPerAtom, energy.maeKcalPerMol].map(three));
  expect(numbers("Energy, one-shot")).toEqual([energy.oneShotMaeMeVPerAtom, energy.oneShotMaeKcalPerMol].map(three));
  const rows = tableRows(page, "Structure");
  const mean = Object.fromEntries(Object.entries(rows[3].cells).map(([label, { value }]) => [label, value]));
  for (const [label, expected] of [
    ["Density, %", density.maePercent],
    ["Density with response, %", energy.improvedDensityMaePercent],
    ["Superposed atoms, meV/atom", energy.superposedAtomsMaeMeVPerAtom],
    ["One-shot, meV/atom", energy.oneShotMaeMeVPerAtom],
    ["With response, meV/atom", energy.maeMeVPerAtom],
    ["With response, kcal/mol", energy.maeKcalPerMol],
    ["Fit floor, meV/atom", energy.fitFloorMaeMeVPerAtom],
  ] as const)
    expect(mean[label] / expected).toBeCloseTo(1, 7);
  expect(page.match(/<option>/g)).toHaveLength(3);
  expect(page).toMatch(/<span>--out<\/span> <span>report.html<\/span>/);
  // A few hundred kB; the viewer is about 210 of them.
  expect(page.length).toBeLessThan(500_000);
}

/** `frames` as the text of an xyz file. */
function xyz(...frames: readonly string[][]): string {
  return frames.map((atoms) => `${atoms.length}\n\n${atoms.join("\n")}\n`).join("");
}

describe("wrong input", () => {
  const good = ["O 0 0 0", "H 0 0.757 0.587", "H 0 -0.757 0.587"];

  it("a structure that cannot be computed is reported, and the others are kept", async () => {
    writeFileSync(
      join(folder, "mixed.xyz"),
      xyz(good, ["O 0 0 0", "H 0 0.757 0.587"], ["H 0 0 0", "H 0 0 0.1"], ["I 0 0 0", "H 0 0 1.6"]),
    );
    const { code, stdout, stderr } = await brine(
      ["reference", "mixed.xyz", "--out", "mixed.db", "--json", ...fast],
      folder,
    );
    expect(code).toBe(1);
    const { added, failed } = JSON.parse(stdout);
    expect(added).toBe(1);
    expect(failed.map(({ index }: { index: number }) => index)).toEqual([1, 2, 3]);
    expect(failed[0].reason).toMatch(/odd|unpaired/);
    expect(failed[1].reason).toMatch(/overlap/);
    expect(failed[2].reason).toMatch(/no functions for I/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("an SCF that does not converge says how far it came", async () => {
    const { code, stdout } = await brineHere(
      ["scf", "water.extxyz", "--limit", "1", "--max-iterations", "2", "--json", ...fast],
      folder,
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout).failed[0].reason).toMatch(/did not converge in 2 iterations/);
  });

  it.each([
    [["scf", "water.extxyz", "--level", "pbe"], 2, /--level.*FUNCTIONAL\/BASIS/],
    [["scf", "water.extxyz", "--level", "pbe/nonsense"], 2, /nonsense/],
    [["scf", "water.extxyz", "--level", "nonsense/def2-svp"], 2, /nonsense/],
    [["scf", "absent.xyz"], 1, /absent\.xyz.*no such file/],
    [["train", "absent.db", "--out", "m.safetensors"], 1, /absent\.db/],
    [["train", "water.db", "--train", "70", "--out", "m.safetensors"], 2, /70.*holds 10/],
    [["train", "water.db", "--environments", "none", "--out", "m.safetensors"], 2, /--environments/],
    [["validate", "water.db", "water.db"], 1, /water\.db/],
    [["energy", "water.safetensors", "water.extxyz", "--out", "e.txt"], 2, /--out/],
  ])("%j exits with %i", async (words, code, message) => {
    const result = await brineHere(words as string[], folder);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message as RegExp);
    expect(result.stderr.trim().split("\n").length).toBeLessThanOrEqual(3);
  });

  it("a model of other species refuses by name", async () => {
    writeFileSync(
      join(folder, "methane.xyz"),
      xyz(["C 0 0 0", "H 0.63 0.63 0.63", "H -0.63 -0.63 0.63", "H 0.63 -0.63 -0.63", "H -0.63 0.63 -0.63"]),
    );
    const { code, stderr } = await brineHere(["energy", "water.safetensors", "methane.xyz"], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/structure 0.*\bC\b/);
  });

  it("a dataset of another level does not validate the model", async () => {
    await brineHere(
      ["reference", "water.extxyz", "--limit", "1", "--level", "lda/def2-svp", "--out", "lda.db", "--quiet", ...fast],
      folder,
    );
    const { code, stderr } = await brineHere(["validate", "water.safetensors", "lda.db", "--indices", "0"], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /structure \S+:0: the reference is at lda\/def2-svp, the model at pbe\/def2-svp \(functional lda, not pbe\)/,
    );
  });

  it("truncated files are recognised", async () => {
    for (const [name, words] of [
      ["water.db", ["train", "cut-water.db", "--out", "m.safetensors"]],
      ["water.safetensors", ["energy", "cut-water.safetensors", "water.extxyz"]],
    ] as const) {
      copyFileSync(join(folder, name), join(folder, `cut-${name}`));
      truncateSync(join(folder, `cut-${name}`), 5000);
      const { code, stderr } = await brineHere(words, folder);
      expect(code).toBe(1);
      expect(stderr).toMatch(/damaged|truncated|cut|incomplete/i);
    }
  });
});

describe("being stopped", () => {
  it.each(["SIGKILL", "SIGINT"] as const)(
    "%s in the middle of reference keeps what was finished; the same command goes on",
    async (signal) => {
      const db = `stopped-${signal}.db`;
      const words = ["reference", "water.extxyz", "--out", db, "--json", "--grid", "2", "--workers", "1"];
      const { child, finished } = startBrine(words, folder);
      await holds(join(folder, db), 2);
      child.kill(signal);
      const ended = await finished;
      if (signal === "SIGINT") expect(ended.code).toBe(130);
      else expect(ended.signal).toBe("SIGKILL");
      const again = await brine(words, folder);
      expect(again.code).toBe(0);
      const { added, skipped } = JSON.parse(again.stdout);
      expect(added + skipped).toBe(10);
      expect(skipped).toBeGreaterThanOrEqual(2);
      expect(added).toBeGreaterThan(0);
    },
  );
});
