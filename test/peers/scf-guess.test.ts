/** The Python of docs/how-to.md on a guess that `brine predict --pyscf-guess` wrote: PySCF converges in a few cycles. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  buildLevel,
  computeReferences,
  memoryDataset,
  readExtxyz,
  saveModel,
  thermalDistortions,
  train,
  type DatasetRecord,
} from "../../dist/index.js";
import { basisByName } from "../../dist/node/library.js";
import { brine, temporaryFolder } from "../cli/run-brine.js";
import { pyscfAvailable, python } from "./available.js";

const folder = temporaryFolder();
const water = "3\n\nO 0 0 0\nH 0 -0.757 0.587\nH 0 0.757 0.587\n";
const guide = readFileSync(new URL("../../docs/other-programs.md", import.meta.url), "utf8");
const snippet = /```python\n([\s\S]*?)```/.exec(guide)?.[1];

async function waterModel(): Promise<Uint8Array> {
  const fit = basisByName("def2-universal-jfit");
  const bases = { orbitals: basisByName("def2-svp"), coulombFit: fit, auxiliary: fit };
  const [structure] = readExtxyz(water);
  const structures = thermalDistortions(structure, { temperature: [300, 500], count: 6, seed: 5 });
  const dataset = memoryDataset();
  await computeReferences(
    structures.map((of, index) => ({ index, structure: of })),
    buildLevel({ functional: "pbe", ...bases }),
    dataset,
  );
  const { model } = await train(dataset.ids().map((id) => dataset.get(id) as DatasetRecord & { state: "done" }));
  return saveModel(model);
}

describe.runIf(pyscfAvailable)("PySCF from a prediction", () => {
  test("water in two cycles", async () => {
    writeFileSync(join(folder, "water.xyz"), water);
    writeFileSync(join(folder, "water.safetensors"), await waterModel());
    const words = ["predict", "water.safetensors", "water.xyz", "--out", "guesses", "--pyscf-guess"];
    expect((await brine(words, folder)).code).toBe(0);
    const script = `${snippet}\nimport sys\nprint(json.dumps([mf.e_tot, mf.cycles, mf.converged]), file=sys.stderr)\n`;
    const { stderr, status } = spawnSync(python!, ["-c", script], { cwd: folder, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    const [energy, cycles, converged] = JSON.parse(stderr.trim().split("\n").at(-1)!) as [number, number, boolean];
    expect(converged).toBe(true);
    expect(cycles).toBeLessThanOrEqual(2);
    const scf = await brine(["scf", "water.xyz", "--json"], folder);
    const [{ energy: own }] = (JSON.parse(scf.stdout) as { structures: { energy: number }[] }).structures;
    expect(Math.abs(energy - own)).toBeLessThan(5e-6);
  });
});
