/** Validation of a model of hydrogen molecules, references of which kept their density matrices. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../dist/dataset/record.js";
import { memoryDataset } from "../../dist/dataset/memory-dataset.js";
import { buildLevel } from "../../dist/engine/level.js";
import type { DensityModel } from "../../dist/model/density-model.js";
import { train } from "../../dist/model/train.js";
import { basisByName } from "../../dist/node/library.js";
import { computeReferences } from "../../dist/workflow/reference.js";
import { finishedReferences } from "../../dist/workflow/training-set.js";
import { validate } from "../../dist/workflow/validate.js";
import { structureOf } from "../structure-of.js";

const orbitals = basisByName("def2-svp");
const auxiliary = basisByName("def2-universal-jfit");
const level = buildLevel({ functional: "lda", orbitals, coulombFit: auxiliary, auxiliary, grid: 1 });
const molecules = [1.35, 1.4, 1.5, 1.45].map((distance) => structureOf([1, 1], [0, 0, 0, 0, 0, distance]));

let dataset: Dataset;
let model: DensityModel;

beforeAll(async () => {
  dataset = memoryDataset();
  const structures = molecules.map((structure, index) => ({ index, structure }));
  expect((await computeReferences(structures, level, dataset, { keepOrbitals: true })).failed).toEqual([]);
  const references = finishedReferences(dataset)
    .slice(0, 3)
    .map(({ reference }) => reference);
  ({ model } = await train(references, { nmax: 2, lmax: 1, environments: 4, regularization: 1e-8 }));
});

describe("validate", () => {
  test("compares with the density of the calculation where its matrix was kept", async () => {
    const [held] = finishedReferences(dataset).slice(3);
    const scope = { energies: "none", response: false } as const;
    const { structures, summary } = await validate(model, [held], scope);
    // The prediction is 0.003 % from the fit, so that the error is that of the fit.
    const { absoluteErrorPerElectron } = held.reference.fit!;
    expect(summary.density.maePercentVsScf).toBeCloseTo(100 * absoluteErrorPerElectron!, 1);
    expect(summary.density.maePercent).toBeLessThan(0.01);
    expect(structures[0].reference.densityMatrix).toBeUndefined();
    const { reference, index } = held;
    expect((await validate(model, [{ reference, index }], scope)).summary.density.maePercentVsScf).toBeNull();
  });
});
