/**
 * Accuracy on the water clusters, 120 for training and 52 for validation, 100 environments per species. A numpy
 * implementation of the same regression, solved exactly, reaches 1.99 % in S trained in S and 1.75 % in J trained in
 * J (test/data/water-clusters/README.md); without the far field, which it has not, the bounds leave 3 % for the choice of
 * features and η. With it 1.82 and 1.44 % were measured. Conjugate gradients start at zero; 16 and 23 iterations were
 * measured, to residuals of 8e-5 and 6e-5 of the norm of the data (√T, in the norm of the preconditioner).
 */
import { describe, expect, test } from "vitest";
import { densityErrors } from "../../dist/density/errors.js";
import { train } from "../../dist/model/training/train.js";
import { waterClusters } from "../data/water-clusters/load.mjs";

const { training, validation } = waterClusters();

const cases = [
  { lossMetric: "overlap", far: { farField: null }, bound: 2.05, iterations: 25, error: "rmsePercent" },
  { lossMetric: "coulomb", far: {}, bound: 1.48, iterations: 35, error: "coulombRmsePercent" },
  { lossMetric: "overlap", far: {}, bound: 1.87, iterations: 25, error: "rmsePercent" },
  { lossMetric: "coulomb", far: { farField: null }, bound: 1.67, iterations: 35, error: "coulombRmsePercent" },
] as const;

describe("learning water clusters", () => {
  // Each metric once, with and without the far field once.
  test.each(process.env["BRINE_FULL"] ? cases : cases.slice(0, 2))(
    "trained in the $lossMetric metric, $far",
    async ({ lossMetric, far, bound, iterations, error }) => {
      const settings = { environments: 100, lossMetric, regularization: 1e-7, ...far };
      const { model, summary } = await train(training, settings);
      const errors = densityErrors(model.averages);
      for (const { structure, density } of validation) errors.add(await model.predict(structure), density);
      const result = errors.result();
      expect(result[error]).toBeLessThan(bound);
      expect(result.electronCountMaxError).toBeLessThan(0.04);
      expect(summary.converged).toBe(true);
      expect(summary.residual).toBeLessThan(1e-4);
      expect(summary.iterations).toBeLessThan(iterations);
    },
  );
});
