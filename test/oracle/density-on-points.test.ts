/** The density of water in B3LYP/cc-pVTZ at 125 points, by Gaussian's cubegen (test/data/fchk). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { matrixDensityAt } from "../../dist/density/evaluate.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { readCube } from "../../dist/io/cube.js";
import { realDensity } from "../../dist/kohn-sham/state.js";
import { basis, level } from "../data/pyscf-scf/load.js";

test("water, B3LYP/cc-pVTZ", async () => {
  const file = new URL("../data/fchk/water_b3lyp_ccpvtz.cube", import.meta.url);
  const { grid, structure } = readCube(readFileSync(file, "utf8"));
  const orbitals = basis("cc-pvtz");
  const choice = { functional: "b3lyp", orbitals, coulombFit: basis("def2-universal-jkfit") };
  const state = await createBuiltinEngine(level(choice)).groundState(structure);
  const n = grid.values.length;
  const points = new Float64Array(3 * n);
  const [, ny, nz] = grid.counts;
  for (let p = 0; p < n; p++) {
    const steps = [Math.floor(p / (ny * nz)), Math.floor(p / nz) % ny, p % nz];
    for (let axis = 0; axis < 3; axis++)
      points[axis * n + p] =
        grid.origin[axis] + steps.reduce((sum, step, k) => sum + step * grid.steps[3 * k + axis], 0);
  }
  const density = await matrixDensityAt(placeBasis(orbitals, structure), realDensity(state.state), points);
  // The file has six digits of positions and values; densities go down to 1e-13.
  grid.values.forEach((value, p) => expect(Math.abs(density[p] - value)).toBeLessThan(1e-3 * value + 1e-9));
  expect(Math.max(...density)).toBeGreaterThan(290); // next to the oxygen nucleus
});
