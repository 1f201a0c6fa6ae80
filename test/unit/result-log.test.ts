/** Results that come one by one: what is kept of them in the file and in memory. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openResultLog } from "../../dist/node/result-log.js";
import type { Pool } from "../../dist/run.js";
import type { LabelledStructure } from "../../dist/workflow/each-structure.js";
import { predictions } from "../../dist/workflow/predict.js";
import { structureOf } from "../structure-of.js";

const folder = mkdtempSync(join(tmpdir(), "brine-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let path = "";
let made = 0;
beforeEach(() => void (path = join(folder, `${made++}.partial`)));

const helium = (index: number): LabelledStructure => ({ index, structure: structureOf([2], [0, 0, index]) });

describe("a log of results", () => {
  it("gives back what was added, also when it is opened again, and drops a line that was cut off", () => {
    const first = openResultLog<{ energy: number }>(path, { command: "x", response: true, cube: undefined });
    first.add(helium(3), { energy: 1 / 3 });
    first.add(helium(1), { energy: -0.1 });
    expect(first.get(helium(3))).toEqual({ energy: 1 / 3 });
    first.close();
    appendFileSync(path, '{"index":7,"key":"ab","result":{"ene');
    const second = openResultLog<{ energy: number }>(path, { command: "x", response: true });
    expect([0, 1, 3, 7].map((index) => second.has(helium(index)))).toEqual([false, true, true, false]);
    second.add(helium(0), { energy: 5 });
    expect([0, 1, 3].map((index) => second.get(helium(index))?.energy)).toEqual([5, -0.1, 1 / 3]);
    expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(4);
    second.remove();
    second.close();
    expect(existsSync(path)).toBe(false);
  });

  it("knows a structure by its content and its position", () => {
    const log = openResultLog<number>(path, {});
    log.add(helium(3), 1);
    expect(log.has({ ...helium(3), index: 4 })).toBe(false);
    expect(log.has({ ...helium(4), index: 3 })).toBe(false);
    log.close();
  });

  it("refuses other settings by name, and files of another kind", () => {
    openResultLog(path, { model: "a", response: true }).close();
    expect(() => openResultLog(path, { model: "a", response: false, cube: "c" })).toThrow(
      /made with another response, cube;/,
    );
    expect(() => openResultLog(path, { model: "a", response: true }).close()).not.toThrow();
    writeFileSync(path, "3\n\nO 0 0 0\n");
    expect(() => openResultLog(path, {})).toThrow(expect.objectContaining({ tag: "corrupt" }));
  });

  it("is written by one process", () => {
    const log = openResultLog(path, {});
    expect(() => openResultLog(path, {})).toThrow(expect.objectContaining({ tag: "busy" }));
    log.close();
  });
});

it("10,000 structures run in constant memory", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const bytes = 400_000; // of each prediction: 4 GB in all
  const pool: Pool = {
    workers: 4,
    run: async <_, Output>() =>
      ({ prediction: { density: { coefficients: new Float64Array(bytes / 8) } }, seconds: 0 }) as Output,
    async close() {},
  };
  const log = openResultLog<{ coefficients: Float64Array }>(path, {});
  const structures = Array.from({ length: 10_000 }, (_, index) => helium(index));
  const used = (): number => {
    gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 1e6;
  };
  const seen: number[] = [];
  const model = { key: "none", bytes: new Uint8Array() };
  const failed = await predictions(
    model,
    structures,
    (found) => {
      log.add(found, { coefficients: found.prediction.density.coefficients.subarray(0, 100) });
      if (found.index % 1000 === 999) seen.push(used());
    },
    { pool },
  );
  log.close();
  expect(failed).toEqual([]);
  expect(seen.length).toBe(10);
  // MB, of the 3600 that went by in between. What grows are the places of the lines, some 200 bytes each; arrays are given back
  // some time after a collection.
  expect(seen[9] - seen[0]).toBeLessThan(100);
});
