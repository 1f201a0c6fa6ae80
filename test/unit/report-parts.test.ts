/** How results become the data of a report: made-up results, and a model that predicts one and a half times the reference. */
import { expect, test } from "vitest";
import { normalisedShell } from "../../dist/basis/basis.js";
import type { DensityModel } from "../../dist/model/prediction/density-model.js";
import { curveReport } from "../../dist/workflow/curve-report.js";
import type { DemoResult } from "../../dist/workflow/demo.js";
import { demoReport } from "../../dist/workflow/demo-report.js";
import { densityViews, thinned } from "../../dist/workflow/density-views.js";
import { meanPoint, type CurvePoint } from "../../dist/workflow/learning-curve.js";
import {
  curvePoint,
  failedStructures,
  modelSettings,
  predictedStructure,
  reportedName,
} from "../../dist/workflow/report-parts.js";
import type { Validated, ValidationSummary } from "../../dist/workflow/validate.js";
import { validationReport } from "../../dist/workflow/validation-report.js";
import { structureOf } from "../structure-of.js";

const auxiliary = {
  name: "one-s",
  shells: { 2: [normalisedShell({ l: 0, exponents: [0.7], coefficients: [1] })] },
};
const level = { functional: "pbe", orbitals: { name: "def2-svp" }, auxiliary, fitMetric: "overlap", numerics: {} };

const model = {
  level,
  settings: { lossMetric: "coulomb" },
  environments: { 1: [1, 2, 3], 8: [1] },
  summary: {
    structures: 7,
    dimension: 90,
    features: [11, 12],
    regularization: { relative: 4.6e-6, automatic: true },
    validation: { structures: 2 },
  },
  predict: async (structure: Validated["reference"]["structure"]) => ({
    density: { ...helium(0, 0).reference.density, structure, coefficients: Float64Array.of(1.5) },
  }),
} as unknown as DensityModel;

function helium(index: number, absolute: number, info = {}): Validated {
  const structure = structureOf([2], [0, 0, index], { info });
  return {
    key: `k${index}`,
    source: "he.xyz",
    index,
    reference: {
      structure,
      level,
      density: { structure, basis: auxiliary, quantity: "density", nuclearCharges: [2], coefficients: [1] },
      energy: -2.9,
      seconds: 4,
    },
    errors: {
      atoms: 1,
      absolute,
      absoluteVsScf: null,
      energy: {
        energy: 1e-5,
        oneShot: -2e-5,
        harrisFoulkes: 3e-5,
        components: {},
        bounds: { fitFloor: 4e-5, fitFloorOneShot: 5e-5, superposedAtoms: -6e-5 },
        improvedAbsolute: absolute / 10,
        reliable: true,
      },
      energySeconds: 0.5,
      predictSeconds: 0.25,
    },
  } as unknown as Validated;
}

function summaryOf(rmsePercent: number, energy?: object): ValidationSummary {
  return {
    structures: 3,
    density: { rmsePercent, coulombRmsePercent: 2 * rmsePercent, maePercent: 3 * rmsePercent },
    failed: [],
    seconds: 8,
    ...(energy ? { energy } : {}),
  } as unknown as ValidationSummary;
}

function point(rmsePercent: number, meV: number): CurvePoint {
  const energy = { maeMeVPerAtom: meV, maeKcalPerMol: 1, oneShotMaeMeVPerAtom: 10 * meV, oneShotMaeKcalPerMol: 10 };
  return { train: 5, trainSeconds: 2 * meV, validation: summaryOf(rmsePercent, energy) };
}

test("a validated structure keeps its numbers; fractions become per cent", () => {
  expect(predictedStructure(helium(3, 0.02))).toEqual({
    name: "he.xyz:3",
    structure: helium(3, 0).reference.structure,
    maePercent: 2,
    improvedMaePercent: 0.2,
    energy: -2.9,
    errors: { oneShot: -2e-5, corrected: 1e-5, superposedAtoms: -6e-5, fitFloor: 4e-5 },
    scfSeconds: 4,
    predictSeconds: 0.25,
    energySeconds: 0.5,
  });
  const plain = helium(3, 0.02);
  const energy = { ...plain.errors.energy!, energy: -2e-5 };
  expect(predictedStructure({ ...plain, errors: { ...plain.errors, energy } }).errors).not.toHaveProperty("corrected");
});

test("structures are called by label and name; a number says of what", () => {
  expect(reportedName(helium(3, 0, { name: "atom" }))).toBe("he.xyz:3 (atom)");
  expect(reportedName(helium(3, 0, { gdb_id: 101 }))).toBe("he.xyz:3 (gdb_id 101)");
  expect(failedStructures([{ index: 4, name: "atom", error: new Error("refused") }])).toEqual([
    { name: "4 (atom)", reason: "refused" },
  ]);
});

test("points of a curve are means with deviations", () => {
  const shown = curvePoint(meanPoint([point(4, 1), point(8, 3)]));
  // √2 is the sample deviation of two numbers that differ by 2.
  expect(shown).toMatchObject({ train: 5, rmsePercent: { mean: 6 }, trainSeconds: 4 });
  expect(shown.rmsePercent!.deviation).toBeCloseTo(2 * Math.SQRT2, 12);
  expect(shown.correctedMeVPerAtom!.mean).toBeCloseTo(2, 12);
  expect(shown.correctedMeVPerAtom!.deviation).toBeCloseTo(Math.SQRT2, 12);
  expect(shown.oneShotMeVPerAtom!.mean).toBeCloseTo(20, 12);
  expect(shown.oneShotMeVPerAtom!.deviation).toBeCloseTo(10 * Math.SQRT2, 12);
  expect(curvePoint(meanPoint([point(4, 1)])).rmsePercent).toEqual({ mean: 4 });
  const alike = point(4, 1);
  const energy = { ...alike.validation.energy!, oneShotMaeMeVPerAtom: 1 };
  expect(curvePoint(meanPoint([{ ...alike, validation: { ...alike.validation, energy } }]))).not.toHaveProperty(
    "correctedMeVPerAtom",
  );
});

test("densities to look at: from the largest error to the smallest, prediction and difference in e/bohr³", async () => {
  const many = Array.from({ length: 11 }, (_, i) => helium(i, ((i * 4) % 11) / 100));
  const views = await densityViews(model, many, {});
  expect(views.map(({ name }) => / error (\S+) %/.exec(name)![1])).toEqual(["10", "8.0", "6.0", "4.0", "2.0", "0.0"]);
  expect(await densityViews(model, many.slice(0, 1), {})).toHaveLength(1);
  const { predicted, error, structure } = views[0];
  const { counts, origin, steps, values } = predicted;
  // A Gaussian of unit self-overlap, (2α/π)^¾ exp(−α r²) with α = 0.7: 1.5 of it predicted, 1 of it the reference.
  const [i, j, k] = counts.map((count) => Math.floor(count / 2));
  const at = [origin[0] + i * steps[0], origin[1] + j * steps[4], origin[2] + k * steps[8]];
  const r2 = at.reduce((sum, x, d) => sum + (x - structure.positions[d]) ** 2, 0);
  const gaussian = (1.4 / Math.PI) ** 0.75 * Math.exp(-0.7 * r2);
  const here = (i * counts[1] + j) * counts[2] + k;
  expect(values[here]).toBeCloseTo(1.5 * gaussian, 8);
  expect(error![here]).toBeCloseTo(0.5 * gaussian, 8);
  expect(values.length).toBeLessThan(50_000);
});

test("a fine grid is thinned evenly", () => {
  const counts = [70, 71, 72] as const;
  const values = Float64Array.from({ length: 70 * 71 * 72 }, (_, p) => p);
  const grid = { origin: [1, 2, 3] as const, steps: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), counts, values };
  const thin = thinned(grid);
  expect(thin.counts).toEqual([35, 36, 36]);
  expect([...thin.steps]).toEqual([2, 0, 0, 0, 2, 0, 0, 0, 2]);
  expect(thin.origin).toEqual([1, 2, 3]);
  expect(thin.values[(3 * 36 + 4) * 36 + 5]).toBe((6 * 71 + 8) * 72 + 10);
});

test("the report of a validation: sums of times, what was trained on, settings in words", async () => {
  const structures = [helium(0, 0.01), helium(1, 0.02)];
  const result = { model, summary: summaryOf(2, {}), structures, modelName: "m", datasetName: "d", trainedOn: 1 };
  const data = await validationReport(result, {});
  expect(data.density).toEqual({ rmsePercent: 2, coulombRmsePercent: 4, maePercent: 6 });
  expect(data.stages!.map(({ name, seconds }) => [name, seconds])).toEqual([
    ["all", 8],
    ["densities", 0.5],
    ["energies", 1],
  ]);
  expect(data.summary![0]).toContain("1 of which it was trained on");
  expect((await validationReport({ ...result, trainedOn: 0 }, {})).summary![0]).toContain("none of which");
  expect(data.views).toHaveLength(2);
  expect(Object.fromEntries(modelSettings(model).map(({ name, value }) => [name, value]))).toEqual({
    "level of theory": "pbe/def2-svp",
    "density expanded in": "one-s",
    "learned from": "7 structures",
    "atoms remembered": "H 3, O 1",
    features: "11, 12",
    regularisation: "4.6 × 10⁻⁶",
  });
  expect(modelSettings(model)[1].note).toContain("overlap metric");
  expect(modelSettings(model)[2].note).toBe("90 numbers adjusted; errors counted in the Coulomb metric");
  expect(modelSettings(model)[5].note).toContain("chosen on 2 structures");
});

test("the report of the demo: what its stages took", async () => {
  const result = {
    structures: Array.from({ length: 9 }),
    references: { added: 4, skipped: 5, seconds: 10 },
    curve: [point(4, 1), point(3, 1)],
    model,
    training: { structures: 7, seconds: 20, iterations: 33 },
    validation: summaryOf(1),
    validated: [helium(0, 0.01)],
    seconds: 100,
  } as unknown as DemoResult;
  const data = await demoReport(result, {});
  // 100 − 10 − 20 − 8 are left for the curve.
  expect(data.stages!.map(({ seconds }) => seconds)).toEqual([10, 20, 8, 62]);
  expect(data.stages![3].note).toContain("1 smaller models");
  expect(data.summary![1]).toContain("densities of 7 of them and predicted the other 1");
  expect(data.learningCurve).toHaveLength(2);
});

test("the report of a curve says what failed and how often it was repeated", () => {
  const points = [{ ...meanPoint([point(4, 1), point(5, 2)]), failed: 3 }];
  const data = curveReport({ validation: 6, points }, model.level, "d.db", 12);
  expect(data.summary![0]).toContain("tested on the same 6 structures");
  expect(data.summary![0]).toContain("means over 2 draws");
  expect(data.summary![0]).toContain("3 predictions failed");
  expect(data.stages![0].seconds).toBe(12);
});
