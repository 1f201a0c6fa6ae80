/** Validation of a model of hydrogen molecules, on those and on helium atoms; the references kept their density matrices. */
import { beforeAll, describe, expect, test } from "vitest";
import { memoryDataset } from "../../dist/dataset/memory-dataset.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { absoluteError } from "../../dist/density/grid-error.js";
import { HARTREE_IN_MEV } from "../../dist/units.js";
import { buildLevel } from "../../dist/engine/level.js";
import type { DensityModel } from "../../dist/model/prediction/density-model.js";
import { trainSettings } from "../../dist/model/settings.js";
import { train } from "../../dist/model/training/train.js";
import { basisByName } from "../../dist/node/library.js";
import type { StructureErrors } from "../../dist/workflow/evaluate-structure.js";
import { learningCurve } from "../../dist/workflow/learning-curve.js";
import { computeReferences } from "../../dist/workflow/reference.js";
import { finishedReferences, type IndexedReference } from "../../dist/workflow/training-set.js";
import { validate } from "../../dist/workflow/validate.js";
import { structureOf } from "../structure-of.js";

const orbitals = basisByName("def2-svp");
const auxiliary = basisByName("def2-universal-jfit");
const level = buildLevel({ functional: "lda", orbitals, coulombFit: auxiliary, auxiliary, grid: 1 });
const hydrogen = [1.35, 1.4, 1.5, 1.45].map((distance) => structureOf([1, 1], [0, 0, 0, 0, 0, distance]));
const helium = [0, 1].map((z) => structureOf([2], [0, 0, z]));
const scope = { energies: "none", response: false } as const;
const quick = trainSettings({ nmax: 2, lmax: 1, environments: 4, regularization: 1e-8 });

let references: IndexedReference[];
let model: DensityModel;

beforeAll(async () => {
  const dataset = memoryDataset();
  const structures = [...hydrogen, ...helium].map((structure, index) => ({ index, structure }));
  expect((await computeReferences(structures, level, dataset, { keepOrbitals: true })).failed).toEqual([]);
  references = finishedReferences(dataset);
  const training = references.slice(0, 3).map(({ reference }) => reference);
  ({ model } = await train(training, quick));
});

describe("validate", () => {
  test("compares with the density of the calculation where its matrix was kept", async () => {
    const held = references[3];
    const { structures, summary } = await validate(model, [held], scope);
    // The prediction is 0.003 % from the fit, so that the error is that of the fit.
    const { absoluteErrorPerElectron } = held.reference.fit!;
    expect(summary.density.maePercentVsScf).toBeCloseTo(100 * absoluteErrorPerElectron!, 1);
    expect(summary.density.maePercent).toBeLessThan(0.01);
    expect(structures[0].reference.densityMatrix).toBeUndefined();
    const { densityMatrix: _, ...bare } = held;
    expect((await validate(model, [bare], scope)).summary.density.maePercentVsScf).toBeNull();
  });

  test("errors of components add up to that of the energy, and bounds are those of the reference's own fit", async () => {
    const [held] = references.slice(3);
    const { structures } = await validate(model, [held], { energies: "bounds", response: true });
    const { components, oneShot, bounds } = structures[0].errors.energy!;
    expect(Object.values(components).reduce((a, b) => a + b, 0)).toBeCloseTo(oneShot, 10);
    const fitted = await createBuiltinEngine(level).oneShot(held.reference.density);
    expect(bounds!.fitFloor).toBeCloseTo(fitted.energy - held.reference.energy!, 10);
    expect(bounds!.fitFloorOneShot).toBeCloseTo(fitted.oneShot - held.reference.energy!, 10);
    expect(Math.abs(fitted.oneShot - fitted.energy)).toBeGreaterThan(1e-9);
    expect(bounds!.superposedAtoms).toBeGreaterThan(bounds!.fitFloorOneShot);
  });

  test("measures the energies and the improved density of one diagonalisation", async () => {
    const held = references.slice(2, 4);
    const { summary } = await validate(model, held, { energies: "predicted", response: true });
    const engine = createBuiltinEngine(level);
    const means = { harrisFoulkes: 0, oneShot: 0, improved: 0 };
    for (const { reference } of held) {
      const { density } = await model.predict(reference.structure);
      const one = await engine.oneShot(density);
      means.harrisFoulkes += Math.abs(one.harrisFoulkes - reference.energy!) / 2;
      means.oneShot += Math.abs(one.oneShot - reference.energy!) / 2;
      means.improved += (await absoluteError(one.improved!, reference.density, level.numerics)) / 2;
    }
    // Two atoms and two electrons each.
    expect(summary.energy!.harrisFoulkesMaeMeVPerAtom).toBeCloseTo((means.harrisFoulkes / 2) * HARTREE_IN_MEV, 8);
    expect(summary.energy!.oneShotMaeMeVPerAtom).toBeCloseTo((means.oneShot / 2) * HARTREE_IN_MEV, 8);
    expect(summary.energy!.improvedDensityMaePercent).toBeCloseTo((100 * means.improved) / 2, 8);
  });

  test("collects structures that the model refuses, and goes on", async () => {
    const { structures, summary } = await validate(model, references, scope);
    const reason = "atom 0 is He, which the model has not seen; it knows H";
    expect(summary.failed).toMatchObject(
      [4, 5].map((index) => ({ index, error: { tag: "mismatch", message: reason } })),
    );
    expect(structures.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    const means = (of: (errors: StructureErrors) => number): number =>
      structures.reduce((sum, { errors }) => sum + of(errors), 0) / 4;
    expect(summary.density.maePercent! / means(({ absolute }) => absolute)).toBeCloseTo(100, 9);
    expect(summary.density.maePercentVsScf! / means(({ absoluteVsScf }) => absoluteVsScf!)).toBeCloseTo(100, 9);
    expect(summary.density.rmsePercent).toBeGreaterThan(0);
    const none = await validate(model, references.slice(4), scope);
    expect([none.summary.density.rmsePercent, none.summary.density.maePercent, none.structures]).toEqual([
      null,
      null,
      [],
    ]);
    const { energy } = (await validate(model, references.slice(4), { ...scope, energies: "predicted" })).summary;
    expect(energy).toBeUndefined();
  });
});

test("a learning curve goes on where a training set lacks a species", async () => {
  const [a, b, c, , first, second] = references;
  const curve = await learningCurve([a, b, first], [c, second], [2, 3], quick, scope);
  expect(curve.map(({ validation }) => validation.failed.length)).toEqual([1, 0]);
});
