// Times of the engine's stages for one molecule of 15 atoms (QM9 4088, PBE/def2-SVP), in CPU seconds of this process.
// node bench/stages.mjs [molecule] [grid level] [--json]
import { readFileSync } from "node:fs";
import { createBuiltinEngine } from "../dist/engine/kohn-sham-engine.js";
import { buildLevel } from "../dist/engine/level.js";
import { functionsOnBlock } from "../dist/grid/block-functions.js";
import { densityOfMatrix } from "../dist/grid/collocate.js";
import { addPotentialMatrix } from "../dist/grid/integrate.js";
import { molecularGrid } from "../dist/grid/molecular-grid.js";
import {
  coulombMetric,
  monopoles,
  kineticMatrix,
  nuclearAttractionMatrix,
  overlapMatrix,
  threeCentreIntegrals,
} from "../dist/integrals/index.js";
import { readBasisSetExchange } from "../dist/io/bse.js";
import { cholesky, eigh, multiply } from "../dist/math/linear-algebra.js";
import { matrix } from "../dist/math/matrix.js";
import { placeBasis } from "../dist/basis/basis.js";
import { inputHamiltonian, totalKernel } from "../dist/kohn-sham/term.js";
import { realDensity } from "../dist/kohn-sham/state.js";
import { densityOnBlock } from "../dist/density/density-on-block.js";
import { prepareMolecule } from "../dist/molecule/prepare-molecule.js";
import { orbitalResponse } from "../dist/molecule/orbital-response.js";
import { linearResponse } from "../dist/kohn-sham/response.js";

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const name = words[0] ?? "QM9_4088";
const grid = Number(words[1] ?? 3);
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const basis = (file) => readBasisSetExchange(read(`../data/basis/${file}.json`), file);
const orbitals = basis("def2-svp");
const fit = basis("def2-universal-jfit");
const { species, positions } = JSON.parse(read("../test/data/pyscf-scf/molecules.json"))[name];
const structure = {
  species: Uint8Array.from(species),
  positions: Float64Array.from(positions.flat()),
  charge: 0,
  unpaired: 0,
  info: {},
};
const level = buildLevel({ functional: "pbe", orbitals, coulombFit: fit, auxiliary: fit, grid });

const allBatches = (all) => {
  for (let index = 0; index < all.batches; index++) all.on(index);
};
const rows = [];
async function time(stage, work, note = () => "") {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  rows.push({ stage, cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3, note: note(result) });
  return result;
}

const placed = placeBasis(orbitals, structure);
const auxiliary = placeBasis(fit, structure);
await createBuiltinEngine(level).groundState({
  ...structure,
  species: Uint8Array.of(8, 1, 1),
  positions: structure.positions.slice(0, 9).map((x, i) => [0, 0, 0, 0, 0, 1.8, 0, 1.8, 0][i]),
}); // warms up

const engine = createBuiltinEngine(level);
const state = await time(
  "SCF, whole",
  () => engine.groundState(structure),
  (s) => `${s.iterations} iterations, E ${s.energy.toFixed(7)}`,
);
const fitted = await time("fit and its quality", () => engine.fit(state));
const one = await time(
  "one-shot with response, prepared",
  () => engine.oneShot(fitted.density),
  (o) => `E_KS − E_SCF ${(o.oneShot - state.energy).toExponential(2)}`,
);
await time("one-shot with response, from nothing", () => createBuiltinEngine(level).oneShot(fitted.density));
await time("one-shot without response, from nothing", () =>
  createBuiltinEngine(level).oneShot(fitted.density, { response: false }),
);

await time(
  "S, T, V",
  () => [overlapMatrix(placed), kineticMatrix(placed), nuclearAttractionMatrix(placed, structure)],
  () => `${placed.size} functions`,
);
const metric = await time(
  "(P|Q) and its factor",
  () => cholesky(coulombMetric(auxiliary)),
  () => `${auxiliary.size} functions`,
);
await time("(μν|P)", () => allBatches(threeCentreIntegrals(placed, auxiliary, Infinity)));
for (const number of grid === 1 ? [1] : [1, grid]) {
  const blocks = await time(
    `grid ${number}: points and weights`,
    () => molecularGrid(structure, number),
    (b) => `${b.reduce((sum, block) => sum + block.count, 0)} points, ${b.length} blocks`,
  );
  const functions = await time(
    `grid ${number}: orbitals and gradients`,
    () => blocks.map((block) => functionsOnBlock(placed, block, 1)),
    (f) => `${(f.reduce((sum, { alive }) => sum + alive.length, 0) / f.length).toFixed(0)} of ${placed.size} alive`,
  );
  await time(`grid ${number}: ρ and ∇ρ of coefficients`, () =>
    blocks.forEach((block) => densityOnBlock(auxiliary, fitted.density.coefficients, block, 1)),
  );
  await time(
    `grid ${number}: auxiliary functions`,
    () => blocks.map((block) => functionsOnBlock(auxiliary, block, 0)),
    (f) => `${(f.reduce((sum, { alive }) => sum + alive.length, 0) / f.length).toFixed(0)} of ${auxiliary.size} alive`,
  );
  const densities = await time(`grid ${number}: ρ of D`, () =>
    functions.map((f) => densityOfMatrix(f, realDensity(state.state))),
  );
  const into = matrix(placed.size, placed.size);
  await time(`grid ${number}: v to F`, () =>
    functions.forEach((f, b) => addPotentialMatrix(f, densities[b].rho, densities[b].gradient, into)),
  );
}
await time("diagonalisation", () => eigh(realDensity(state.state)));
const system = await prepareMolecule(level, structure);
const coarse = await system.coarseTerms();
const input = await inputHamiltonian(coarse, fitted.density);
const output = system.occupy(input.fock);
await time("RI-J, one Fock matrix", () => system.hartree.evaluate(state.state));
const kernel = await time("response: J + f_xc matrix", () => totalKernel(coarse, fitted.density));
const residual = await system.hartree.coefficients(realDensity(output));
await time("response: solution", () =>
  linearResponse({
    densityResponse: orbitalResponse(system.hartree, output.orbitals[0]),
    metric: system.coulombFit.metric,
    factor: metric,
    kernel,
    charges: monopoles(auxiliary),
    residual,
  }),
);
await time(
  "matrix product 512³, ten times",
  () => {
    const a = matrix(512, 512, new Float64Array(512 * 512).fill(1));
    for (let i = 0; i < 10; i++) multiply(a, a);
  },
  () => "2.7 GF",
);

if (process.argv.includes("--json"))
  console.log(JSON.stringify({ name, grid, energyError: one.energy - state.energy, rows }));
else
  for (const { stage, cpu, wall, note } of rows)
    console.log(`${stage.padEnd(44)}${cpu.toFixed(2).padStart(8)} s CPU${wall.toFixed(2).padStart(8)} s   ${note}`);
