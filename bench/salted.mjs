/**
 * SALTED's own kind of data: 240 water monomers to learn from, 60 and ten dimers to predict, from import to errors.
 * node bench/salted.mjs DIR     DIR has structures.extxyz and coefficients_310.json (coefficients_salted of each
 * structure, in SALTED's order)
 * Its working directory is made anew, then `brine import salted`, `train` and `validate` run as a user would run them.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { densityErrors } from "../dist/density/errors.js";
import { writeNpy } from "../dist/io/npy.js";
import { train } from "../dist/model/train.js";
import { chooseBackend } from "../dist/node/openblas.js";
import { openDataset } from "../dist/node/sqlite-dataset.js";
import { finishedReferences } from "../dist/workflow/training-set.js";

const source = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), "brine-salted-"));
const at = (...names) => join(folder, ...names);
const main = resolve(import.meta.dirname, "../dist/cli/main.js");

mkdirSync(at("coefficients"));
copyFileSync(join(source, "structures.extxyz"), at("structures.xyz"));
JSON.parse(readFileSync(join(source, "coefficients_310.json"), "utf8")).structures.forEach((structure, index) => {
  const data = Float64Array.from(structure.coefficients_salted);
  writeFileSync(at("coefficients", `coefficients_conf${index}.npy`), writeNpy({ shape: [data.length], data }));
});

/** What brine prints, and the CPU seconds it took (threads included). */
function brine(...words) {
  const before = cpu();
  const output = execFileSync(process.execPath, [main, ...words, "--json", "--quiet"], { cwd: folder });
  const result = JSON.parse(output.toString());
  return { result, cpuSeconds: cpu() - before };
}

/** User and system time of finished children, from the system's count. */
function cpu() {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

const imported = brine("import", "salted", ".", "--out", "water.db");
const skipped = new Set(imported.result.duplicates.map(({ index }) => index));
const ids = Array.from({ length: 240 }, (_, index) => index).filter((index) => !skipped.has(index));
writeFileSync(at("train.ids"), ids.join("\n"));
const trained = brine("train", "water.db", "--train-ids", "train.ids", "--out", "water.safetensors");
const monomers = brine("validate", "water.safetensors", "water.db", "--indices", "240-299");
const dimers = brine("validate", "water.safetensors", "water.db", "--indices", "300-309");
const percent = ({ result }) => ({
  "SALTED's definition": result.density.rmsePercentUnmended,
  "count mended": result.density.rmsePercent,
});
console.log("defaults: monomers", percent(monomers), "dimers", percent(dimers));
console.log("CPU seconds:", {
  import: imported.cpuSeconds,
  train: trained.cpuSeconds,
  validate: monomers.cpuSeconds + dimers.cpuSeconds,
});
console.log("η", trained.result.regularization.relative, "stages", trained.result.stages);

await chooseBackend();
const dataset = openDataset(at("water.db"), { readOnly: true });
const all = finishedReferences(dataset);
const between = (first, end) =>
  all.filter(({ index }) => index >= first && index < end).map(({ reference }) => reference);
// SALTED: overlap metric, 100 environments per species, no radial scaling, no far field.
const settings = { lossMetric: "overlap", environments: 100, scaling: null, farField: null };
for (const regularization of ["auto", 1e-10]) {
  const { model, summary } = await train(between(0, 240), { ...settings, regularization });
  const errors = [between(240, 300), between(300, 310)].map(async (set) => {
    const sums = densityErrors(model.averages);
    for (const { structure, density } of set) sums.add(await model.predict(structure), density);
    return sums.result().rmsePercentUnmended;
  });
  const [monomer, dimer] = await Promise.all(errors);
  console.log("SALTED's settings, η", summary.regularization.relative, { monomer, dimer, weights: summary.dimension });
}
dataset.close();
rmSync(folder, { recursive: true });
