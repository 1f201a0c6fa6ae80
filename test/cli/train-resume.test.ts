/** A training that is killed goes on with --resume, and gives the same model. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../../dist/io/safetensors.js";
import { loadModel, saveModel } from "../../dist/model/file/model-file.js";
import type { SolveJournal } from "../../dist/model/solver/solve-journal.js";
import { train } from "../../dist/model/training/train.js";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { openTrainingCheckpoint } from "../../dist/node/training-checkpoint.js";
import { waterClusters } from "../data/water-clusters/load.mjs";
import { brine, startBrine, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const { training } = waterClusters();
const references = [...training.slice(0, 12), ...training.slice(90, 98)];
const out = join(folder, "water.safetensors");
const words = [
  ..."train water.db --out water.safetensors --workers 1 --quiet".split(" "),
  ..."--nmax 3 --lmax 2 --environments 12 --solver cg --committee 2".split(" "),
];

beforeAll(() => {
  const dataset = openDataset(join(folder, "water.db"), { create: true });
  references.forEach((reference, index) => dataset.put({ index }, reference));
  dataset.close();
});

test("a killed training is resumed with the same result, and nothing is left behind", async () => {
  const { child, finished } = startBrine(words, folder, { BRINE_BLAS: "wasm" });
  while (!existsSync(join(`${out}.checkpoint`, "solution-1"))) {
    expect(child.exitCode).toBeNull();
    await new Promise((done) => setTimeout(done, 5));
  }
  // Another training to the same file would use the same scratch files and checkpoint.
  child.kill("SIGSTOP");
  expect(await brine(words, folder)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      `water.safetensors: process ${child.pid} is writing to this model; wait for it or stop it`,
    ),
  });
  child.kill("SIGKILL");
  await finished;
  expect(existsSync(out)).toBe(false);
  expect(() => openTrainingCheckpoint(`${out}.checkpoint`, "another key", true)).toThrow(
    "other settings or other structures",
  );
  // Other linear algebra: the solutions kept are none of the problem that it makes.
  const kept = join(`${out}.checkpoint`, "solution-0");
  const bytes = readFileSync(kept);
  const { tensors, metadata } = readSafetensors(bytes, kept);
  writeFileSync(kept, writeSafetensors(tensors, { ...metadata, problem: "0" }));
  const other = await brine([...words, "--resume"], folder, { BRINE_BLAS: "wasm" });
  expect(other.code).toBe(1);
  expect(other.stderr).toMatch(/solution-0: this was kept by another version of brine, with other linear algebra/);
  expect(existsSync(out)).toBe(false);
  writeFileSync(kept, bytes);
  expect((await brine([...words, "--resume"], folder, { BRINE_BLAS: "wasm" })).code).toBe(0);
  const whole = await train(references, { nmax: 3, lmax: 2, environments: 12, solver: "cg", committee: 2 });
  expect(loadModel(readFileSync(out)).weights).toEqual(whole.model.weights);
  expect(readdirSync(folder).filter((name) => /checkpoint|scratch|owner/.test(name))).toEqual([]);
}, 240_000);

test("a training stopped within a solution goes on from its last iteration", async () => {
  const settings = { nmax: 3, lmax: 2, environments: 12, solver: "cg", committee: 2 } as const;
  const checkpoint = join(folder, "within");
  const openJournal = (key: string): SolveJournal => openTrainingCheckpoint(checkpoint, key, true, 0);
  for (const stop of ["regularization", "solution"]) {
    const controller = new AbortController();
    const stopping = train(references, settings, {
      openJournal,
      signal: controller.signal,
      onProgress({ stage, done, note }) {
        if (stage === stop && done === 2 && note?.includes("residual")) controller.abort();
      },
    });
    await expect(stopping).rejects.toThrow("stopped");
    expect(readdirSync(checkpoint).filter((name) => name.startsWith("state-"))).toHaveLength(1);
  }
  // In single precision it is another problem.
  await expect(train(references, settings, { openJournal, memory: 1e4 })).rejects.toThrow("or another --memory");
  const stages: string[] = [];
  const resumed = await train(references, settings, {
    openJournal,
    onProgress: ({ stage, done }) => void stages.push(`${stage} ${done}`),
  });
  expect(stages).not.toContain("solution 1");
  const whole = await train(references, settings);
  expect(Buffer.compare(saveModel(resumed.model), saveModel(whole.model))).toBe(0);
}, 240_000);

test("a stopped training says how to go on, and starting anew what it discards", async () => {
  const quick = "--train 8 --nmax 2 --lmax 1 --environments 4 --regularization 1e-9".split(" ");
  const train = ["train", "water.db", "--out", "stopped.safetensors", "--workers", "1", ...quick];
  const checkpoint = join(folder, "stopped.safetensors.checkpoint");
  const { child, finished } = startBrine(train, folder);
  while (!existsSync(join(checkpoint, "key"))) {
    expect(child.exitCode).toBeNull();
    await new Promise((done) => setTimeout(done, 5));
  }
  child.kill("SIGINT");
  const { code, stderr } = await finished;
  expect(code).toBe(130);
  expect(stderr).toContain("finished work is kept, and goes on with --resume");
  writeFileSync(join(checkpoint, "solution-0"), "of hours");
  const again = await brine(train, folder);
  expect(again.code).toBe(0);
  expect(again.stderr).toContain(
    "stopped.safetensors.checkpoint, kept of a training that was stopped, is discarded (--resume goes on from it)",
  );
  expect(existsSync(checkpoint)).toBe(false);
});

test("damaged parts of a checkpoint are refused", () => {
  const checkpoint = join(folder, "damaged.checkpoint");
  const good = { weights: Float64Array.of(1, 2), iterations: 3, residual: 1e-9, converged: true, logDeterminant: 4 };
  const spoilt = [good, { ...good, weights: Float64Array.of(1, NaN) }, { ...good, residual: NaN }, good, good, good];
  const journal = openTrainingCheckpoint(checkpoint, "key", false);
  spoilt.forEach((solution) => journal.next("problem").keep(solution));
  [4, 60, -8].forEach((length, k) => {
    const file = join(checkpoint, `solution-${3 + k}`);
    writeFileSync(file, readFileSync(file).subarray(0, length));
  });
  const again = openTrainingCheckpoint(checkpoint, "key", true);
  expect(again.next("problem").solution()).toEqual(good);
  for (const index of [1, 2, 3, 4, 5])
    expect(() => again.next("problem").solution()).toThrow(
      `solution-${index}: this part of the checkpoint is damaged; leave --resume out to start anew`,
    );
});
