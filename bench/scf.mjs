/**
 * SCF of molecules of a file, PBE/def2-SVP with RI-J, one thread; with --peer PySCF beside it, molecule by
 * molecule in turn, so that a noisy machine troubles both.
 *
 *   node bench/scf.mjs FILE.extxyz [--indices 0,5,7] [--grid 3] [--peer] [--json]
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { placeBasis } from "../dist/basis/basis.js";
import { createBuiltinEngine } from "../dist/engine/builtin.js";
import { buildLevel } from "../dist/engine/level.js";
import { readExtxyz } from "../dist/io/extxyz.js";
import { basisByName } from "../dist/node/library.js";
import { elementSymbol } from "../dist/structure/elements.js";
import { formula } from "../dist/structure/structure.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    indices: { type: "string" },
    grid: { type: "string", default: "3" },
    peer: { type: "boolean" },
    json: { type: "boolean" },
  },
});
const all = readExtxyz(readFileSync(positionals[0], "utf8"), positionals[0]);
const structures = (values.indices?.split(",").map(Number) ?? [...all.keys()].slice(0, 10)).map((index) => ({
  index,
  structure: all[index],
}));
const orbitals = basisByName("def2-svp");
const jfit = basisByName("def2-universal-jfit");
const level = buildLevel({
  functional: "pbe",
  orbitals,
  coulombFit: jfit,
  auxiliary: jfit,
  fitMetric: "coulomb",
  grid: Number(values.grid),
  tolerance: 1e-9,
});

/** One PySCF process that answers line by line. */
async function startPeer() {
  const python = process.env.BRINE_PYTHON ?? (existsSync(".peers/bin/python") ? ".peers/bin/python" : "python3");
  const child = spawn(python, [new URL("peer/pyscf_scf.py", import.meta.url).pathname, "1"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const hello = await next();
  return {
    hello,
    async run(structure) {
      const bohr = Array.from(structure.species, (_, i) => [...structure.positions.subarray(3 * i, 3 * i + 3)]);
      child.stdin.write(`${JSON.stringify({ symbols: Array.from(structure.species, elementSymbol), bohr })}\n`);
      return next();
    },
    stop: () => child.stdin.end(),
  };
}

const peer = values.peer ? await startPeer() : undefined;
const rows = [];
for (const { index, structure } of structures) {
  const engine = createBuiltinEngine(level); // fresh: nothing cached from the molecule before
  const start = performance.now();
  const state = await engine.groundState(structure);
  const seconds = (performance.now() - start) / 1000;
  await engine.close();
  const other = await peer?.run(structure);
  rows.push({
    index,
    formula: formula(structure),
    atoms: structure.species.length,
    functions: placeBasis(orbitals, structure).size,
    energy: state.energy,
    iterations: state.iterations,
    seconds,
    ...(other
      ? {
          peerSeconds: other.seconds,
          peerCycles: other.cycles,
          ratio: other.seconds / seconds,
          energyDifference: state.energy - other.energy,
        }
      : {}),
  });
}
peer?.stop();
const median = (x) => x.toSorted((a, b) => a - b)[Math.floor(x.length / 2)];
const summary = {
  peer: peer?.hello,
  medianSeconds: median(rows.map((r) => r.seconds)),
  medianRatio: peer ? median(rows.map((r) => r.ratio)) : undefined,
};
if (values.json) console.log(JSON.stringify({ rows, summary }));
else {
  console.table(rows);
  console.log(summary);
}
