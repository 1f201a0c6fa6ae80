/**
 * What energies cost: SCF, fit, and one diagonalisation of a known density with and without response, all from
 * nothing (integrals and grid included), PBE/def2-SVP with RI-J, one thread, in seconds of the processor. With --peer
 * PySCF's SCF beside them, molecule by molecule in turn, so that a noisy machine troubles both.
 *
 *   node bench/engine.mjs [FILE.extxyz] [--alkanes 4,8,12] [--indices 0,5,7] [--grid 3] [--peer] [--peer-log FILE] [--json]
 *
 * Without a file: ten molecules of QM9 with 9 to 29 atoms. With --peer-log PySCF's answers are kept in a file, and
 * those that are there are not computed again: brine with another backend is compared with the same numbers.
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { placeBasis } from "../dist/basis/basis.js";
import { createBuiltinEngine } from "../dist/engine/kohn-sham-engine.js";
import { buildLevel } from "../dist/engine/level.js";
import { readExtxyz } from "../dist/io/extxyz.js";
import { basisByName } from "../dist/node/library.js";
import { chooseBackend } from "../dist/node/openblas.js";
import { elementSymbol } from "../dist/structure/elements.js";
import { formula } from "../dist/structure/structure.js";
import { alkane } from "./molecules/alkane.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    alkanes: { type: "string" },
    indices: { type: "string" },
    grid: { type: "string", default: "3" },
    peer: { type: "boolean" },
    "peer-log": { type: "string" },
    json: { type: "boolean" },
  },
});

const numbers = (list) => list.split(",").map(Number);

function molecules() {
  if (values.alkanes) return numbers(values.alkanes).map(alkane);
  const file = positionals[0] ?? new URL("molecules/qm9.extxyz", import.meta.url);
  const all = readExtxyz(readFileSync(file, "utf8"), String(file));
  return values.indices ? numbers(values.indices).map((index) => all[index]) : all;
}

const orbitals = basisByName("def2-svp");
const fit = basisByName("def2-universal-jfit");
const level = buildLevel({ functional: "pbe", orbitals, coulombFit: fit, auxiliary: fit, grid: Number(values.grid) });

async function time(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

/** One PySCF process that answers line by line. */
async function startPeer() {
  const python = process.env.BRINE_PYTHON ?? (existsSync(".peers/bin/python") ? ".peers/bin/python" : "python3");
  const child = spawn(python, [new URL("peer/pyscf_scf.py", import.meta.url).pathname, "1"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const hello = await next();
  const log = values["peer-log"];
  const kept = log && existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").map(JSON.parse) : [];
  return {
    hello,
    async run(structure) {
      const bohr = Array.from(structure.species, (_, i) => [...structure.positions.subarray(3 * i, 3 * i + 3)]);
      const question = JSON.stringify({ symbols: Array.from(structure.species, elementSymbol), bohr });
      const known = kept.find((entry) => entry.question === question);
      if (known) return known.answer;
      child.stdin.write(`${question}\n`);
      const answer = await next();
      if (log) appendFileSync(log, `${JSON.stringify({ question, answer })}\n`);
      return answer;
    },
    stop: () => child.stdin.end(),
  };
}

/** Slope of ln y against ln x: y grows as x to this power. */
function growth(x, y) {
  const mean = (v) => v.reduce((sum, value) => sum + value, 0) / v.length;
  const [lx, ly] = [x.map(Math.log), y.map(Math.log)];
  const [mx, my] = [mean(lx), mean(ly)];
  const sum = (f) => lx.reduce((total, _, i) => total + f(lx[i] - mx, ly[i] - my), 0);
  return sum((a, b) => a * b) / sum((a) => a * a);
}

const { name: blas } = await chooseBackend();
await createBuiltinEngine(level).groundState(alkane(1)); // code is compiled, atoms are known
const peer = values.peer ? await startPeer() : undefined;
const rows = [];
for (const structure of molecules()) {
  const engine = createBuiltinEngine(level);
  const scf = await time(() => engine.groundState(structure));
  const fitted = await time(() => engine.fit(scf.result));
  await engine.close();
  const { density } = fitted.result;
  const plain = await time(() => createBuiltinEngine(level).oneShot(density, { response: false }));
  const corrected = await time(() => createBuiltinEngine(level).oneShot(density));
  const other = await peer?.run(structure);
  const row = {
    formula: formula(structure),
    atoms: structure.species.length,
    functions: placeBasis(orbitals, structure).size,
    energy: scf.result.energy,
    iterations: scf.result.iterations,
    scf: scf.seconds,
    fit: fitted.seconds,
    oneShot: plain.seconds,
    response: corrected.seconds,
    gigabytes: process.resourceUsage().maxRSS / 1e6,
    ...(other
      ? {
          peer: other.cpu,
          peerCycles: other.cycles,
          energyDifference: scf.result.energy - other.energy,
          scfRatio: other.cpu / scf.seconds,
          oneShotRatio: other.cpu / plain.seconds,
          responseRatio: other.cpu / corrected.seconds,
        }
      : {}),
  };
  rows.push(row);
  if (!values.json) console.log(Object.values(row).join("  "));
}
peer?.stop();
const functions = rows.map((row) => row.functions);
const exponents = Object.fromEntries(
  ["scf", "fit", "oneShot", "response", ...(peer ? ["peer"] : [])].map((stage) => [
    stage,
    growth(
      functions,
      rows.map((row) => row[stage]),
    ),
  ]),
);
const summary = { blas, peer: peer?.hello, growth: exponents };
if (values.json) console.log(JSON.stringify({ rows, summary }));
else {
  console.table(rows);
  console.log(summary);
}
