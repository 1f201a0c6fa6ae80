/** Reads the benchmark as references at PBE/def2-SVP. */
import { readFileSync } from "node:fs";
import { readBasisSetExchange } from "../../../dist/io/bse.js";
import { readExtxyz } from "../../../dist/io/extxyz.js";

const folder = new URL("./", import.meta.url);
const basisFile = (name) => readFileSync(new URL(`../../../data/basis/${name}.json`, import.meta.url), "utf8");

export function waterClusters() {
  const structures = readExtxyz(readFileSync(new URL("structures.extxyz", folder), "utf8"), "structures.extxyz");
  const records = JSON.parse(readFileSync(new URL("coefficients.json", folder), "utf8"));
  const auxiliary = readBasisSetExchange(basisFile("def2-universal-jfit"), "def2-universal-jfit");
  const level = {
    functional: "pbe",
    orbitals: readBasisSetExchange(basisFile("def2-svp"), "def2-svp"),
    auxiliary,
    fitMetric: "coulomb",
    numerics: { engine: "pyscf", version: "2.14.0" },
  };
  const references = structures.map((structure, index) => ({
    structure,
    level,
    energy: records[index].energy,
    density: {
      structure,
      basis: auxiliary,
      quantity: "density",
      nuclearCharges: Float64Array.from(structure.species),
      coefficients: fromPyscf(Float64Array.from(records[index].coefficients), structure, auxiliary),
    },
  }));
  return { training: references.slice(0, 120), validation: references.slice(120) };
}

/** p shells from x, y, z to y, z, x. */
function fromPyscf(coefficients, structure, basis) {
  let first = 0;
  for (const z of structure.species)
    for (const { l } of basis.shells[z]) {
      if (l === 1) {
        const [px, py, pz] = coefficients.slice(first, first + 3);
        coefficients.set([py, pz, px], first);
      }
      first += 2 * l + 1;
    }
  return coefficients;
}
