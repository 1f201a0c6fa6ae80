/**
 * Training at size: time by stage, peak memory, iterations. The densities of a dataset are expanded anew in another
 * auxiliary basis by the Coulomb metric where they are not in it, so that the problem has its size without another fit.
 * node bench/size.mjs DATASET.db VALIDATION.db STRUCTURES FIT ENVIRONMENTS SCRATCH_FOLDER [JSON of settings]
 */
import { resolve } from "node:path";
import { placeBasis, shellsOf } from "../dist/basis/basis.js";
import { densityErrors } from "../dist/density/errors.js";
import { coulombMetric } from "../dist/integrals/index.js";
import { cholesky, choleskySolve, gemv } from "../dist/math/linear-algebra.js";
import { train } from "../dist/model/training/train.js";
import { basisByName } from "../dist/node/library.js";
import { useNodeMachine } from "../dist/node/machine.js";
import { workerPool } from "../dist/node/pool.js";
import { scratchFolder } from "../dist/node/scratch-files.js";
import { openDataset } from "../dist/node/sqlite-dataset.js";
import { finishedReferences } from "../dist/workflow/training-set.js";

const [dataset, validationSet, count, fit, environments, folder, more = "{}"] = process.argv.slice(2);
const WORKERS = 2;
const VALIDATED = 50;
const start = performance.now();
const note = (text) => {
  const { user, system } = process.cpuUsage();
  const minutes = ((performance.now() - start) / 60000).toFixed(1);
  const peak = (process.resourceUsage().maxRSS / 1e6).toFixed(2);
  console.log(`${minutes} min, ${((user + system) / 1e6).toFixed(0)} CPU s, peak ${peak} GB: ${text}`);
};
await useNodeMachine();
const references = expanded(dataset, Number(count));
const validation = expanded(validationSet, VALIDATED);
note(`${references.length} structures in ${fit}`);
const scratch = scratchFolder(resolve(folder));
const pool = workerPool(WORKERS);
let last = "";
try {
  const settings = { environments: Number(environments), ...JSON.parse(more) };
  const { model, summary } = await train(references, settings, {
    pool,
    scratch: scratch.path,
    onProgress({ stage, note: text }) {
      const line = `${stage} ${text && !text.includes("residual") ? text : ""}`;
      if (line !== last) note(line);
      last = line;
    },
  });
  note("trained");
  console.log(JSON.stringify(summary));
  const errors = densityErrors(model.averages);
  for (const { structure, density } of validation) errors.add(await model.predict(structure), density);
  note(JSON.stringify(errors.result()));
} finally {
  await pool.close();
  scratch.close();
}

function expanded(path, most) {
  const file = openDataset(path, { readOnly: true });
  const all = finishedReferences(file).toSorted((a, b) => a.index - b.index);
  file.close();
  return all.slice(0, most).map(({ reference }) => {
    const { structure, level, density } = reference;
    const auxiliary = basisByName(fit, level.orbitals);
    if (auxiliary.name === density.basis.name) return reference;
    const shells = Object.fromEntries(
      [...new Set(structure.species)].map((z) => [z, [...shellsOf(auxiliary, z), ...shellsOf(density.basis, z)]]),
    );
    const both = placeBasis({ name: "both", shells }, structure);
    const [to, from] = [[], []];
    structure.species.forEach((z, atom) => {
      const own = shellsOf(auxiliary, z).reduce((sum, { l }) => sum + 2 * l + 1, 0);
      for (let p = both.atomFirst[atom]; p < both.atomFirst[atom + 1]; p++)
        (p < both.atomFirst[atom] + own ? to : from).push(p);
    });
    const metric = coulombMetric(both);
    const part = (rows, columns) => ({
      rows: rows.length,
      columns: columns.length,
      data: Float64Array.from({ length: rows.length * columns.length }, (_, k) => {
        const [i, j] = [Math.floor(k / columns.length), k % columns.length];
        return metric.data[rows[i] * metric.columns + columns[j]];
      }),
    });
    const factor = cholesky(part(to, to));
    const coefficients = choleskySolve(factor, gemv(false, part(to, from), density.coefficients));
    return { structure, level: { ...level, auxiliary }, density: { ...density, basis: auxiliary, coefficients } };
  });
}
