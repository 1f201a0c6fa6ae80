/**
 * How far the default settings are from better ones: each variant is trained on the same structures and judged on
 * others, η chosen automatically. BRINE_BLAS as for the command line.
 * node bench/defaults.mjs water | DATASET.db [structures to train on (100)] [names of variants]
 */
import { chooseBackend } from "../dist/node/openblas.js";
import { openDataset } from "../dist/node/sqlite-dataset.js";
import { densityErrors } from "../dist/density/errors.js";
import { train } from "../dist/model/train.js";
import { chooseRandomly, finishedReferences } from "../dist/workflow/training-set.js";

const ANGSTROM = 1 / 0.529177210903;
const variants = {
  defaults: {},
  "environments 100": { environments: 100 },
  "environments 200": { environments: 200 },
  "environments 800": { environments: 800 },
  "features 300": { features: 300 },
  "features 2000": { features: 2000 },
  "cutoff 3 Å": { cutoffRadius: 3 * ANGSTROM },
  "cutoff 5 Å": { cutoffRadius: 5 * ANGSTROM },
  "sigma 0.2 Å": { sigma: 0.2 * ANGSTROM },
  "sigma 0.4 Å": { sigma: 0.4 * ANGSTROM },
  "zeta 1": { zeta: 1 },
  "zeta 3": { zeta: 3 },
  "loss in S": { lossMetric: "overlap" },
};

const [source, count = "100", ...names] = process.argv.slice(2);
await chooseBackend();
const { training, validation } = source === "water" ? await water() : dataset(source, Number(count));
console.log(`${training.length} to train on, ${validation.length} to judge\n`);
console.log("| variant | environments | weights | η | % RMSE S | % RMSE J | CPU s |\n|---|---|---|---|---|---|---|");
for (const [name, settings] of Object.entries(variants)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const before = process.cpuUsage();
  const { model, summary } = await train(training, settings, source === "water" ? { validation } : {});
  const { user, system } = process.cpuUsage(before);
  const errors = densityErrors(model.averages);
  for (const { structure, density } of validation) errors.add(await model.predict(structure), density);
  const { rmsePercentUnmended, coulombRmsePercentUnmended } = errors.result();
  const counts = Object.values(summary.environments).join("/");
  const numbers = [rmsePercentUnmended, coulombRmsePercentUnmended].map((x) => x.toFixed(2)).join(" | ");
  const eta = summary.regularization.relative.toExponential(1);
  console.log(
    `| ${name} | ${counts} | ${summary.dimension} | ${eta} | ${numbers} | ${((user + system) / 1e6).toFixed(0)} |`,
  );
}

async function water() {
  return (await import("../test/data/water-clusters/load.mjs")).waterClusters();
}

function dataset(path, size) {
  const file = openDataset(path, { readOnly: true });
  const all = finishedReferences(file);
  file.close();
  const chosen = chooseRandomly(all, size, 1);
  const trained = new Set(chosen.map(({ index }) => index));
  const rest = all.filter(({ index }) => !trained.has(index)).slice(0, 100);
  return { training: chosen.map((entry) => entry.reference), validation: rest.map((entry) => entry.reference) };
}
