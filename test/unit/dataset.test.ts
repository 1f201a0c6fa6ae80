/** Datasets in memory and in files: the same behaviour, and keys that depend on contents alone. */
import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { canonicalJson } from "../../dist/canonical-json.js";
import { duplicateStructures, levelKey, structureKey } from "../../dist/dataset/codec.js";
import { chooseByLabel, label } from "../../dist/dataset/label.js";
import { memoryDataset } from "../../dist/dataset/memory-dataset.js";
import { sha256 } from "../../dist/dataset/sha256.js";
import { levelDifferences } from "../../dist/level.js";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { finishedReferences } from "../../dist/workflow/training-set.js";
import { failure, level, reference, structure } from "./dataset-helpers.js";

const folder = mkdtempSync(join(tmpdir(), "brine-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

describe.each([
  ["in memory", memoryDataset],
  ["in a file", () => openDataset(join(folder, `${files++}.db`), { create: true })],
])("a dataset %s", (_, open) => {
  it("gives back what was put in, bit by bit", () => {
    const dataset = open();
    const matrix = { rows: 2, columns: 2, data: Float64Array.of(1, 0.5, 0.5, 2) };
    const cell = { vectors: Float64Array.of(9, 0, 0, 0, 9, 0, 0, 0, 9.5), periodic: [true, true, false] as const };
    const { energy: _energy, components: _components, dipole: _dipole, ...bare } = reference(4);
    const crystal = structure(3, { cell, charge: 0, unpaired: 1 });
    const records = [
      reference(2),
      reference(3, {
        densityMatrix: matrix,
        spinCoefficients: Float64Array.of(1 / 3, -1e-17, 0.1, 1),
        spinSquared: 0.75,
        structure: crystal,
        density: { ...reference(3).density, structure: crystal },
      }),
      bare,
    ];
    const ids = records.map((record, i) => dataset.put({ index: 10 * i }, record));
    for (const [i, id] of ids.entries())
      expect(dataset.get(id)).toEqual({
        ...records[i],
        id,
        key: structureKey(records[i].structure),
        index: 10 * i,
        state: "done",
      });
    dataset.close();
  });

  it("reads density matrices one by one, not with all that is finished", () => {
    const dataset = open();
    const densityMatrix = { rows: 1, columns: 1, data: Float64Array.of(1) };
    dataset.put({ index: 0 }, reference(2));
    dataset.put({ index: 1 }, reference(3, { densityMatrix }));
    const references = finishedReferences(dataset);
    for (const record of [...dataset.finished(), ...references.map((entry) => entry.reference)])
      expect(record).not.toHaveProperty("densityMatrix.data");
    expect(references.map((entry) => entry.densityMatrix?.())).toEqual([undefined, densityMatrix]);
    dataset.close();
  });

  it("with several cutoffs of plane waves is not learnt from", () => {
    const dataset = open();
    const at = (planewaveCutoff: number) => ({ level: { ...level, numerics: { ...level.numerics, planewaveCutoff } } });
    dataset.put({ index: 0 }, reference(2, at(150)));
    dataset.put({ index: 1 }, reference(3, at(150)));
    expect(finishedReferences(dataset)).toHaveLength(2);
    dataset.put({ index: 2 }, reference(4, at(200)));
    expect(() => finishedReferences(dataset)).toThrow(/^structure 2: a cutoff of 400 Ry, and the other .* 300 Ry/);
    dataset.close();
  });

  it("with several levels is not learnt from, and both are named", () => {
    const dataset = open();
    dataset.put({ index: 0 }, reference(2));
    dataset.put({ index: 0 }, reference(2, { level: { ...level, functional: "lda" } }));
    const message =
      /^structure 0: the level lda\/p-only differs from that of its other record, pbe\/p-only \(functional lda, not pbe\)/;
    expect(() => finishedReferences(dataset)).toThrow(message);
    dataset.close();
  });

  it("lists records by their place in the input file, failures apart", () => {
    const dataset = open();
    const [a, b, c] = [
      dataset.put({ index: 7 }, reference(2)),
      dataset.put({ index: 3 }, failure(3)),
      dataset.put({ index: 0 }, reference(4)),
    ];
    expect(dataset.ids()).toEqual([c, a]);
    expect(dataset.ids({ failed: true })).toEqual([b]);
    expect(dataset.get(b)).toMatchObject({ state: "failed", index: 3, reason: "did not converge" });
    expect(dataset.levels()).toEqual([level]);
    expect(dataset.levels()[0]).toBe(dataset.get(a).level);
    expect(() => dataset.get(99)).toThrow(/no record 99/);
    dataset.close();
  });

  it("keeps what file a structure came from, and lists file by file whatever came first", () => {
    const dataset = open();
    dataset.put({ source: "b.xyz", index: 0 }, reference(2));
    dataset.put({ source: "a.xyz", index: 1 }, reference(3));
    dataset.put({ source: "a.xyz", index: 0 }, reference(4));
    dataset.put({ index: 9 }, reference(5));
    expect(finishedReferences(dataset).map(label)).toEqual(["9", "a.xyz:0", "a.xyz:1", "b.xyz:0"]);
    expect(dataset.ids().map((id) => label(dataset.get(id)))).toEqual(["9", "a.xyz:0", "a.xyz:1", "b.xyz:0"]);
    dataset.close();
  });

  it("replaces a failure by a result, never a result by a failure", () => {
    const dataset = open();
    const id = dataset.put({ index: 0 }, failure(2));
    expect(dataset.find(structure(2), level)).toBeUndefined();
    expect(dataset.put({ index: 0 }, reference(2))).toBe(id);
    expect(dataset.find(structure(2), level)).toBeDefined();
    expect(dataset.put({ index: 0 }, failure(2))).toBe(id);
    expect(dataset.get(id).state).toBe("done");
    expect(dataset.ids()).toEqual([id]);
    dataset.close();
  });

  it("knows a structure by its content, a level by all but its numerics", () => {
    const dataset = open();
    const id = dataset.put({ index: 0 }, reference(2));
    expect(
      dataset.find(structure(2, { info: { other: 1 } }), { ...level, numerics: { engine: "x", version: "2" } }),
    ).toEqual({ id, orbitals: false });
    expect(dataset.find(structure(2, { charge: 0 }), level)).toBeUndefined();
    expect(dataset.find(structure(2), { ...level, functional: "lda" })).toBeUndefined();
    const densityMatrix = { rows: 1, columns: 1, data: Float64Array.of(1) };
    dataset.put({ index: 1 }, reference(2, { densityMatrix, level: { ...level, functional: "lda" } }));
    expect(dataset.find(structure(2), { ...level, functional: "lda" })).toMatchObject({ orbitals: true });
    dataset.put({ index: 2 }, reference(3, { level: { ...level, numerics: { engine: "x", version: "2" } } }));
    expect(dataset.ids()).toHaveLength(3);
    expect(dataset.levels().map(({ functional, numerics }) => [functional, numerics.engine])).toEqual([
      ["pbe", "test"],
      ["lda", "test"],
      ["pbe", "x"],
    ]);
    dataset.close();
  });

  it("refuses coefficients that do not belong to the structure or are not numbers", () => {
    const dataset = open();
    const wrong = (coefficients: Float64Array) => () =>
      dataset.put({ index: 0 }, reference(2, { density: { ...reference(2).density, coefficients } }));
    expect(wrong(new Float64Array(5))).toThrow(expect.objectContaining({ tag: "mismatch" }));
    expect(wrong(Float64Array.of(1, 2, NaN, 3))).toThrow(expect.objectContaining({ tag: "input" }));
    expect(dataset.ids()).toEqual([]);
    dataset.close();
  });
});

describe("labels", () => {
  const named = (source: string | undefined, index: number, key: string) => ({
    ...(source === undefined ? {} : { source }),
    index,
    key,
  });
  const records = [
    named("a.xyz", 0, "0a1b"),
    named("a.xyz", 1, "1111"),
    named("a.xyz", 2, "2222"),
    named("b.xyz", 0, "0a2c"),
    named("b.xyz", 7, "7777"),
  ];
  const chosen = (...words: string[]): string[] => chooseByLabel(records, words).map(({ key }) => key);

  it("name structures by position where it is unique, by file and position, or by key", () => {
    expect(chosen("7", "1")).toEqual(["7777", "1111"]);
    expect(chosen("b.xyz:0", "a.xyz:0-1", "a.xyz:1")).toEqual(["0a2c", "0a1b", "1111"]);
    expect(chosen("key:0a2")).toEqual(["0a2c"]);
  });

  it("are refused where they fit several structures, with names that do not", () => {
    expect(() => chosen("0")).toThrow('"0" fits 2 structures of the dataset; name one as a.xyz:0, b.xyz:0');
    expect(() => chosen("key:0a")).toThrow(/"key:0a" fits 2 .* a.xyz:0, b.xyz:0/);
    expect(() => chooseByLabel([...records, named("b.xyz", 7, "8888")], ["b.xyz:7"])).toThrow(
      /name one as key:7777, key:8888/,
    );
  });

  it("are refused where they fit none or are no labels", () => {
    for (const word of ["3", "c.xyz:0", "key:f"])
      expect(() => chosen(word)).toThrow(expect.objectContaining({ tag: "usage" }));
    for (const word of ["", "a.xyz", "2-1", "key:xyz", "-1"])
      expect(() => chosen(word)).toThrow(/expected structures such as/);
  });
});

describe("keys", () => {
  it("SHA-256 of FIPS 180-4's examples and of a long message", () => {
    const hash = (text: string): string => sha256(new TextEncoder().encode(text));
    // csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values, SHA256
    expect(hash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
    expect(hash("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(hash("a".repeat(1_000_000))).toBe("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  });

  it("a structure's key changes with each of its numbers and with nothing else", () => {
    const key = structureKey(structure(2));
    expect(structureKey(structure(2, { info: {} }))).toBe(key);
    const others = [
      structure(2 + 1e-15 * 2),
      structure(2, { charge: 0 }),
      structure(2, { unpaired: 2 }),
      structure(2, { species: Uint8Array.of(1, 8) }),
      structure(2, { cell: { vectors: new Float64Array(9), periodic: [true, true, true] } }),
    ];
    expect(new Set([key, ...others.map(structureKey)]).size).toBe(6);
    expect(duplicateStructures([structure(2), structure(3), structure(2), structure(2)])).toEqual([
      { index: 2, of: 0 },
      { index: 3, of: 0 },
    ]);
  });

  it("a level's key does not depend on the order of keys in memory", () => {
    const turned = Object.fromEntries(Object.entries(level).toReversed()) as unknown as typeof level;
    expect(levelKey(turned)).toBe(levelKey(level));
    expect(levelDifferences(turned, JSON.parse(canonicalJson(level)))).toEqual([]);
    expect(levelDifferences(level, { ...level, fitMetric: "overlap" })).toEqual(["fitMetric"]);
  });

  it("canonical JSON is JSON with one spelling", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: [1, undefined, -0], a: undefined, A: "x" })).toBe('{"A":"x","b":[1,null,0]}');
    expect(() => canonicalJson({ a: NaN })).toThrow(/NaN cannot be written/);
  });
});
