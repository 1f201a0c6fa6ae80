/**
 * Times of the stages of a molecular grid for a QM9 molecule of 15 atoms (C5H6N2O2), PBE/def2-SVP, one core:
 * `node bench/grid.mjs [level]`. Best of three passes; prints a table and a line of JSON.
 */
import { readFileSync } from "node:fs";
import { normalisedShell, placeBasis } from "../dist/basis/basis.js";
import { functionalByName } from "../dist/functional/functional.js";
import { functionsOnBlock } from "../dist/grid/block-functions.js";
import { densityOfMatrix } from "../dist/grid/collocate.js";
import { addPotentialMatrix } from "../dist/grid/integrate.js";
import { molecularGrid } from "../dist/grid/molecular-grid.js";
import { matrix } from "../dist/math/matrix.js";

/** gdb 4088 of QM9, bohr. */
const SPECIES = [8, 7, 6, 6, 6, 6, 6, 7, 8, 1, 1, 1, 1, 1, 1];
const POSITIONS = [
  -0.072, 2.5208, 0.0157, 0.0193, -0.0985, 0.0089, -2.1596, -1.1404, 0.022, -2.3617, -4.0097, 0.0164, -5.1732, -4.4438,
  0.0356, -6.4833, -2.2771, 0.0503, -4.7604, -0.1022, 0.0432, -5.2838, 2.2737, 0.0527, -7.8985, 2.6524, 0.0723, 1.6946,
  2.9663, 0.0041, -1.4507, -4.8381, -1.6513, -1.4269, -4.8462, 1.6669, -5.9924, -6.3202, 0.0369, -8.5135, -2.0741,
  0.0654, -8.0198, 4.4688, 0.0775,
];
const structure = {
  species: Uint8Array.from(SPECIES),
  positions: Float64Array.from(POSITIONS),
  charge: 0,
  unpaired: 0,
  info: {},
};

function readBasis(name) {
  const { elements } = JSON.parse(readFileSync(new URL(`../data/basis/${name}.json`, import.meta.url), "utf8"));
  const shellsOf = ({ electron_shells }) =>
    electron_shells.flatMap(({ angular_momentum: [l], exponents, coefficients }) =>
      coefficients.map((column) =>
        normalisedShell({ l, exponents: exponents.map(Number), coefficients: column.map(Number) }),
      ),
    );
  return { name, shells: Object.fromEntries(Object.entries(elements).map(([z, element]) => [z, shellsOf(element)])) };
}

const level = Number(process.argv[2] ?? 3);
const basis = placeBasis(readBasis("def2-svp"), structure);
const density = matrix(basis.size, basis.size);
for (let i = 0; i < basis.size; i++)
  for (let j = 0; j <= i; j++)
    density.data[i * basis.size + j] = density.data[j * basis.size + i] = i === j ? 0.5 : 0.1 * Math.sin(i * j);
const pbe = functionalByName("pbe");

function pass() {
  const times = { grid: 0, functions: 0, density: 0, functional: 0, potential: 0 };
  const timed = (stage, work) => {
    const start = performance.now();
    const result = work();
    times[stage] += performance.now() - start;
    return result;
  };
  const blocks = timed("grid", () => molecularGrid(structure, level));
  const potential = matrix(basis.size, basis.size);
  let points = 0;
  let alive = 0;
  for (const block of blocks) {
    points += block.count;
    const functions = timed("functions", () => functionsOnBlock(basis, block, 1));
    alive += functions.alive.length * block.count;
    const { rho, gradient } = timed("density", () => densityOfMatrix(functions, density));
    const out = {
      exc: new Float64Array(block.count),
      vrho: new Float64Array(block.count),
      vsigma: new Float64Array(block.count),
    };
    const sigma = rho.map((_, p) => gradient[0][p] ** 2 + gradient[1][p] ** 2 + gradient[2][p] ** 2);
    timed("functional", () => pbe.evaluate(rho, sigma, out));
    const along = gradient.map((slope) => slope.map((g, p) => 2 * block.weights[p] * out.vsigma[p] * g));
    timed("potential", () => addPotentialMatrix(functions, out.vrho, along, potential));
  }
  return { times, points, alive: alive / points, blocks: blocks.length };
}

const runs = [pass(), pass(), pass()];
const best = Object.fromEntries(
  Object.keys(runs[0].times).map((stage) => [stage, Math.round(Math.min(...runs.map((run) => run.times[stage])))]),
);
const { points, alive, blocks } = runs[0];
console.log(
  `C5H6N2O2, level ${level}: ${points} points (${Math.round(points / SPECIES.length)} an atom) in ${blocks} blocks; ${Math.round(alive)} of ${basis.size} functions alive on average`,
);
for (const [stage, ms] of Object.entries(best)) console.log(`${stage.padEnd(12)}${String(ms).padStart(7)} ms`);
console.log(JSON.stringify({ level, points, blocks, alive, milliseconds: best }));
