/** Errors against the number of training structures, on one validation set. */
import type { TrainSettings } from "../model/settings.js";
import { train } from "../model/train.js";
import type { RunOptions } from "../run.js";
import type { IndexedReference } from "./training-set.js";
import { validate, type ValidationSummary } from "./validate.js";
import type { EnergyScope } from "./evaluate-structure.js";

export interface CurvePoint {
  readonly train: number;
  readonly trainSeconds: number;
  readonly validation: ValidationSummary;
}

/**
 * Trains on the first `sizes[k]` of `pool` (nested sets; shuffle before) and validates each model on `held`.
 */
export async function learningCurve(
  pool: readonly IndexedReference[],
  held: readonly IndexedReference[],
  sizes: readonly number[],
  settings: TrainSettings,
  options: RunOptions & {
    readonly energies: EnergyScope;
    readonly response: boolean;
    readonly onPoint?: (point: CurvePoint) => void;
  },
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  for (const size of sizes) {
    const start = performance.now();
    const { model } = await train(
      pool.slice(0, size).map(({ reference }) => reference),
      settings,
      options,
    );
    const trainSeconds = (performance.now() - start) / 1000;
    const { summary } = await validate(model, held, options);
    const point = { train: size, trainSeconds, validation: summary };
    points.push(point);
    options.onPoint?.(point);
  }
  return points;
}
