/**
 * Training on the water clusters, stage by stage, then again from zero at the η chosen: iterations to a relative
 * residual of 1e-4.
 * node bench/train.mjs [environments per species] [JSON of further settings]
 */
import { densityErrors } from "../dist/density/errors.js";
import { train } from "../dist/model/training/train.js";
import { waterClusters } from "../test/data/water-clusters/load.mjs";

const environments = Number(process.argv[2] ?? 100);
const more = JSON.parse(process.argv[3] ?? "{}");
const { training, validation } = waterClusters();
for (const lossMetric of ["overlap", "coulomb"]) {
  const { model, summary } = await train(training, { environments, lossMetric, ...more }, { validation });
  const errors = densityErrors(model.averages);
  const start = performance.now();
  for (const { structure, density } of validation) errors.add(await model.predict(structure), density);
  const { regularization, stages, ...rest } = summary;
  console.log(
    JSON.stringify({ lossMetric, ...rest, ...errors.result(), predictSeconds: (performance.now() - start) / 1000 }),
  );
  console.log(
    "stages",
    Object.entries(stages)
      .map(([stage, seconds]) => `${stage} ${seconds.toFixed(2)} s`)
      .join(", "),
  );
  console.log(
    "η",
    regularization.relative.toExponential(2),
    "=",
    regularization.absolute.toExponential(2),
    regularization.path
      .map((p) => `${p.relative.toExponential(1)}: ${p.rmsePercent.toFixed(3)} % (${p.iterations})`)
      .join(", "),
  );
  console.log("iterations to 1e-4 at this η", await iterationsFromZero(lossMetric, regularization.relative));
}

/** Residuals are relative to the targets, which the right-hand side is to a part in a thousand. */
async function iterationsFromZero(lossMetric, regularization) {
  let first;
  const onProgress = ({ stage, done, note }) => {
    if (stage === "solution" && note && Number(note.split("residual ")[1]) <= 1e-4) first ??= done;
  };
  await train(training, { environments, lossMetric, ...more, regularization, committee: 0 }, { onProgress });
  return first ?? "not reached: the error that is left is larger";
}
