/** A dataset takes one level: what is written at another one could never be learnt from. */
import type { Dataset } from "../dataset/record.js";
import { checkSameLevel, type LevelOfTheory } from "../level.js";

/** Throws `mismatch` when `dataset` has finished references at another level than `level`, or at another plane-wave cutoff. */
export function checkDatasetLevel(dataset: Dataset, level: LevelOfTheory): void {
  const [first] = dataset.ids();
  if (first === undefined) return;
  checkSameLevel(level, dataset.get(first).level, {
    whose: "the references in the dataset",
    remedy: "give that level, or another dataset",
    settings: ["level", "fit", "fitMetric"],
  });
}
