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
import { writeNpy } from "../dist/io/npy.js";

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

/** Trains with these options and validates; prints errors and the time of everything from the import on. */
function run(name, ...options) {
  const trained = brine("train", "water.db", "--train-ids", "train.ids", "--out", "water.safetensors", ...options);
  const monomers = brine("validate", "water.safetensors", "water.db", "--indices", "240-299");
  const dimers = brine("validate", "water.safetensors", "water.db", "--indices", "300-309");
  const cpu = [imported, trained, monomers, dimers].map(({ cpuSeconds }) => cpuSeconds);
  const { regularization, dimension, stages } = trained.result;
  console.log(name);
  console.log("  monomers", percent(monomers), "dimers", percent(dimers));
  console.log("  weights", dimension, "η", regularization.relative, "stages", stages);
  console.log(
    `  CPU seconds: import ${cpu[0]}, train ${cpu[1]}, validate ${cpu[2]} + ${cpu[3]}, all`,
    cpu.reduce((sum, seconds) => sum + seconds, 0).toFixed(2),
  );
}

function percent({ result: { density } }) {
  return { "SALTED's definition": density.rmsePercentUnmended, "count constrained": density.rmsePercent };
}

const alone = ["--committee", "0"];
// SALTED: overlap metric, 100 environments per species, no radial scaling, no far field, no uncertainty.
const salted = ["--metric", "overlap", "--environments", "100", "--scaling", "none", "--far-field", "none", ...alone];
run("defaults");
run("defaults without committee", ...alone);
run("defaults without far field and committee", "--far-field", "none", ...alone);
run("SALTED's settings, η found", ...salted);
run("SALTED's settings, η 1e-10", ...salted, "--regularization", "1e-10");
rmSync(folder, { recursive: true });
