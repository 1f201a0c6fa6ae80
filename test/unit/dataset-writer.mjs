// node dataset-writer.mjs PATH [MAX_PAGES]: puts records into a dataset until it is killed, and says so after each.
import { openDataset } from "../../dist/node/sqlite-dataset.js";

const [path, maxPages] = process.argv.slice(2);
const basis = {
  name: "s-only",
  shells: { 1: Array.from({ length: 2000 }, (_, i) => ({ l: 0, exponents: [i + 1], coefficients: [1] })) },
};
const level = {
  functional: "pbe",
  orbitals: basis,
  auxiliary: basis,
  fitMetric: "coulomb",
  numerics: { engine: "test", version: "1" },
};
const dataset = openDataset(path, { create: true, ...(maxPages && { maxPages: Number(maxPages) }) });
process.stdout.write("open\n");
for (let i = 0; ; i++) {
  const structure = {
    species: Uint8Array.of(1),
    positions: Float64Array.of(0, 0, i),
    charge: 0,
    unpaired: 1,
    info: {},
  };
  const coefficients = new Float64Array(2000).fill(i + 0.5);
  const density = { structure, basis, quantity: "density", nuclearCharges: Float64Array.of(1), coefficients };
  dataset.put({ index: i }, { structure, level, energy: -i, density });
  process.stdout.write(`${i}\n`);
}
