/**
 * One SCF step of 32 water molecules, PBE/dzvp-molopt-sr-gth, by stage, one core: `node bench/water.mjs [cutoff in Ry]`
 * after npm run build. BRINE_BLAS chooses the backend. Processor time; prints a table and a line of JSON.
 */
import { placeBasis } from "../dist/basis/basis.js";
import { functionalByName } from "../dist/functional/functional.js";
import { gridLadder } from "../dist/grid/grid-ladder.js";
import { periodicFunctions } from "../dist/grid/periodic-functions.js";
import { periodicPairs } from "../dist/grid/periodic-pairs.js";
import { eigh, multiplyTransposed } from "../dist/math/linear-algebra.js";
import { fourierCoefficients, valuesOnGrid } from "../dist/math/fft.js";
import { matrix } from "../dist/math/matrix.js";
import { randomGenerator } from "../dist/math/random.js";
import { basisByName } from "../dist/node/library.js";
import { chooseBackend } from "../dist/node/openblas.js";
import { exchangeCorrelationOnGrid } from "../dist/periodic/exchange-correlation.js";
import { electrostatics } from "../dist/periodic/plane-waves.js";

const cutoff = Number(process.argv[2] ?? 300);
const { name: backend } = await chooseBackend();
const random = randomGenerator(1);
const structure = waterBox(18.28);
const basis = placeBasis(basisByName("dzvp-molopt-sr-gth"), structure);
const ladder = gridLadder(
  structure.cell.vectors,
  cutoff / 2,
  basis.shells.flatMap(({ exponents }) => [...exponents]),
);
const { grid } = ladder[0];
const pairs = periodicPairs(basis, ladder);

/** D = 2CCᵀ of as many random orbitals as are occupied. */
const occupied = matrix(basis.size, 128);
for (let i = 0; i < occupied.data.length; i++) occupied.data[i] = 0.1 * random.normal();
const density = multiplyTransposed(false, true, occupied, occupied);

const seconds = {};
async function timed(stage, work) {
  const start = process.cpuUsage().user;
  const result = await work();
  seconds[stage] = (process.cpuUsage().user - start) / 1e6;
  return result;
}

const field = await timed("density on the grids", () => pairs.density(density));
await timed("one Fourier transform and back", () =>
  valuesOnGrid(grid.shape, fourierCoefficients(grid.shape, field.values)),
);
const { potential } = await timed("Hartree", () => electrostatics(grid, field.coefficients));
await timed("exchange and correlation", () => exchangeCorrelationOnGrid(functionalByName("pbe"), grid, field));
const fock = await timed("potential in the orbitals", () => pairs.potentialMatrix(potential));
await timed("one diagonalisation", () => eigh(fock));
const auxiliary = placeBasis(basisByName("def2-universal-jfit:uncontracted:30"), structure);
const functions = periodicFunctions(auxiliary, ladder);
await timed("auxiliary density on the grids", () => functions.density(new Float64Array(auxiliary.size).fill(0.01)));

console.log(
  `32 H2O, ${basis.size} functions, ${cutoff} Ry, ${backend}; grids ${ladder.map((step) => step.grid.shape.join("×")).join(", ")}`,
);
for (const [stage, time] of Object.entries(seconds)) console.log(`${stage.padEnd(32)}${time.toFixed(2).padStart(8)} s`);
console.log(JSON.stringify({ cutoff, backend, grids: ladder.map((step) => step.grid.shape), seconds }));

/** 32 molecules on the sites of a face-centred cubic lattice, turned at random; an edge of 18.28 bohr has the density of water. */
function waterBox(edge) {
  const molecule = [
    [0, 0, 0],
    [1.43, 1.11, 0],
    [-1.43, 1.11, 0],
  ];
  const positions = [];
  for (let cell = 0; cell < 8; cell++)
    for (const site of [
      [0, 0, 0],
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 0],
    ]) {
      const centre = site.map((x, k) => (edge / 4) * (x + 2 * ((cell >> k) & 1)));
      const turn = randomRotation();
      for (const atom of molecule)
        positions.push(...centre.map((x, i) => x + atom.reduce((sum, y, j) => sum + turn[i][j] * y, 0)));
    }
  return {
    species: Uint8Array.from({ length: 96 }, (_, i) => (i % 3 === 0 ? 8 : 1)),
    positions: Float64Array.from(positions),
    cell: { vectors: Float64Array.of(edge, 0, 0, 0, edge, 0, 0, 0, edge), periodic: [true, true, true] },
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

/** From a random quaternion. */
function randomRotation() {
  const q = Array.from({ length: 4 }, () => random.normal());
  const norm = Math.hypot(...q);
  const [w, x, y, z] = q.map((value) => value / norm);
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}
