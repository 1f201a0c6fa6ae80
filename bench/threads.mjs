/**
 * One SCF on a team of one and of two threads, in turn, PBE/def2-SVP: wall times, and the processor time of the longest way
 * through it (the calling thread and the busiest member, one after the other), which other work on the machine does not
 * stretch. Linux only.
 *
 *   node bench/threads.mjs [index in bench/molecules/qm9.extxyz, 3] [repeats, 5]
 */
import { readdirSync, readFileSync } from "node:fs";
import { createBuiltinEngine } from "../dist/engine/kohn-sham-engine.js";
import { buildLevel } from "../dist/engine/level.js";
import { readExtxyz } from "../dist/io/extxyz.js";
import { useMachine } from "../dist/machine.js";
import { basisByName } from "../dist/node/library.js";
import { chooseBackend } from "../dist/node/openblas.js";
import { workerTeam } from "../dist/node/team.js";

const [index = 3, repeats = 5] = process.argv.slice(2).map(Number);
const file = new URL("molecules/qm9.extxyz", import.meta.url);
const structure = readExtxyz(readFileSync(file, "utf8"), String(file))[index];
const fit = basisByName("def2-universal-jfit");
const level = buildLevel({ functional: "pbe", orbitals: basisByName("def2-svp"), coulombFit: fit, auxiliary: fit });

/** Seconds of the processor of each thread, the calling one first. */
function threadSeconds() {
  return readdirSync("/proc/self/task").map((id) => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [id, (Number(fields[11]) + Number(fields[12])) / 100];
  });
}

async function time(work) {
  const before = new Map(threadSeconds());
  const start = performance.now();
  await work();
  const wall = (performance.now() - start) / 1000;
  const used = threadSeconds().map(([id, seconds]) => seconds - (before.get(id) ?? 0));
  return { wall, longest: used[0] + Math.max(...used.slice(1)) };
}

const median = (x) => x.toSorted((a, b) => a - b)[x.length >> 1];
const { name: backend } = await chooseBackend();
let state;
const runs = { 1: [], 2: [] };
for (let repeat = 0; repeat <= repeats; repeat++)
  for (const members of [1, 2]) {
    const team = workerTeam(members);
    useMachine({ team });
    const engine = createBuiltinEngine(level);
    const scf = await time(async () => (state = await engine.groundState(structure)));
    const { density } = await engine.fit(state);
    const energy = await time(() => createBuiltinEngine(level).oneShot(density));
    await team.close();
    if (repeat > 0) runs[members].push({ scf, energy }); // code is compiled, atoms are known
  }
const ratio = (what, measure) =>
  median(runs[1].map((run) => run[what][measure])) / median(runs[2].map((run) => run[what][measure]));
console.log({ backend, atoms: structure.species.length, runs: JSON.stringify(runs) });
for (const what of ["scf", "energy"])
  console.log(what, { wall: ratio(what, "wall").toFixed(2), longest: ratio(what, "longest").toFixed(2) });
