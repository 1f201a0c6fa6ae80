/** What the bundled model says of structures unlike those of QM9, against errors from references made here. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { noteUnlike } from "../../dist/cli/uncertainty.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { onBuiltinEngine } from "../../dist/engine/engines.js";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { loadModel } from "../../dist/model/file/model-file.js";
import type { DensityModel } from "../../dist/model/prediction/density-model.js";
import { modelPath } from "../../dist/node/library.js";
import { metricError } from "../../dist/workflow/calibration.js";

const STRANGE = `3
water
O 0 0 0
H 0.76 0.59 0
H -0.76 0.59 0
3
water with a bond of 2 Å
O 0 0 0
H 0.76 1.8 0
H -0.76 0.59 0
4
hydrogen peroxide, flat
O 0 0 0
O 1.45 0 0
H -0.2 0.95 0
H 1.65 0.2 0.92
`;
const USUAL = `9
ethanol
C -0.9 -0.3 0
C 0.4 0.5 0
O 1.5 -0.35 0
H -0.95 -0.95 0.88
H -0.95 -0.95 -0.88
H -1.77 0.36 0
H 0.45 1.14 0.89
H 0.45 1.14 -0.89
H 2.3 0.17 0
`;
let model: DensityModel;

beforeAll(() => {
  const path = modelPath("qm9");
  model = loadModel(readFileSync(path), path);
});

describe("structures unlike those learnt", () => {
  it("get an uncertainty of the size of their error", async () => {
    const engine = createBuiltinEngine(onBuiltinEngine(model.level));
    for (const structure of readExtxyz(STRANGE, "strange.xyz")) {
      const prediction = await model.predict(structure);
      const { density } = await engine.fit(await engine.groundState(structure));
      const ratio = prediction.uncertainty!.error / metricError(prediction, density, "coulomb");
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(2);
    }
    await engine.close();
  });

  it("are pointed out, others not", async () => {
    const structures = readExtxyz(STRANGE + USUAL, "some.xyz");
    const predicted = [];
    for (const [index, structure] of structures.entries())
      predicted.push({ index, result: { uncertainty: (await model.predict(structure)).uncertainty! } });
    const notes: string[] = [];
    noteUnlike(model, predicted, (text) => notes.push(text));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/: 0 \(\d+ %\), 1 \(\d+ %\), 2 \(\d+ %\); add such structures/);
  });
});
