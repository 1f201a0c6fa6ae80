/**
 * The core needs JavaScript and WebAssembly only: bundled, it loads in a bare context (no require, process,
 * document or fetch), loads a model there and predicts what it predicts here.
 */
import { resolve } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, it } from "vitest";
import * as brine from "../../dist/index.js";
import { basisByName } from "../../dist/node/library.js";

const water = {
  species: Uint8Array.of(8, 1, 1),
  positions: Float64Array.of(0, 0, 0, 0, 1.43, 1.11, 0, -1.43, 1.11),
  charge: 0,
  unpaired: 0,
  info: {},
};

async function waterModel(): Promise<brine.DensityModel> {
  const orbitals = basisByName("def2-svp");
  const fit = basisByName("def2-universal-jfit");
  const level = brine.buildLevel({ functional: "pbe", orbitals, coulombFit: fit, auxiliary: fit, grid: 1 });
  const structures = brine.thermalDistortions(water, { temperature: [300, 500], count: 4, seed: 5 });
  const dataset = brine.memoryDataset();
  await brine.computeReferences(
    structures.map((structure, index) => ({ index, structure })),
    level,
    dataset,
  );
  const references = dataset.ids().map((id) => dataset.get(id) as brine.DatasetRecord & { state: "done" });
  const { model } = await brine.train(references);
  return model;
}

it("predicts in a bare context", async () => {
  const model = await waterModel();
  const bundle = await build({
    entryPoints: [resolve(import.meta.dirname, "../../dist/index.js")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "brine",
    platform: "neutral",
    mainFields: ["module", "main"],
  });
  // What every JavaScript host has beside the language itself.
  const sandbox = createContext({
    performance,
    setTimeout,
    atob,
    TextEncoder,
    TextDecoder,
    WebAssembly,
    AbortController,
    bytes: brine.saveModel(model),
    water,
  });
  runInContext(bundle.outputFiles[0].text, sandbox);
  const prediction = (await runInContext("brine.loadModel(bytes).predict(water)", sandbox)) as brine.Prediction;
  const here = await model.predict(water);
  expect(Array.from(prediction.density.coefficients)).toEqual(Array.from(here.density.coefficients));
  expect(prediction.electrons).toBeCloseTo(10, 1);
});
