/**
 * Learning curve of liquid water. Trains on every 180th, 90th, 36th, 18th and 9th of the frames 0–899 (5 to 100 of them)
 * and judges on 40 others (5 + 18 floor(1.25 i)); what a frame needs is made once for all models. Both stages go on where
 * they were stopped, and the second can run in several processes side by side.
 *
 *   node bench/liquid-curve.mjs train FOLDER 5,10,25 [DATASET.db] [JSON of settings]
 *   node bench/liquid-curve.mjs judge FOLDER 5,10,bounds [DATASET.db] [PART/PARTS] [--response 25,100]
 *   node bench/liquid-curve.mjs table FOLDER
 *
 * The dataset: data/training/water-liquid.db. Bounds: the references' own fits and superposed atoms. Energies of
 * `--response` sizes and of the references' own fits are corrected too.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { placeBasis } from "../dist/basis/basis.js";
import { useScratch } from "../dist/cli/train.js";
import { baselineCoefficients } from "../dist/density/averages.js";
import { quadraticForm } from "../dist/density/errors.js";
import { absoluteError } from "../dist/density/grid-error.js";
import { metricMatrix } from "../dist/density/metric.js";
import { createBuiltinEngine } from "../dist/engine/kohn-sham-engine.js";
import { loadModel, saveModel } from "../dist/model/file/model-file.js";
import { train } from "../dist/model/training/train.js";
import { writeAtomically } from "../dist/node/files.js";
import { useNodeMachine } from "../dist/node/machine.js";
import { workerPool } from "../dist/node/pool.js";
import { openDataset } from "../dist/node/sqlite-dataset.js";
import { superposedAtoms } from "../dist/atoms/superposed-atoms.js";
import { electronCount } from "../dist/structure/structure.js";
import { HARTREE_IN_MEV } from "../dist/units.js";
import { finishedReferences } from "../dist/workflow/training-set.js";

const FRAMES = 900;
const VALIDATION = new Set(Array.from({ length: 40 }, (_, i) => 5 + 18 * Math.floor(1.25 * i)));
const response = process.argv.indexOf("--response");
const corrected = response < 0 ? [] : process.argv.splice(response, 2)[1].split(",").map(Number);
const [stage, folder, list, dataset = "data/training/water-liquid.db", more] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const fileOf = (size) => join(folder, `water-${size}.safetensors`);
await useNodeMachine();
if (stage === "table") table();
else {
  const all = finishedReferences(openDataset(dataset, { readOnly: true }));
  for (const size of stage === "train" ? list.split(",") : []) await trainOn(all, Number(size));
  if (stage === "judge") await judge(all);
}

async function trainOn(all, size) {
  if (existsSync(fileOf(size))) return;
  const chosen = all.filter(({ index }) => index < FRAMES && index % (FRAMES / size) === 0);
  if (chosen.length !== size) throw new Error(`${chosen.length} of ${size} frames are there`);
  const pool = workerPool(2);
  const scratch = useScratch(`${fileOf(size)}.scratch`);
  const settings = { committee: 0, ...JSON.parse(more ?? "{}") };
  const references = chosen.map(({ reference }) => reference);
  const { model, summary } = await train(references, settings, { pool, scratch: scratch.path });
  writeAtomically(fileOf(size), saveModel(model));
  const { seconds, iterations, dimension, regularization } = summary;
  console.log(JSON.stringify({ size, seconds, iterations, dimension, relative: regularization.relative }));
  scratch.close();
  await pool.close();
}

async function judge(all) {
  const [part, parts] = (more ?? "0/1").split("/").map(Number);
  const wanted = list.split(",");
  const sizes = wanted.filter((size) => size !== "bounds");
  const models = sizes.map((size) => ({ size: Number(size), model: loadModel(readFileSync(fileOf(size))) }));
  const done = new Set(lines().map(({ index, size }) => `${index} ${size}`));
  const engine = createBuiltinEngine(models[0].model.level);
  const frames = all.filter(({ index }) => VALIDATION.has(index)).filter((_, k) => k % parts === part);
  for (const { index, reference } of frames) {
    const add = (size, line) =>
      appendFileSync(join(folder, `errors-${part}.jsonl`), `${JSON.stringify({ index, size, ...line })}\n`);
    const missing = models.filter(({ size }) => !done.has(`${index} ${size}`));
    const metrics = missing.length > 0 ? metricsOf(reference) : {};
    for (const { size, model } of missing)
      add(size, await errorsOf(engine, model, reference, metrics, corrected.includes(size)));
    if (!wanted.includes("bounds") || done.has(`${index} floor`)) continue;
    add("floor", await energyErrors(engine, reference.density, reference, corrected.length > 0));
    const atoms = await superposedAtoms(engine.level, reference.structure);
    add("atoms", await energyErrors(engine, atoms, reference, false));
  }
}

function metricsOf({ structure, density }) {
  const placed = placeBasis(density.basis, structure);
  return Object.fromEntries(["overlap", "coulomb"].map((name) => [name, metricMatrix(name, placed, structure)]));
}

async function errorsOf(engine, model, reference, metrics, response) {
  const { structure, density } = reference;
  const start = process.cpuUsage().user;
  const prediction = await model.predict(structure);
  const predictSeconds = (process.cpuUsage().user - start) / 1e6;
  const baseline = baselineCoefficients(model.averages, density.basis, structure);
  const error = density.coefficients.map((c, p) => prediction.density.coefficients[p] - c);
  const spread = density.coefficients.map((c, p) => c - baseline[p]);
  const squares = Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [name, [error, spread].map((x) => quadraticForm(metric, x))]),
  );
  const electrons = electronCount(structure, density.nuclearCharges);
  const absolute = await absoluteError(prediction.density, density, engine.level.numerics);
  const energies = await energyErrors(engine, prediction.density, reference, response);
  return { predictSeconds, squares, absolute: absolute / electrons, ...energies };
}

/** meV per atom. */
async function energyErrors(engine, density, reference, response) {
  const one = await engine.oneShot(density, { response });
  const unit = HARTREE_IN_MEV / reference.structure.species.length;
  const components = Object.fromEntries(
    Object.entries(one.components).map(([name, value]) => [name, unit * (value - reference.components[name])]),
  );
  return {
    oneShot: unit * (one.oneShot - reference.energy),
    harrisFoulkes: unit * (one.harrisFoulkes - reference.energy),
    ...(response ? { corrected: unit * (one.energy - reference.energy) } : {}),
    components,
    seconds: one.seconds,
  };
}

function lines() {
  return readdirSync(folder)
    .filter((name) => name.startsWith("errors-"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line));
}

function table() {
  const all = lines();
  const sizes = [...new Set(all.map(({ size }) => size))];
  console.log(
    "| frames | judged | % RMSE | % in J | % MAE | one-shot | corrected | Harris–Foulkes | core | Hartree | xc |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|---|---|");
  for (const size of sizes) {
    const own = all.filter((line) => line.size === size);
    const mean = (of, digits) => {
      const values = own.map(of).filter((x) => x !== undefined);
      return values.length === 0
        ? ""
        : (values.reduce((sum, x) => sum + Math.abs(x), 0) / values.length).toFixed(digits);
    };
    const percent = (name) => {
      const sum = (k) => own.reduce((total, { squares }) => total + squares[name][k], 0);
      return own[0].squares ? (100 * Math.sqrt(sum(0) / sum(1))).toFixed(2) : "";
    };
    const cells = [
      size,
      own.length,
      percent("overlap"),
      percent("coulomb"),
      mean(({ absolute }) => absolute && 100 * absolute, 3),
      mean((line) => line.oneShot, 4),
      mean((line) => line.corrected, 4),
      mean((line) => line.harrisFoulkes, 3),
      mean((line) => line.components.coreHamiltonian, 2),
      mean((line) => line.components.hartree, 2),
      mean((line) => line.components.exchangeCorrelation, 2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
