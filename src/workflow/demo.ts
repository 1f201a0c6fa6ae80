/**
 * The whole job on molecules that brine makes itself: reference densities of thermally distorted ethanol, a
 * learning curve, densities and energies of molecules that were not seen.
 */
import type { Dataset } from "../dataset/record.js";
import type { LevelOfTheory } from "../level.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import { trainSettings } from "../model/settings.js";
import type { TrainSummary } from "../model/summary.js";
import { train } from "../model/training/train.js";
import type { RunOptions } from "../run.js";
import type { Structure } from "../structure/structure.js";
import { thermalDistortions } from "../structure/thermal-distortion.js";
import { equilibriumEthanol } from "./demo-structures.js";
import { learningCurve, type CurvePoint } from "./learning-curve.js";
import { computeReferences, type ReferenceSummary } from "./reference.js";
import { finishedReferences } from "./training-set.js";
import { validate, type Validated, type ValidationSummary } from "./validate.js";

export interface DemoOptions extends RunOptions {
  readonly seed: number;
  /** Molecules to learn from, and molecules to predict. */
  readonly train: number;
  readonly held: number;
}

export interface DemoResult {
  readonly structures: readonly Structure[];
  readonly references: ReferenceSummary;
  readonly curve: readonly CurvePoint[];
  readonly model: DensityModel;
  readonly training: TrainSummary;
  readonly validation: ValidationSummary;
  readonly validated: readonly Validated[];
  readonly seconds: number;
}

/** Kelvin: the temperatures at which the molecules are distorted. */
export const DEMO_TEMPERATURES: [number, number] = [300, 500];

/** The molecules of the demo: `count` distorted ethanols. */
export function demoStructures(count: number, seed: number): Structure[] {
  return thermalDistortions(equilibriumEthanol(), { temperature: DEMO_TEMPERATURES, count, seed });
}

/** Runs everything; references that `dataset` already holds are not computed again. */
export async function demo(level: LevelOfTheory, dataset: Dataset, options: DemoOptions): Promise<DemoResult> {
  const start = performance.now();
  const structures = demoStructures(options.train + options.held, options.seed);
  const references = await computeReferences(
    structures.map((structure, index) => ({ index, structure })),
    level,
    dataset,
    options,
  );
  const all = finishedReferences(dataset).filter(({ index }) => index < structures.length);
  const pool = all.slice(0, options.train);
  const held = all.slice(options.train);
  const settings = trainSettings({ seed: options.seed });
  const sizes = [...new Set([0.125, 0.25, 0.5].map((share) => Math.max(2, Math.round(share * pool.length))))].filter(
    (size) => size < pool.length,
  );
  const curve = await learningCurve(pool, held, sizes, settings, { ...options, energies: "predicted", response: true });
  const trainStart = performance.now();
  const { model, summary: training } = await train(
    pool.map(({ reference }) => reference),
    settings,
    options,
  );
  const trainSeconds = (performance.now() - trainStart) / 1000;
  const { summary: validation, structures: validated } = await validate(model, held, {
    ...options,
    energies: "bounds",
    response: true,
  });
  return {
    structures,
    references,
    curve: [...curve, { train: pool.length, trainSeconds, validation }],
    model,
    training,
    validation,
    validated,
    seconds: (performance.now() - start) / 1000,
  };
}
