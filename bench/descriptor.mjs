/**
 * Time per atom of the descriptor on one thread: a liquid-like mix of H, C, N, O (nmax 8, lmax 6, cutoff 4 Å).
 *
 *   node bench/descriptor.mjs [atoms] [selected features]
 *
 * Prints a table and the same numbers as JSON.
 */
import { randomGenerator } from "../dist/math/random.js";
import { neighbourhoods } from "../dist/structure/neighbours.js";
import {
  featureCount,
  lambdaSoap,
  selectFeatures,
  sphericalExpansion,
  squaredNorms,
} from "../dist/descriptor/index.js";

const atoms = Number(process.argv[2] ?? 1000);
const wanted = Number(process.argv[3] ?? 1000);
const settings = {
  cutoffRadius: 7.56,
  smoothing: 0.19,
  sigma: 0.567,
  nmax: 8,
  lmax: 6,
  scaling: { exponent: 4, radius: 3.78 },
  species: [1, 6, 7, 8],
};

/** Atoms on a jittered lattice at the density of a molecular liquid (0.1 atoms per cubic ångström). */
function mixture(count) {
  const random = randomGenerator(1);
  const side = Math.ceil(Math.cbrt(count));
  const spacing = 4.07;
  const positions = Float64Array.from({ length: 3 * count }, (_, k) => {
    const site = [Math.floor(k / 3 / side / side), Math.floor(k / 3 / side) % side, Math.floor(k / 3) % side][k % 3];
    return spacing * (site + 0.3 * (random.uniform() - 0.5));
  });
  const species = Uint8Array.from({ length: count }, () => settings.species[random.integer(4)]);
  const edge = side * spacing;
  return {
    species,
    positions,
    cell: { vectors: Float64Array.of(edge, 0, 0, 0, edge, 0, 0, 0, edge), periodic: [true, true, true] },
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

const rows = [];
function time(name, work) {
  const start = performance.now();
  const result = work();
  const milliseconds = performance.now() - start;
  rows.push({
    name,
    milliseconds: +milliseconds.toFixed(1),
    microsecondsPerAtom: +((1000 * milliseconds) / atoms).toFixed(2),
  });
  return result;
}

const structure = mixture(atoms);
sphericalExpansion([], settings);
time("table of radial integrals (once)", () => sphericalExpansion([], { ...settings, sigma: 0.568 }));
const near = time("neighbourhoods", () => neighbourhoods(structure, settings.cutoffRadius));
const expansion = time("spherical expansion", () => sphericalExpansion(near, settings));
const sample = { ...expansion, environments: Math.min(atoms, 512) };
for (let lambda = 0; lambda <= 4; lambda++) {
  time(`norms, λ = ${lambda}`, () => squaredNorms(expansion, lambda));
  const selected = time(`choose ${wanted} of ${featureCount(settings, lambda)} features, λ = ${lambda}`, () =>
    selectFeatures(sample, lambda, wanted),
  );
  time(`λ-SOAP, λ = ${lambda}, selected`, () => lambdaSoap(expansion, lambda, selected));
  if (atoms <= 200) time(`λ-SOAP, λ = ${lambda}, all`, () => lambdaSoap(expansion, lambda));
}
console.table(rows);
const neighbours = near.reduce((sum, { species }) => sum + species.length, 0) / atoms;
console.log(JSON.stringify({ atoms, neighboursPerAtom: +neighbours.toFixed(1), wanted, rows }));
