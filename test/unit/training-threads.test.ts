/** The same model from any number of threads, and wherever its numbers are kept. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { matrix } from "../../dist/math/matrix.js";
import { cholesky, choleskySolve, multiplyTransposed } from "../../dist/math/linear-algebra.js";
import { randomGenerator } from "../../dist/math/random.js";
import { saveModel } from "../../dist/model/file/model-file.js";
import { inParallel } from "../../dist/model/problem/parallel.js";
import { put, store, view } from "../../dist/model/problem/storage.js";
import { addTransposed, timesColumns } from "../../dist/model/problem/stored-products.js";
import { solveStored, storeTriangle, triangleMatrix } from "../../dist/model/problem/stored-triangle.js";
import { train } from "../../dist/model/training/train.js";
import { workerPool } from "../../dist/node/pool.js";
import { machineFiles } from "../../dist/node/scratch-files.js";
import { useMachine } from "../../dist/machine.js";
import type { Pool } from "../../dist/run.js";
import { few, quick, validation } from "./model-helpers.js";

process.env.BRINE_BLAS = "wasm"; // as in this thread
const folder = mkdtempSync(join(tmpdir(), "brine-scratch-"));
useMachine({ scratchFiles: machineFiles });
afterAll(() => rmSync(folder, { recursive: true }));
const random = randomGenerator(3);
const normals = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal());

describe("threads", () => {
  test("change no byte of the model file", async () => {
    const file = async (workers: number): Promise<Uint8Array> => {
      const pool = workers > 0 ? workerPool(workers) : undefined;
      const settings = { ...quick, regularization: "auto", solver: "cg", committee: 2 } as const;
      const trained = await train(few.slice(0, 14), settings, pool ? { pool } : {});
      await pool?.close();
      expect(trained.model.committee!.members).toHaveLength(2);
      return saveModel(trained.model);
    };
    expect(Buffer.compare(await file(3), await file(0))).toBe(0);
  });
});

describe("pieces of a stage", () => {
  /** Two threads; the first piece fails, the others end when they are stopped. */
  function failingPool(begun: unknown[]): Pool {
    return {
      workers: 2,
      run: <Input, Output>(_task: string, input: Input, signal?: AbortSignal) => {
        begun.push(input);
        return new Promise<Output>((_, reject) => {
          if (begun.length === 1) setTimeout(() => reject(new Error("the disk is full")), 5);
          else signal!.addEventListener("abort", () => reject(new Error("stopped")));
        });
      },
      close: async () => undefined,
    };
  }

  test("are stopped, and no more begun, once one has failed", async () => {
    const begun: unknown[] = [];
    const inputs = [0, 1, 2, 3] as never[];
    await expect(inParallel("train/environments", inputs, { pool: failingPool(begun) })).rejects.toThrow(
      "the disk is full",
    );
    await new Promise((done) => setTimeout(done, 5));
    expect(begun).toEqual([0, 1]);
  });
});

describe("memory", () => {
  test("a small cap moves numbers to scratch files in single precision, and hardly changes the model", async () => {
    const settings = { ...quick, solver: "cg" } as const;
    const usual = await train(few, settings);
    const capped = await train(few, settings, { memory: 1e4, scratch: folder });
    expect(readdirSync(folder).filter((name) => name.startsWith("psi-")).length).toBeGreaterThan(3);
    const inMemory = await train(few, settings, { memory: 1e4 });
    for (const [key, { data }] of capped.model.weights) expect(inMemory.model.weights.get(key)!.data).toEqual(data);
    expect(capped.summary.loss / usual.summary.loss).toBeCloseTo(1, 4);
    for (const { structure } of validation.slice(0, 5)) {
      const [a, b] = [await usual.model.predict(structure), await capped.model.predict(structure)];
      a.unconstrained.forEach((value, p) => expect(Math.abs(value - b.unconstrained[p])).toBeLessThan(1e-4));
    }
  });
});

describe("the marginal likelihood", () => {
  test("is that of double precision where single precision can tell it, and not told elsewhere", async () => {
    const settings = { ...quick, solver: "cg", regularization: "auto", committee: 0 } as const;
    const [usual, capped] = [await train(few, settings), await train(few, settings, { memory: 1e4 })];
    const expected = new Map(
      usual.summary.regularization.path.map((point) => [point.relative, point.negativeLogLikelihood!]),
    );
    let told = 0;
    let untold = 0;
    for (const { relative, negativeLogLikelihood } of capped.summary.regularization.path) {
      if (!expected.has(relative)) continue;
      if (negativeLogLikelihood === null) untold++;
      else {
        told++;
        expect(Math.abs(negativeLogLikelihood / expected.get(relative)! - 1)).toBeLessThan(1e-3);
      }
    }
    expect(told).toBeGreaterThan(1);
    expect(untold).toBeGreaterThan(0);
  });
});

describe("stored numbers", () => {
  const places = [
    { precision: "double", digits: 12 },
    { precision: "single", digits: 4 },
    { precision: "double", file: "double", digits: 12 },
    { precision: "single", file: "single", digits: 4 },
  ] as const;
  for (const { precision, digits, ...place } of places) {
    const file = "file" in place ? join(folder, place.file) : undefined;
    const name = `${precision} precision, ${file ? "in a file" : "in memory"}`;
    test(`come back: ${name}`, () => {
      const values = normals(200_000);
      const stored = store(values.length, precision, file);
      put(stored, 0, values.subarray(0, 70_000));
      put(stored, 70_000, values.subarray(70_000));
      const back = view(stored, 1234, 150_000);
      for (let i = 0; i < back.length; i += 97) expect(back[i]).toBeCloseTo(values[i + 1234], digits);
    });
    test(`multiply: ${name}`, () => {
      const [rows, columns] = [700, 300];
      const a = matrix(rows, columns, normals(rows * columns));
      const psi = store(a.data.length, precision, file);
      put(psi, 0, a.data);
      const part = { psi, columns, from: 100, rows: 550 };
      const dense = matrix(550, columns, a.data.subarray(100 * columns, 650 * columns));
      const w = matrix(columns, 3, normals(3 * columns));
      const product = matrix(550, 3);
      timesColumns(part, w, product);
      const expected = multiplyTransposed(false, false, dense, w);
      product.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i], digits));
      const transposed = matrix(columns, 3);
      addTransposed(part, product, transposed);
      const back = multiplyTransposed(true, false, dense, expected);
      transposed.data.forEach((value, i) => expect(value / 100).toBeCloseTo(back.data[i] / 100, digits - 1));
    });
    test(`solve: ${name}`, () => {
      const n = 401;
      const root = matrix(n, n, normals(n * n));
      const a = multiplyTransposed(false, true, root, root);
      for (let i = 0; i < n; i++) a.data[i * n + i] += n;
      const l = cholesky(a);
      const triangle = storeTriangle(l, precision, file);
      triangleMatrix(triangle).data.forEach((value, i) => {
        if (Math.abs(value - l.data[i]) > 1e-5) throw new Error(`element ${i}`);
      });
      const x = matrix(n, 2, normals(2 * n));
      const expected = choleskySolve(l, x);
      solveStored(triangle, x, false);
      solveStored(triangle, x, true);
      x.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i], digits));
    });
  }
});
