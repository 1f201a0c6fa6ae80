/** The bundled model of QM9 on molecules that it was not trained on, against the numbers of docs/results.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadModel } from "../../dist/model/file/model-file.js";
import { modelPath } from "../../dist/node/library.js";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { atomCount } from "../../dist/structure/structure.js";
import { finishedReferences } from "../../dist/workflow/training-set.js";
import { validate } from "../../dist/workflow/validate.js";

test("qm9 has chemical accuracy from one diagonalisation, and far better with its response", async () => {
  const path = modelPath("qm9");
  const model = loadModel(readFileSync(path), path);
  const dataset = openDataset(join(import.meta.dirname, "../../data/training/qm9-validation-200.db"), {
    readOnly: true,
  });
  const references = finishedReferences(dataset)
    .filter(({ reference }) => atomCount(reference.structure) <= 14)
    .slice(0, 3);
  const { density, energy, calibration } = (
    await validate(model, references, { energies: "predicted", response: true })
  ).summary;
  dataset.close();
  expect(references).toHaveLength(3);
  // Measured of these three: 5.0 %, 0.111 and 0.0036 kcal/mol, 0.72.
  expect(density.rmsePercent!).toBeLessThan(5.5);
  expect(energy!.oneShotMaeKcalPerMol).toBeLessThan(0.13);
  expect(energy!.maeKcalPerMol).toBeLessThan(0.0045);
  expect(Math.abs(Math.log(calibration!.ratio!))).toBeLessThan(Math.log(2));
});
