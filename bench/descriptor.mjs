/**
 * What selected λ-SOAP costs: 100 QM9 molecules, and with --water ten cells of liquid water, at the settings of the
 * paper (cutoff 4 Å, σ 0.3 Å, nmax 8, lmax 6, λ 0 to 4, 1000 features for each), with the norms of all λ; one thread,
 * seconds of the processor, medians of several runs. With --peer beside it featomic's expansion followed by numpy,
 * in turn, and the largest difference of random features.
 *
 *   node bench/descriptor.mjs [--qm9 FILE.extxyz] [--water FILE.extxyz] [--features 1000] [--runs 7] [--peer] [--json]
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { lambdaSoapOf, selectFeatures, sphericalExpansion, squaredNormsOf } from "../dist/descriptor/index.js";
import { selectionByBlock } from "../dist/descriptor/features.js";
import { readExtxyz } from "../dist/io/extxyz.js";
import { clebschGordan, couples } from "../dist/math/clebsch-gordan.js";
import { neighbourhoods } from "../dist/structure/neighbours.js";
import { speciesOf } from "../dist/structure/structure.js";
import { BOHR_IN_ANGSTROM } from "../dist/units.js";

const { values } = parseArgs({
  options: {
    qm9: { type: "string" },
    water: { type: "string" },
    features: { type: "string", default: "1000" },
    runs: { type: "string", default: "7" },
    peer: { type: "boolean" },
    json: { type: "boolean" },
  },
});
const LAMBDAS = [0, 1, 2, 3, 4];
/** Environments at once: what they need stays in the cache. */
const AT_ONCE = 32;
const WARMUP = 5;

const read = (file, count) => readExtxyz(readFileSync(file, "utf8"), String(file)).slice(0, count);
const sets = [
  ["100 molecules of QM9", read(values.qm9 ?? new URL("../data/training/qm9-250.extxyz", import.meta.url), 100)],
  ...(values.water ? [["10 cells of liquid water", read(values.water, 10)]] : []),
];

const settingsFor = (structures) => ({
  cutoffRadius: 4 / BOHR_IN_ANGSTROM,
  smoothing: 0.1 / BOHR_IN_ANGSTROM,
  sigma: 0.3 / BOHR_IN_ANGSTROM,
  nmax: 8,
  lmax: 6,
  scaling: null,
  species: speciesOf(structures),
});

const parts = (items) =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, k) => items.slice(k * AT_ONCE, (k + 1) * AT_ONCE));

/** Processor seconds by stage of one run over all structures; `keep` gets features and norms of each part. */
function run(structures, settings, selected, keep) {
  const buffers = LAMBDAS.map((lambda) => new Float64Array(AT_ONCE * (2 * lambda + 1) * selected[lambda].length));
  const stages = { neighbours: 0, expansion: 0, features: 0, norms: 0 };
  const time = (stage, work) => {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    stages[stage] += (user + system) / 1e6;
    return result;
  };
  const around = time("neighbours", () => structures.flatMap((one) => neighbourhoods(one, settings.cutoffRadius)));
  for (const part of parts(around)) {
    const expansion = time("expansion", () => sphericalExpansion(part, settings));
    const features = time("features", () =>
      lambdaSoapOf(
        expansion,
        LAMBDAS.map((lambda) => ({ lambda, selected: selected[lambda], into: buffers[lambda] })),
      ),
    );
    const norms = time("norms", () => squaredNormsOf(expansion, LAMBDAS));
    keep?.(features, norms);
  }
  return stages;
}

/** featomic and numpy on the same structures and features, asked run by run. */
function startPeer(structures, settings, selected) {
  const python = process.env.BRINE_PYTHON ?? (existsSync(".peers/bin/python") ? ".peers/bin/python" : "python3");
  const child = spawn(python, [new URL("peer/featomic_soap.py", import.meta.url).pathname], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const rows = (flat) => Array.from({ length: flat.length / 3 }, (_, i) => Array.from(flat.slice(3 * i, 3 * i + 3)));
  child.stdin.write(
    `${JSON.stringify({
      settings,
      structures: structures.map(({ species, positions, cell }) => ({
        species: Array.from(species),
        positions: rows(positions),
        cell: cell?.periodic.some(Boolean) ? rows(cell.vectors) : null,
      })),
      selected: LAMBDAS.map((lambda) => numbersOf(settings, lambda, selected[lambda])),
      coupling: couplings(settings.lmax),
    })}\n`,
  );
  return {
    async ask(what) {
      child.stdin.write(`${what}\n`);
      return JSON.parse((await lines.next()).value);
    },
    stop: () => child.stdin.end(),
  };
}

/** (l1, q1, l2, q2) of each feature. */
function numbersOf({ lmax, nmax, species }, lambda, selected) {
  const result = [];
  for (const { l1, l2, columns, q1, q2 } of selectionByBlock(lmax, nmax * species.length, lambda, selected))
    columns.forEach((column, k) => (result[column] = [l1, q1[k], l2, q2[k]]));
  return result;
}

function couplings(lmax) {
  const result = {};
  for (const lambda of LAMBDAS)
    for (let l1 = 0; l1 <= lmax; l1++)
      for (let l2 = l1; l2 <= lmax; l2++)
        if (couples(l1, l2, lambda)) {
          const dense = Array.from({ length: 2 * lambda + 1 }, () =>
            Array.from({ length: 2 * l1 + 1 }, () => Array.from({ length: 2 * l2 + 1 }, () => 0)),
          );
          const { mu, m1, m2, values: c } = clebschGordan(l1, l2, lambda);
          c.forEach((value, e) => (dense[mu[e]][m1[e]][m2[e]] = value));
          result[`${l1},${l2},${lambda}`] = dense;
        }
  return result;
}

/** Largest difference from the peer's random features, relative to the largest of them, and of the sums of norms. */
function difference(structures, settings, selected, { samples, norms_of_all: norms }) {
  const features = LAMBDAS.map(() => []);
  const sums = LAMBDAS.map(() => 0);
  run(structures, settings, selected, (own, squares) => {
    own.forEach((part, lambda) => features[lambda].push(part.slice()));
    squares.forEach((part, lambda) => part.forEach((value) => (sums[lambda] += value)));
  });
  const at = (lambda, index) => {
    const size = AT_ONCE * (2 * lambda + 1) * selected[lambda].length;
    return features[lambda][Math.floor(index / size)][index % size];
  };
  const largest = Math.max(...samples.map(([, , value]) => Math.abs(value)));
  return {
    features: Math.max(...samples.map(([lambda, index, value]) => Math.abs(at(lambda, index) - value))) / largest,
    norms: Math.max(...norms.map((norm, lambda) => Math.abs(sums[lambda] / norm - 1))),
  };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const medians = (list) => Object.fromEntries(Object.keys(list[0]).map((key) => [key, median(list.map((x) => x[key]))]));
const total = (stages) => Object.values(stages).reduce((sum, value) => sum + value, 0);

for (const [name, structures] of sets) {
  const settings = settingsFor(structures);
  const all = structures.flatMap((one) => neighbourhoods(one, settings.cutoffRadius));
  const sample = sphericalExpansion(
    all.filter((_, i) => i % Math.ceil(all.length / 512) === 0),
    settings,
  );
  const selected = LAMBDAS.map((lambda) => selectFeatures(sample, lambda, Number(values.features)));
  for (let k = 0; k < WARMUP; k++) run(structures, settings, selected); // code is compiled, tables are made
  const peer = values.peer ? startPeer(structures, settings, selected) : undefined;
  const check = peer && difference(structures, settings, selected, await peer.ask("check"));
  const own = [];
  const other = [];
  for (let k = 0; k < Number(values.runs); k++) {
    own.push(run(structures, settings, selected));
    if (peer) other.push(await peer.ask("run"));
  }
  peer?.stop();
  const stages = medians(own);
  const seconds = median(own.map(total));
  const result = {
    set: name,
    atoms: all.length,
    neighboursPerAtom: all.reduce((sum, { species }) => sum + species.length, 0) / all.length,
    microsecondsPerAtom: (1e6 * seconds) / all.length,
    stages,
    ...(peer
      ? {
          peer: medians(other),
          peerMicrosecondsPerAtom: (1e6 * median(other.map(total))) / all.length,
          ratio: median(other.map(total)) / seconds,
          difference: check,
        }
      : {}),
  };
  console.log(values.json ? JSON.stringify(result) : result);
}
