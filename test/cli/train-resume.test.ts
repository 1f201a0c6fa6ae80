/** A training that was killed goes on when it is called again, and gives the same model. */
import type { ChildProcess } from "node:child_process";
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
  ..."train water.db --out water.safetensors --workers 1".split(" "),
  ..."--nmax 3 --lmax 2 --environments 12 --solver cg --committee 2".split(" "),
];

/** The folder of the one training that is kept in `checkpoint`. */
function onlyTraining(checkpoint: string): string | undefined {
  return existsSync(checkpoint) ? readdirSync(checkpoint).map((name) => join(checkpoint, name))[0] : undefined;
}

/** Waits until the training `child` has made `file` in its checkpoint. */
async function kept(child: ChildProcess, checkpoint: string, file: string): Promise<string> {
  for (;;) {
    const path = join(onlyTraining(checkpoint) ?? checkpoint, file);
    if (existsSync(path)) return path;
    expect(child.exitCode).toBeNull();
    await new Promise((done) => setTimeout(done, 5));
  }
}

beforeAll(() => {
  const dataset = openDataset(join(folder, "water.db"), { create: true });
  references.forEach((reference, index) => dataset.put({ index }, reference));
  dataset.close();
});

test("a killed training is resumed with the same result, and nothing is left behind", async () => {
  const { child, finished } = startBrine(words, folder, { BRINE_BLAS: "wasm" });
  const checkpoint = `${out}.checkpoint`;
  await kept(child, checkpoint, "solution-1");
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
  // Other linear algebra: the solutions kept are none of the problem that it makes.
  const first = await kept(child, checkpoint, "solution-0");
  const bytes = readFileSync(first);
  const { tensors, metadata } = readSafetensors(bytes, first);
  writeFileSync(first, writeSafetensors(tensors, { ...metadata, problem: "0" }));
  const other = await brine(words, folder, { BRINE_BLAS: "wasm" });
  expect(other.code).toBe(1);
  expect(other.stderr).toMatch(/solution-0: this was kept by another version of brine, with other linear algebra/);
  expect(existsSync(out)).toBe(false);
  writeFileSync(first, bytes);
  const again = await brine(words, folder, { BRINE_BLAS: "wasm" });
  expect(again.stderr).toContain("goes on from water.safetensors.checkpoint, kept of a training that was stopped");
  expect(again.code).toBe(0);
  const whole = await train(references, { nmax: 3, lmax: 2, environments: 12, solver: "cg", committee: 2 });
  expect(loadModel(readFileSync(out)).weights).toEqual(whole.model.weights);
  expect(readdirSync(folder).filter((name) => /checkpoint|scratch|owner/.test(name))).toEqual([]);
}, 240_000);

test("a training stopped within a solution goes on from its last iteration", async () => {
  const settings = { nmax: 3, lmax: 2, environments: 12, solver: "cg", committee: 2 } as const;
  const checkpoint = join(folder, "within");
  const openJournal = (key: string): SolveJournal => openTrainingCheckpoint(checkpoint, key, 0).journal;
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
    const files = readdirSync(onlyTraining(checkpoint)!);
    expect(files.filter((name) => name.startsWith("state-"))).toHaveLength(1);
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

test("a stopped training says how to go on, and one with other settings that it starts anew", async () => {
  const quick = "--train 8 --nmax 2 --lmax 1 --environments 4 --regularization 1e-9 --solver cg".split(" ");
  const command = ["train", "water.db", "--out", "stopped.safetensors", "--workers", "1", ...quick];
  const checkpoint = join(folder, "stopped.safetensors.checkpoint");
  const { child, finished } = startBrine(command, folder);
  while (!onlyTraining(checkpoint)) {
    expect(child.exitCode).toBeNull();
    await new Promise((done) => setTimeout(done, 5));
  }
  child.kill("SIGINT");
  const { code, stderr } = await finished;
  expect(code).toBe(130);
  expect(stderr).toContain("finished work is kept, and the same command goes on from it");
  writeFileSync(join(onlyTraining(checkpoint)!, "solution-0"), "of hours");
  const other = await brine([...command, "--zeta", "1"], folder);
  expect(other.code).toBe(0);
  expect(other.stderr).toContain(
    "stopped.safetensors.checkpoint is of a training with other settings or structures: this one starts anew",
  );
  expect(existsSync(checkpoint)).toBe(false);
});

test("trainings with other keys keep their work apart", () => {
  const checkpoint = join(folder, "apart.checkpoint");
  const solution = { weights: Float64Array.of(1), iterations: 1, residual: 0, converged: true, logDeterminant: null };
  const open = (key: string): ReturnType<typeof openTrainingCheckpoint> => openTrainingCheckpoint(checkpoint, key);
  const first = open("a".repeat(64));
  expect(first.found).toBe("nothing");
  first.journal.next("problem").keep(solution);
  const second = open("b".repeat(64));
  expect(second.found).toBe("another training");
  expect(second.journal.next("problem").solution()).toBeUndefined();
  const again = open("a".repeat(64));
  expect(again.found).toBe("this training");
  expect(again.journal.next("problem").solution()).toEqual(solution);
  expect(() => open("a".repeat(64)).journal.next("another problem").solution()).toThrow(/other linear algebra/);
});

test("damaged parts of a checkpoint are refused", () => {
  const checkpoint = join(folder, "damaged.checkpoint");
  const good = { weights: Float64Array.of(1, 2), iterations: 3, residual: 1e-9, converged: true, logDeterminant: 4 };
  const spoilt = [good, { ...good, weights: Float64Array.of(1, NaN) }, { ...good, residual: NaN }, good, good, good];
  const { journal } = openTrainingCheckpoint(checkpoint, "key");
  spoilt.forEach((solution) => journal.next("problem").keep(solution));
  [4, 60, -8].forEach((length, k) => {
    const file = join(checkpoint, "key", `solution-${3 + k}`);
    writeFileSync(file, readFileSync(file).subarray(0, length));
  });
  const { journal: again } = openTrainingCheckpoint(checkpoint, "key");
  expect(again.next("problem").solution()).toEqual(good);
  for (const index of [1, 2, 3, 4, 5])
    expect(() => again.next("problem").solution()).toThrow(
      `solution-${index}: this part of the checkpoint is damaged; remove it, and it is made again`,
    );
});
