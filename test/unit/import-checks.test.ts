/** What imported densities must hold: their electrons, and the overlaps of the functions that they are meant in. */
import { expect, test } from "vitest";
import { superposedAtoms } from "../../dist/atoms/superposed-atoms.js";
import { placeBasis } from "../../dist/basis/basis.js";
import { memoryDataset } from "../../dist/dataset/memory-dataset.js";
import { overlapMatrix } from "../../dist/integrals/index.js";
import { checkOverlaps } from "../../dist/io/salted-overlaps.js";
import { importDensities } from "../../dist/workflow/import-densities.js";
import { jfit, level, molecule } from "../data/pyscf-scf/load.js";

const water = molecule("H2O");

// Superposed atoms have the ten electrons exactly, so that a factor is the count.
test.each([
  [10.005, { added: 1, electronCounts: [], failed: [] }],
  [10.02, { added: 1, electronCounts: [{ index: 0, expected: 10 }], failed: [] }],
  [14.9, { added: 1, electronCounts: [{ index: 0, expected: 10 }], failed: [] }],
  [15.1, { added: 0, electronCounts: [], failed: [{ index: 0 }] }],
  [4.9, { added: 0, electronCounts: [], failed: [{ index: 0 }] }],
])("%d electrons where there are ten", async (electrons, expected) => {
  const { coefficients } = await superposedAtoms(level(), water);
  const density = { coefficients: coefficients.map((c) => (electrons / 10) * c) };
  const summary = await importDensities([{ index: 0, structure: water }], [density], level(), "brine", memoryDataset());
  expect(summary).toMatchObject(expected);
  for (const counted of summary.electronCounts) expect(counted.electrons).toBeCloseTo(electrons, 9);
});

test("overlaps are the same to the digits that geometries have in files", () => {
  const off = (by: number) => () => {
    const { rows, data } = overlapMatrix(placeBasis(jfit, water));
    data[5] += by;
    checkOverlaps([water], jfit, () => ({ shape: [rows, rows], data }));
  };
  expect(off(1e-6)).not.toThrow();
  expect(off(1e-4)).toThrow(/differs by 0\.00010 from that of def2-universal-jfit/);
});
