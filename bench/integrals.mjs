// Time of each kind of integral for a molecule of QM9 with nine heavy atoms (gdb_id 4088), one thread.
// node bench/integrals.mjs [--json]
import { readFileSync } from "node:fs";
import { placeBasis } from "../dist/basis/basis.js";
import { evenTempered } from "../dist/basis/even-tempered.js";
import * as integrals from "../dist/integrals/index.js";
import { readBasisSetExchange } from "../dist/io/bse.js";
import { matrix } from "../dist/math/matrix.js";

const file = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const basis = (name) => readBasisSetExchange(file(`../data/basis/${name}.json`), name);
const { symbols, coords_bohr } = JSON.parse(file("../test/data/pyscf-integrals/molecules.json")).QM9_4088;
const numbers = { H: 1, C: 6, N: 7, O: 8 };
const structure = {
  species: Uint8Array.from(symbols, (s) => numbers[s]),
  positions: Float64Array.from(coords_bohr.flat()),
  charge: 0,
  unpaired: 0,
  info: {},
};

const orbitals = placeBasis(basis("def2-svp"), structure);
const jfit = placeBasis(basis("def2-universal-jfit"), structure);
const evenly = placeBasis(evenTempered(basis("def2-svp"), 1.6), structure);
const density = matrix(
  orbitals.size,
  orbitals.size,
  Float64Array.from({ length: orbitals.size ** 2 }, (_, i) => Math.cos(i)),
);
const points = Float64Array.from({ length: 3 * 10_000 }, (_, i) => 10 * Math.sin(i));

const allBatches = (all) => {
  for (let index = 0; index < all.batches; index++) all.on(index);
};
const stages = [
  [`overlap, ${orbitals.size} orbitals`, () => integrals.overlapMatrix(orbitals)],
  ["kinetic energy", () => integrals.kineticMatrix(orbitals)],
  ["nuclear attraction", () => integrals.nuclearAttractionMatrix(orbitals, structure)],
  ["dipoles", () => integrals.dipoleMatrices(orbitals)],
  [`Coulomb metric, ${jfit.size} functions`, () => integrals.coulombMetric(jfit)],
  [`Coulomb metric, ${evenly.size} functions (etb:1.6)`, () => integrals.coulombMetric(evenly)],
  [
    `three-centre Coulomb, ${jfit.size} functions`,
    () => allBatches(integrals.threeCentreIntegrals(orbitals, jfit, Infinity)),
  ],
  [
    `three-centre overlaps with D, ${jfit.size} functions`,
    () => integrals.contractThreeCenterOverlap(orbitals, jfit, density),
  ],
  [
    `three-centre Coulomb, ${evenly.size} functions (etb:1.6)`,
    () => allBatches(integrals.threeCentreIntegrals(orbitals, evenly, Infinity)),
  ],
  [
    "electrostatic potential, 10 000 points",
    () => integrals.electrostaticPotential(jfit, new Float64Array(jfit.size).fill(1), points),
  ],
];

const results = [];
for (const [stage, work] of stages) {
  await work(); // compiled by the engine
  const start = performance.now();
  await work();
  results.push({ stage, milliseconds: Math.round(10 * (performance.now() - start)) / 10 });
}
if (process.argv.includes("--json")) console.log(JSON.stringify(results));
else
  for (const { stage, milliseconds } of results)
    console.log(`${stage.padEnd(52)} ${milliseconds.toFixed(1).padStart(8)} ms`);
