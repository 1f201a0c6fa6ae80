import { beforeAll, describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../../dist/io/safetensors.js";
import { loadModel, saveModel } from "../../dist/model/file/model-file.js";
import type { DensityModel } from "../../dist/model/prediction/density-model.js";
import { train } from "../../dist/model/training/train.js";
import { few, quick, validation } from "./model-helpers.js";

let model: DensityModel;
let bytes: Uint8Array;
beforeAll(async () => {
  ({ model } = await train(few, { ...quick, features: 50 }));
  bytes = saveModel(model);
});

describe("model file", () => {
  test("a round trip gives the same bits", async () => {
    const loaded = loadModel(bytes);
    for (const { structure } of validation.slice(45)) {
      const before = await model.predict(structure);
      const after = await loaded.predict(structure);
      expect([...after.density.coefficients]).toEqual([...before.density.coefficients]);
      expect(after.electrons).toBe(before.electrons);
    }
    expect(loaded.summary).toEqual(model.summary);
    expect(loaded.settings).toEqual(model.settings);
    expect(loaded.level).toEqual(model.level);
    expect(loaded.trainingKeys).toEqual(model.trainingKeys);
    expect(saveModel(loaded)).toEqual(bytes);
  });
  test("works at any byte offset", async () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const loaded = loadModel(shifted.subarray(3));
    expect(loaded.trainingKeys).toEqual(model.trainingKeys);
  });
  test("truncated files are corrupt, wherever they end", () => {
    for (const share of [0, 0.001, 0.1, 0.5, 0.9, 0.999])
      expect(() => loadModel(bytes.slice(0, Math.floor(share * bytes.length)), "m.safetensors")).toThrow(
        expect.objectContaining({ tag: "corrupt", where: "m.safetensors" }),
      );
  });
  test("foreign files are corrupt", () => {
    expect(() => loadModel(writeSafetensors(new Map(), { other: "thing" }))).toThrow(
      expect.objectContaining({ tag: "corrupt" }),
    );
    expect(() => loadModel(new TextEncoder().encode("not a model at all"))).toThrow(
      expect.objectContaining({ tag: "corrupt" }),
    );
  });
  test("missing or damaged tensors are corrupt, later versions unsupported", () => {
    const { tensors, metadata } = readSafetensors(bytes);
    const without = new Map(tensors);
    without.delete("weights/8/2");
    expect(() => loadModel(writeSafetensors(without, metadata))).toThrow(
      expect.objectContaining({ tag: "corrupt", message: expect.stringContaining("weights/8/2") }),
    );
    const broken = new Map(tensors).set("averages/1", { shape: [3], data: Float64Array.of(1, Number.NaN, 2) });
    expect(() => loadModel(writeSafetensors(broken, metadata))).toThrow(expect.objectContaining({ tag: "corrupt" }));
    const header = { ...(JSON.parse(metadata["brine"]) as object), version: 99 };
    expect(() => loadModel(writeSafetensors(tensors, { brine: JSON.stringify(header) }))).toThrow(
      expect.objectContaining({ tag: "unsupported" }),
    );
  });
  test("damaged words and rows are corrupt, naming the part", () => {
    const { tensors, metadata } = readSafetensors(bytes);
    const header = JSON.parse(metadata["brine"]) as Record<string, unknown>;
    const withHeader = (change: object): Uint8Array =>
      writeSafetensors(tensors, { brine: JSON.stringify({ ...header, ...change }) });
    for (const [part, change] of [
      ["level", { level: {} }],
      ["level", { species: [1, 8, 92] }],
      ["settings", { settings: { ...model.settings, zeta: -1 } }],
      ["settings", { descriptor: { ...model.recipe.descriptor, nmax: null } }],
      ["descriptor", { descriptor: {} }],
      ["trainingKeys", { trainingKeys: [1] }],
      ["committee", { committee: { factor: "large", members: 8 } }],
    ] as const)
      expect(() => loadModel(withHeader(change), "m.safetensors")).toThrow(
        expect.objectContaining({
          tag: "corrupt",
          where: "m.safetensors",
          message: expect.stringContaining(`the model is damaged (its ${part})`),
        }),
      );
    const rows = tensors.get("rows/8/2")!.data as Int32Array;
    for (const wrong of [rows.map((row) => row + 1000), rows.toReversed()])
      expect(() =>
        loadModel(writeSafetensors(new Map(tensors).set("rows/8/2", { shape: [wrong.length], data: wrong }), metadata)),
      ).toThrow(expect.objectContaining({ tag: "corrupt", message: expect.stringContaining("rows/8/2") }));
  });
  test("of formats before 4 have all rows of the weights, and committees of double precision", async () => {
    const { model: withCommittee } = await train(few, { ...quick, regularization: "auto", committee: 2 });
    const { tensors, metadata } = readSafetensors(saveModel(withCommittee));
    const old = new Map([...tensors].filter(([name]) => !/^(rows|weights|committee)\//.test(name)));
    const whole = (prefix: string, weights: DensityModel["weights"]): void => {
      for (const [key, { rows, columns, data }] of weights)
        old.set(`${prefix}/${key}`, { shape: [rows, columns], data });
    };
    whole("weights", withCommittee.weights);
    withCommittee.committee!.members.forEach((member, s) => whole(`committee/${s}`, member));
    const header = { ...(JSON.parse(metadata["brine"]) as object), version: 3 };
    const loaded = loadModel(writeSafetensors(old, { brine: JSON.stringify(header) }));
    const { structure } = validation[50];
    expect(await loaded.predict(structure)).toEqual(await withCommittee.predict(structure));
    expect(saveModel(loaded)).toEqual(saveModel(withCommittee));
  });
  test("an unknown species is a mismatch", async () => {
    const structure = { ...few[0].structure, species: Uint8Array.of(16, 1, 1) };
    await expect(model.predict(structure)).rejects.toMatchObject({
      tag: "mismatch",
      message: expect.stringContaining("S"),
    });
  });
});
