/** The committee: uncertainties of predictions, kept in the model file, calibrated on held-out structures. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadModel, saveModel } from "../../dist/model/file/model-file.js";
import { densityModel, type DensityModel } from "../../dist/model/prediction/density-model.js";
import { train } from "../../dist/model/training/train.js";
import { calibration, metricError } from "../../dist/workflow/calibration.js";
import { few, quick, training, validation } from "./model-helpers.js";

const settings = { ...quick, regularization: "auto", committee: 6, solver: "cg" } as const;
let model: DensityModel;

beforeAll(async () => {
  ({ model } = await train(few, settings));
});

describe("the committee", () => {
  it("knows the order of its errors on unseen clusters, and their size within a factor of two", async () => {
    // Monomers, dimers and trimers; every fourth is enough.
    const pairs = [];
    for (const { structure, density } of validation.filter((_, index) => index % 4 === 0)) {
      const prediction = await model.predict(structure);
      pairs.push({ expected: prediction.uncertainty!.error, error: metricError(prediction, density, "coulomb") });
    }
    const { spearman, ratio } = calibration(pairs);
    expect(spearman).toBeGreaterThan(0.7);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it("says so when a structure is unlike all others", async () => {
    const percents: number[] = [];
    const monomerErrors: number[] = [];
    for (const { structure } of validation) {
      const { error, percent } = (await model.predict(structure)).uncertainty!;
      percents.push(percent);
      if (structure.species.length === 3) monomerErrors.push(error);
    }
    const median = monomerErrors.toSorted((a, b) => a - b)[monomerErrors.length >> 1];
    const [known] = few;
    const oxygen = known.structure.positions.subarray(0, 3);
    // One bond stretched by 60 %, both by 40 %, and the angle bent to a half.
    const stretched = (first: number, second: number): Float64Array =>
      known.structure.positions.map(
        (x, k) => oxygen[k % 3] + [1, first, second][Math.floor(k / 3)] * (x - oxygen[k % 3]),
      );
    const bent = known.structure.positions.slice();
    for (let d = 0; d < 3; d++) bent[6 + d] = (bent[3 + d] + bent[6 + d]) / 2;
    for (const positions of [stretched(1.6, 1), stretched(1.4, 1.4), bent]) {
      const strange = (await model.predict({ ...known.structure, positions })).uncertainty!;
      expect(strange.error).toBeGreaterThan(5 * median);
      expect(strange.percent).toBeGreaterThan(Math.max(...percents));
    }
  });

  it("is kept in the model file, and gives each atom its share", async () => {
    const copy = loadModel(saveModel(model));
    const { structure } = validation[51];
    const [one, two] = [(await model.predict(structure)).uncertainty!, (await copy.predict(structure)).uncertainty!];
    expect(two.error).toBe(one.error);
    expect([...two.atoms]).toEqual([...one.atoms]);
    expect(one.atoms).toHaveLength(structure.species.length);
    for (const atom of one.atoms) expect(atom).toBeGreaterThan(0);
  });

  it("adds up over molecules far apart, of which there may be more than one metric holds", async () => {
    const monomers = validation.map(({ structure }) => structure).filter(({ species }) => species.length === 3);
    const chosen = Array.from({ length: 36 }, (_, k) => monomers[k % monomers.length]);
    const apart = 40; // bohr
    const positions = chosen.flatMap(({ positions: own }, k) =>
      Array.from(own, (x, at) => x + apart * [Math.floor(k / 9), Math.floor(k / 3) % 3, k % 3][at % 3]),
    );
    const many = {
      ...monomers[0],
      species: Uint8Array.from(chosen.flatMap(({ species }) => [...species])),
      positions: Float64Array.from(positions),
    };
    const { uncertainty, density } = await model.predict(many);
    expect(density.coefficients.length).toBeGreaterThan(2000);
    let squared = 0;
    for (const structure of chosen) squared += (await model.predict(structure)).uncertainty!.error ** 2;
    expect(Math.abs(uncertainty!.error / Math.sqrt(squared) - 1)).toBeLessThan(0.02);
  });

  it("changes nothing in the predictions, is the same for the dense solver, and can be left out", async () => {
    const { structure } = validation[10];
    const { model: alone } = await train(few, { ...settings, committee: 0 });
    const [with6, without] = [await model.predict(structure), await alone.predict(structure)];
    expect(without.uncertainty).toBeUndefined();
    expect([...with6.unconstrained]).toEqual([...without.unconstrained]);
    const { model: dense } = await train(few, { ...settings, solver: "direct" });
    const expected = (await dense.predict(structure)).uncertainty!.error;
    // Members are solved to a tenth of the error.
    expect(Math.abs(with6.uncertainty!.error / expected - 1)).toBeLessThan(0.3);
  });

  it("expects as much error on the structures that calibrated it as there is, beside what constraining the count moved", async () => {
    const held = validation.filter((_, index) => index % 12 === 0);
    const judged = await train(few, { ...settings, solver: "direct" }, { validation: held });
    let expected = 0;
    let actual = 0;
    for (const { structure, density } of held) {
      const prediction = await judged.model.predict(structure);
      const unconstrained = { ...prediction.density, coefficients: prediction.unconstrained };
      const moved = metricError(prediction, unconstrained, "coulomb");
      expected += prediction.uncertainty!.error ** 2 - moved ** 2;
      actual += metricError({ ...prediction, density: unconstrained }, density, "coulomb") ** 2;
    }
    // Members are kept in single precision.
    expect(expected / actual).toBeCloseTo(1, 3);
  });

  it("widens with its factor, for each atom too", async () => {
    const { structure } = validation[51];
    const { factor, members } = model.committee!;
    const [none, once, twice] = await Promise.all(
      [0, factor, 2 * factor].map(async (other) => {
        const changed = densityModel({ ...model, committee: { factor: other, members } });
        const { error, atoms } = (await changed.predict(structure)).uncertainty!;
        return [error, ...atoms].map((value) => value ** 2);
      }),
    );
    once.forEach((value, k) => expect((twice[k] - none[k]) / (value - none[k])).toBeCloseTo(4, 9));
  });

  it("needs structures that are held out", async () => {
    const message = /it needs automatic regularisation and at least 8 training structures/;
    await expect(train(few, { ...settings, regularization: 1e-6 })).rejects.toThrow(message);
    await expect(train(training.slice(0, 7), settings)).rejects.toThrow(message);
    // By default there is one where it can be, and none where not.
    const byDefault = await train(few, { ...settings, committee: "auto" });
    expect(byDefault.model.committee!.members).toHaveLength(8);
    expect((await train(training.slice(0, 7), { ...settings, committee: "auto" })).model.committee).toBeUndefined();
  });
});

describe("calibration", () => {
  it("ranks with ties, and compares sizes", () => {
    const pairs = [1, 2, 2, 4, 5, 6, 7, 8, 9, 10].map((expected, i) => ({ expected, error: 3 * (i + 1) }));
    const { spearman, ratio } = calibration(pairs);
    // Ranks 0, 1.5, 1.5, 3, … against 0, 1, 2, 3, …: covariance 82, variances 82 and 82.5.
    expect(spearman).toBeCloseTo(82 / Math.sqrt(82 * 82.5), 12);
    expect(ratio).toBeCloseTo(3 * Math.sqrt(385 / 380), 12);
    expect(calibration(pairs.slice(1)).spearman).toBeNull();
  });
});
