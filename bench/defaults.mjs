/**
 * How far the default settings are from better ones: each variant is trained on the same structures and judged on
 * others, η chosen automatically on a part held out, without a committee. BRINE_BLAS as for the command line.
 * node bench/defaults.mjs water [--only NAMES]
 * node bench/defaults.mjs TRAINING.db VALIDATION.db [--structures 100] [--only NAMES]     NAMES: separated by commas
 */
import { parseArgs } from "node:util";
import { chooseBackend } from "../dist/node/openblas.js";
import { openDataset } from "../dist/node/sqlite-dataset.js";
import { densityErrors } from "../dist/density/errors.js";
import { train } from "../dist/model/training/train.js";
import { chooseRandomly, finishedReferences } from "../dist/workflow/training-set.js";
import { BOHR_IN_ANGSTROM } from "../dist/units.js";

const ANGSTROM = 1 / BOHR_IN_ANGSTROM;
const variants = {
  defaults: {},
  "environments 50": { environments: 50 },
  "environments 100": { environments: 100 },
  "environments 200": { environments: 200 },
  "environments 800": { environments: 800 },
  "features 300": { features: 300 },
  "features 2000": { features: 2000 },
  "cutoff 3 Å": { cutoffRadius: 3 * ANGSTROM },
  "cutoff 5 Å": { cutoffRadius: 5 * ANGSTROM },
  "cutoff 6 Å": { cutoffRadius: 6 * ANGSTROM },
  "sigma 0.2 Å": { sigma: 0.2 * ANGSTROM },
  "sigma 0.4 Å": { sigma: 0.4 * ANGSTROM },
  "zeta 1": { zeta: 1 },
  "zeta 3": { zeta: 3 },
  "loss in S": { lossMetric: "overlap" },
  "no far field": { farField: null },
  "far field 0.2 κ 10": { farField: { width: 0.8 * ANGSTROM, weight: 0.2, polarizability: 10 } },
  "far field 0.4 κ 10": { farField: { width: 0.8 * ANGSTROM, weight: 0.4, polarizability: 10 } },
  "far field 0.4 κ 10 cutoff 5 Å": {
    farField: { width: 0.8 * ANGSTROM, weight: 0.4, polarizability: 10 },
    cutoffRadius: 5 * ANGSTROM,
  },
};

const { values, positionals } = parseArgs({
  options: { structures: { type: "string", default: "100" }, only: { type: "string" } },
  allowPositionals: true,
});
const names = values.only?.split(",") ?? Object.keys(variants);
await chooseBackend();
const { training, validation } = positionals[0] === "water" ? await water() : datasets(...positionals);
console.log(`${training.length} to train on, ${validation.length} to judge\n`);
console.log("| variant | environments | weights | η | % RMSE S | % RMSE J | CPU s |\n|---|---|---|---|---|---|---|");
for (const name of names) {
  const before = process.cpuUsage();
  const { model, summary } = await train(training, { ...variants[name], committee: 0 });
  const { user, system } = process.cpuUsage(before);
  const errors = densityErrors(model.averages);
  for (const { structure, density } of validation) errors.add(await model.predict(structure), density);
  const { rmsePercent, coulombRmsePercent } = errors.result();
  const counts = Object.values(summary.environments).join("/");
  const numbers = [rmsePercent, coulombRmsePercent].map((x) => x.toFixed(2)).join(" | ");
  const eta = summary.regularization.relative.toExponential(1);
  console.log(
    `| ${name} | ${counts} | ${summary.dimension} | ${eta} | ${numbers} | ${((user + system) / 1e6).toFixed(0)} |`,
  );
}

async function water() {
  return (await import("../test/data/water-clusters/load.mjs")).waterClusters();
}

/** As many of the first dataset, chosen by the seed 1, and the first as many of the second. */
function datasets(first, second) {
  const [pool, judged] = [first, second].map((path) => {
    const file = openDataset(path, { readOnly: true });
    const all = finishedReferences(file);
    file.close();
    return all;
  });
  const count = Number(values.structures);
  const references = (entries) => entries.map(({ reference }) => reference);
  return { training: references(chooseRandomly(pool, count, 1)), validation: references(judged.slice(0, count)) };
}
