/** Relative energies of ethanol configurations against ORCA (test/data/orca-ethanol). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { HARTREE_IN_EV, HARTREE_IN_KCAL_PER_MOL } from "../../dist/units.js";
import { level } from "../data/pyscf-scf/load.js";

const full = Boolean(process.env["BRINE_FULL"]);
const configurations = readExtxyz(readFileSync(new URL("../data/orca-ethanol/ethanol.xyz", import.meta.url), "utf8"));

test("energy differences within 0.05 kcal/mol", async () => {
  const chosen = configurations.slice(0, full ? 20 : 2);
  const engine = createBuiltinEngine(level());
  const differences: number[] = [];
  for (const structure of chosen) {
    const { energy } = await engine.groundState(structure);
    differences.push((energy - Number(structure.info["energy"]) / HARTREE_IN_EV) * HARTREE_IN_KCAL_PER_MOL);
  }
  const mean = differences.reduce((sum, x) => sum + x, 0) / differences.length;
  for (const difference of differences) expect(Math.abs(difference - mean)).toBeLessThan(0.05);
});
