/**
 * How many SCF cycles PySCF takes to 1e-6 hartree from its own guesses (minao, atom), from the density that a model
 * predicts, and from the same improved by linear response. Molecules of FILE that the model was not trained on.
 *
 *   BRINE_PYTHON=… node bench/scf-guess.mjs MODEL FILE.extxyz --peer [--count 10] [--atoms 14] [--json]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { structureKey } from "../dist/dataset/codec.js";
import { onBuiltinEngine } from "../dist/engine/engines.js";
import { readExtxyz } from "../dist/io/extxyz.js";
import { pyscfDensityMatrix, pyscfMolecule } from "../dist/io/pyscf-guess.js";
import { loadModel } from "../dist/model/file/model-file.js";
import { orbitalsOfDensity } from "../dist/molecule/orbitals-of-density.js";
import { chooseBackend } from "../dist/node/index.js";
import { formula } from "../dist/structure/structure.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: "boolean" },
    count: { type: "string", default: "10" },
    atoms: { type: "string", default: "14" },
    json: { type: "boolean" },
  },
});
if (!values.peer || positionals.length !== 2)
  throw new Error("usage: node bench/scf-guess.mjs MODEL FILE.extxyz --peer");
await chooseBackend();
const model = loadModel(readFileSync(positionals[0]), positionals[0]);
const level = onBuiltinEngine(model.level);
const seen = new Set(model.trainingKeys);
const molecules = readExtxyz(readFileSync(positionals[1], "utf8"), positionals[1])
  .map((structure, index) => ({ structure, index }))
  .filter(({ structure }) => structure.species.length <= Number(values.atoms) && !seen.has(structureKey(structure)))
  .slice(0, Number(values.count));

const folder = mkdtempSync(join(tmpdir(), "brine-guess-"));
const child = spawn(process.env.BRINE_PYTHON ?? "python3", [new URL("peer/pyscf_guess.py", import.meta.url).pathname], {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...process.env, OMP_NUM_THREADS: "1" },
});
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const next = async () => JSON.parse((await lines.next()).value);
const { program } = await next();

/** Cycles after which the energy stays within 1e-6 hartree. */
const cycles = (errors) => errors.findLastIndex((error) => Math.abs(error) > 1e-6) + 2;

const names = ["minao", "atom", "predicted", "improved"];
const rows = [];
for (const { structure, index } of molecules) {
  const { density } = await model.predict(structure);
  const guesses = { minao: null, atom: null };
  const seconds = {};
  for (const [name, improve] of [
    ["predicted", false],
    ["improved", true],
  ]) {
    const start = performance.now();
    const orbitals = await orbitalsOfDensity(level, density, { improve });
    seconds[name] = (performance.now() - start) / 1000;
    guesses[name] = join(folder, `${index}-${name}.npy`);
    writeFileSync(
      guesses[name],
      pyscfDensityMatrix(
        level.orbitals,
        structure,
        orbitals.state.densities.map(({ real }) => real),
      ),
    );
  }
  const job = {
    mol: pyscfMolecule(level.orbitals, structure),
    xc: level.functional,
    auxbasis: "def2-universal-jfit",
    guesses,
  };
  child.stdin.write(`${JSON.stringify(job)}\n`);
  const errors = await next();
  const counts = Object.fromEntries(names.map((name) => [name, cycles(errors[name])]));
  rows.push({ index, formula: formula(structure), atoms: structure.species.length, counts, errors, seconds });
  if (!values.json)
    console.log([index, formula(structure), structure.species.length, ...names.map((name) => counts[name])].join("  "));
}
child.stdin.end();
rmSync(folder, { recursive: true });
if (values.json) console.log(JSON.stringify({ program, rows }));
else {
  const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
  console.log(`${program}, cycles to 1e-6 hartree: mean, most; seconds that brine took`);
  for (const name of names) {
    const counts = rows.map((row) => row.counts[name]);
    const time = name in rows[0].seconds ? mean(rows.map(({ seconds }) => seconds[name])).toFixed(1) : "";
    console.log([name.padEnd(10), mean(counts).toFixed(1), Math.max(...counts), time].join("  "));
  }
}
