/**
 * Liquid water, PBE/dzvp-molopt-sr-gth, one core. Seconds of the processor; tables on stderr, one line of JSON on stdout.
 *
 *   node bench/water.mjs [FILE.extxyz] [--index 0] [--cutoff 400] [--steps 4]          an SCF step by stage
 *   … --energies        and the SCF against one diagonalisation of its own fitted density, each from nothing
 *   … --peer            and CP2K's SCF (BRINE_CP2K, or cp2k on the path) of the same structure, basis and cutoff; implies --energies
 *   node bench/water.mjs --predict MODEL [FILE.extxyz …]      prediction by size: time and memory of an atom
 *
 * Without files: examples/water-32.extxyz, and lattices of 32 to 500 molecules for --predict. BRINE_BLAS chooses the
 * backend. CP2K's times are wall times, its own and between its steps: run it on an idle core.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createBuiltinEngine } from "../dist/engine/kohn-sham-engine.js";
import { buildLevel } from "../dist/engine/level.js";
import { readExtxyz } from "../dist/io/extxyz.js";
import { axpy, copy } from "../dist/math/matrix.js";
import { loadModel } from "../dist/model/file/model-file.js";
import { createCp2kEngine } from "../dist/node/cp2k-engine.js";
import { findCp2k } from "../dist/node/cp2k-process.js";
import { basisByName, modelPath, pseudopotentialsByName } from "../dist/node/library.js";
import { useNodeMachine } from "../dist/node/machine.js";
import { exchangeCorrelationOnGrid } from "../dist/periodic/exchange-correlation.js";
import { functionalByName } from "../dist/functional/functional.js";
import { inputHamiltonian } from "../dist/kohn-sham/term.js";
import { preparePeriodic } from "../dist/periodic/prepare-periodic.js";
import { electrostatics } from "../dist/periodic/plane-waves.js";
import { superposedAtoms } from "../dist/atoms/superposed-atoms.js";
import { formula } from "../dist/structure/structure.js";
import { waterBox } from "./molecules/water-box.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    index: { type: "string", default: "0" },
    cutoff: { type: "string", default: "400" },
    steps: { type: "string", default: "4" },
    energies: { type: "boolean" },
    peer: { type: "boolean" },
    predict: { type: "string" },
  },
});
const { name: backend } = await useNodeMachine();
const say = (text) => console.error(text);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const read = (file) => readExtxyz(readFileSync(file, "utf8"), String(file));

if (options.predict) await predictions(options.predict, positionals);
else await periodicEngine(positionals[0] ?? new URL("../examples/water-32.extxyz", import.meta.url));

async function timed(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

async function periodicEngine(file) {
  const structure = read(file)[Number(options.index)];
  const level = buildLevel({
    functional: "pbe-cp2k",
    orbitals: basisByName("dzvp-molopt-sr-gth"),
    pseudopotentials: pseudopotentialsByName("gth-pbe"),
    planewaveCutoff: Number(options.cutoff) / 2,
    auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
  });
  const step = await stages(level, structure);
  const result = { structure: formula(structure), cutoff: Number(options.cutoff), backend, ...step };
  if (options.energies || options.peer) Object.assign(result, await energies(level, structure));
  if (options.peer) Object.assign(result, await peer(level, structure, result));
  console.log(JSON.stringify(result));
}

/** What is done once, then steps of an SCF without extrapolation: the first one and the median of the others. */
async function stages(level, structure) {
  const once = {};
  const steps = [];
  const note = async (into, name, work) => {
    const { result, seconds } = await timed(work);
    into[name] = seconds;
    return result;
  };
  const system = await note(once, "lattice sums, grids, cores", () => preparePeriodic(level, structure));
  const atoms = await note(once, "superposed atoms", () => superposedAtoms(level, structure));
  const input = await note(once, "Hamiltonian of an auxiliary density", () => inputHamiltonian(system.terms, atoms));
  const { coreDensity, grid, pairs } = system.fine;
  const functional = functionalByName(level.functional);
  const [{ real: core }] = (await system.terms[0].ofDensity(atoms)).fock;
  let [{ real: fock }] = input.fock;
  for (let step = 0; step < Number(options.steps); step++) {
    const parts = {};
    const state = await note(parts, "diagonalisation, density matrix", () => system.occupy([{ real: fock }]));
    const field = await note(parts, "density on the grids", () => pairs.density(state.densities[0].real));
    const charge = field.coefficients.slice();
    axpy(1, coreDensity, charge);
    const { potential } = await note(parts, "Hartree", () => electrostatics(grid, charge));
    const xc = await note(parts, "exchange and correlation", () => exchangeCorrelationOnGrid(functional, grid, field));
    axpy(1, xc.potential, potential);
    const matrix = await note(parts, "potential in the orbitals", () => pairs.potentialMatrix(potential));
    fock = copy(core);
    axpy(1, matrix.data, fock.data);
    steps.push(parts);
  }
  const names = Object.keys(steps[0]);
  const first = steps[0];
  const later = Object.fromEntries(names.map((name) => [name, median(steps.slice(1).map((parts) => parts[name]))]));
  const sum = (parts) => Object.values(parts).reduce((total, value) => total + value, 0);
  say(
    `${formula(structure)}, ${options.cutoff} Ry, ${backend}; ${grid.shape.join("×")} points, ${core.rows} functions`,
  );
  for (const [name, seconds] of Object.entries(once)) say(`${name.padEnd(40)}${seconds.toFixed(2).padStart(8)} s once`);
  for (const name of names)
    say(`${name.padEnd(40)}${first[name].toFixed(2).padStart(8)} s first${later[name].toFixed(2).padStart(8)} s later`);
  say(`${"a step".padEnd(40)}${sum(first).toFixed(2).padStart(8)} s first${sum(later).toFixed(2).padStart(8)} s later`);
  return { once, first, later, step: { first: sum(first), later: sum(later) } };
}

/** Each with an engine of its own, so that nothing is shared but the atoms, which are computed once an element. */
async function energies(level, structure) {
  const scf = await timed(() => createBuiltinEngine(level).groundState(structure));
  const fit = await timed(() => createBuiltinEngine(level).fit(scf.result));
  const one = await timed(() => createBuiltinEngine(level).oneShot(fit.result.density, { response: false }));
  const error = (1000 * 27.211386 * (one.result.oneShot - scf.result.energy)) / structure.species.length;
  const ratio = scf.seconds / one.seconds;
  say(`SCF, ${scf.result.iterations} iterations ${scf.seconds.toFixed(2)} s; fit ${fit.seconds.toFixed(2)} s`);
  say(
    `one diagonalisation ${one.seconds.toFixed(2)} s, ${ratio.toFixed(2)} times faster; fit floor ${error.toFixed(4)} meV/atom`,
  );
  return {
    energy: scf.result.energy,
    scf: { seconds: scf.seconds, iterations: scf.result.iterations },
    fitSeconds: fit.seconds,
    oneShot: { seconds: one.seconds, ratio, meVPerAtom: error },
  };
}

async function peer(level, structure, ours) {
  const { version } = await findCp2k();
  const ends = [];
  const engine = createCp2kEngine({ ...level, numerics: { ...level.numerics, engine: "cp2k", version } });
  const state = await engine.groundState(structure, {
    onProgress: ({ done }) => (ends[done] ??= performance.now()),
  });
  await engine.close();
  const steps = ends.slice(2).map((end, i) => (end - ends[i + 1]) / 1000);
  const step = median(steps);
  const difference = (ours.energy - state.energy) / structure.species.length;
  const [stepRatio, scfRatio] = [step / ours.step.later, state.seconds / ours.scf.seconds];
  say(
    `CP2K ${version}: SCF, ${state.iterations} steps ${state.seconds.toFixed(2)} s, ${scfRatio.toFixed(2)} times brine's`,
  );
  say(
    `a step ${step.toFixed(2)} s, ${stepRatio.toFixed(2)} times brine's; energies differ by ${difference.toExponential(1)} Eh an atom`,
  );
  const { iterations, seconds } = state;
  return { cp2k: { version, seconds, iterations, steps, step, stepRatio, scfRatio, hartreePerAtom: difference } };
}

async function predictions(name, files) {
  const model = loadModel(readFileSync(modelPath(name)), name);
  const boxes = files.length > 0 ? files.map((file) => read(file)[0]) : [2, 3, 4, 5].map(waterBox);
  for (let i = 0; i < 5; i++) await model.predict(boxes[0]); // what the model prepares once, and compilation
  const rows = [];
  for (const structure of boxes) {
    const atoms = structure.species.length;
    const runs = [];
    for (let i = 0; i < 5; i++) runs.push(await timed(() => model.predict(structure)));
    const [{ result }] = runs;
    const seconds = median(runs.map((run) => run.seconds));
    const memory = process.memoryUsage().rss / 2 ** 20;
    rows.push({
      atoms,
      seconds,
      millisecondsPerAtom: (1000 * seconds) / atoms,
      electrons: result.electrons,
      memoryMiB: memory,
    });
    const { millisecondsPerAtom, electrons } = rows.at(-1);
    say(
      `${String(atoms).padStart(6)} atoms ${seconds.toFixed(2).padStart(8)} s ${millisecondsPerAtom.toFixed(3).padStart(9)} ms an atom, ${electrons.toFixed(4)} electrons before constraint, ${memory.toFixed(0)} MiB`,
    );
  }
  console.log(JSON.stringify({ model: name, backend, structures: rows }));
}
