/** `energy`, `predict` and `scf` are stopped in the middle and go on; their files say what their JSON document says. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readExtxyz, writeExtxyz } from "../../dist/io/extxyz.js";
import { thermalDistortions } from "../../dist/structure/thermal-distortion.js";
import { HARTREE_IN_EV } from "../../dist/units.js";
import { structureOf } from "../structure-of.js";
import { brineHere, startBrine, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(path(name), "utf8");
const settings = ["--level", "lda/6-31g", "--grid", "1", "--workers", "1", "--quiet"];
/** A grid that makes a structure take long enough to be stopped. */
const slow = ["--grid", "5", "--workers", "1"];
const count = 5;

beforeAll(async () => {
  const water = structureOf([8, 1, 1], [0, 0, 0, 0, 1.43, 1.11, 0, -1.43, 1.11]);
  const molecules = thermalDistortions(water, { temperature: [300, 500], count, seed: 7 }).map((molecule, i) => ({
    ...molecule,
    info: { gdb_id: 10 + i, name: `w,"${i}"`, charge_model: "none" },
  }));
  writeFileSync(path("w.xyz"), writeExtxyz(molecules));
  await brineHere(["reference", "w.xyz", "--out", "w.db", ...settings], folder);
  await brineHere(["train", "w.db", "--out", "m.safetensors", "--quiet"], folder);
});

/** Stops the command when `lines` results are in `partial`. */
async function stop(words: readonly string[], partial: string, lines: number, signal: NodeJS.Signals) {
  const { child, finished } = startBrine(words, folder);
  while (!existsSync(path(partial)) || read(partial).split("\n").length < lines + 2)
    await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill(signal);
  return finished;
}

const withoutSeconds = (text: string): string => text.replace(/"seconds":[\d.e-]+/g, "");

describe("what was stopped goes on with the same command", () => {
  it.each([
    ["energy m.safetensors w.xyz --out e.csv", "e.csv", "e.csv.partial", "SIGKILL"],
    ["scf w.xyz --level lda/6-31g --out s.jsonl", "s.jsonl", "s.jsonl.partial", "SIGINT"],
  ] as const)("%s", async (text, out, partial, signal) => {
    const words = [...text.split(" "), ...slow];
    const ended = await stop(words, partial, 2, signal);
    if (signal === "SIGINT") expect(ended.code).toBe(130);
    expect(existsSync(path(out))).toBe(false);
    writeFileSync(path(partial), `${read(partial)}{"index":4,"key":"12`); // as a crash cuts a line off
    const again = await brineHere(words, folder);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(new RegExp(`^[2-4] of ${count} are in ${partial} from before$`, "m"));
    expect(existsSync(path(partial))).toBe(false);
    const resumed = withoutSeconds(read(out));
    await brineHere(words, folder);
    expect(resumed).toBe(withoutSeconds(read(out)));
  });

  it("predict, whose files are there for each structure that it keeps", async () => {
    const words = [
      "predict",
      "m.safetensors",
      "w.xyz",
      "--out",
      "p",
      "--density",
      "improved",
      "--npz",
      "--workers",
      "1",
    ];
    await stop(words, "p/predictions.json.partial", 1, "SIGKILL");
    expect(existsSync(path("p/0.npz"))).toBe(true);
    const other = await brineHere([...words, "--order", "pyscf"], folder);
    expect(other.stderr).toMatch(/^brine: p\/predictions\.json\.partial: .* were made with another order; /);
    expect(other.code).toBe(1);
    const { code } = await brineHere(words, folder);
    expect(code).toBe(0);
    const { structures, density, fit } = JSON.parse(read("p/predictions.json"));
    expect(structures.map(({ index, name }: { index: number; name: string }) => [index, name])).toEqual(
      Array.from({ length: count }, (_, i) => [i, `w,"${i}"`]),
    );
    expect([density, fit, structures[0].dipoleOf]).toEqual(["improved", "def2-universal-jfit", "improved"]);
  });

  it("without --out what is finished is printed", async () => {
    const many = readExtxyz(Array.from({ length: 60 }, () => read("w.xyz")).join(""));
    writeFileSync(path("many.xyz"), writeExtxyz(many));
    const { child, finished } = startBrine(["scf", "many.xyz", "--level", "lda/6-31g", ...slow, "--json"], folder);
    child.stderr!.once("data", () => child.kill("SIGINT")); // the progress of the first structure
    const { code, stdout } = await finished;
    expect(code).toBe(130);
    const { structures } = JSON.parse(stdout);
    expect(structures.length).toBeGreaterThan(0);
    expect(structures.length).toBeLessThan(many.length);
  });
});

it("CSV, JSON lines and extxyz say what the JSON document of the same run says", async () => {
  const words = ["energy", "m.safetensors", "w.xyz", "--grid", "1", "--workers", "1", "--json", "--limit", "2"];
  const run = async (out: string) => JSON.parse((await brineHere([...words, "--out", out], folder)).stdout).structures;
  const fromCsv = await run("same.csv");
  const [head, ...lines] = read("same.csv").trim().split("\n");
  expect(head).toBe(
    "index,name,gdb_id,formula,energy,oneShot,harrisFoulkes,dipoleX,dipoleY,dipoleZ,homo,lumo,uncertaintyPercent",
  );
  fromCsv.forEach((row: Record<string, number> & { dipole: number[] }, i: number) => {
    expect(lines[i].startsWith(`${i},"w,""${i}""",${10 + i},H2O,`)).toBe(true);
    const cells = lines[i].split(`""${i}""",`)[1].split(",").slice(2).map(Number);
    const { energy, oneShot, harrisFoulkes, dipole, homo, lumo } = row;
    expect(cells.slice(0, 8)).toEqual([energy, oneShot, harrisFoulkes, ...dipole, homo, lumo]);
  });
  const withJsonLines = await run("same.jsonl");
  expect(
    read("same.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(withJsonLines);
  expect(withJsonLines[1]).toMatchObject({ index: 1, name: 'w,"1"', info: { gdb_id: 11, charge_model: "none" } });
  const withExtxyz = await run("same.extxyz");
  readExtxyz(read("same.extxyz")).forEach(({ info }, i) => {
    const { energy, oneShot, harrisFoulkes } = withExtxyz[i];
    expect(info["gdb_id"]).toBe(10 + i);
    expect(info["energy"]).toBeCloseTo(energy * HARTREE_IN_EV, 9);
    expect(info["energy_one_shot"]).toBeCloseTo(oneShot * HARTREE_IN_EV, 9);
    expect(info["energy_harris_foulkes"]).toBeCloseTo(harrisFoulkes * HARTREE_IN_EV, 9);
  });
});
