/** Errors against the number of training structures, on one validation set. */
import { compareOrigins } from "../dataset/label.js";
import { BrineError } from "../errors.js";
import { randomGenerator } from "../math/random.js";
import { mean, sampleDeviation } from "../math/statistics.js";
import type { TrainSettings } from "../model/settings.js";
import type { TrainSummary } from "../model/summary.js";
import { train } from "../model/training/train.js";
import type { RunOptions } from "../run.js";
import type { IndexedReference } from "./training-set.js";
import { type EnergySummary, validate, type ValidationSummary } from "./validate.js";
import type { EnergyScope } from "./evaluate-structure.js";

/** Errors of one model. */
export interface CurvePoint {
  /** Structures it has learnt. */
  readonly train: number;
  /** That its training took. */
  readonly trainSeconds: number;
  /** Errors of the model of this size. */
  readonly validation: ValidationSummary;
}

/** How a learning curve is made. */
export interface CurveOptions extends RunOptions {
  /** Bytes that each training may take, about (8e9). */
  readonly memory?: number | undefined;
  /** A folder for what does not fit into memory; absent: all is in memory. */
  readonly scratch?: string;
  /** What to evaluate beside the densities. */
  readonly energies: EnergyScope;
  /** Whether energies are corrected by linear response. */
  readonly response: boolean;
  /** Called with each point as it comes, and what its training reported. */
  readonly onPoint?: (point: CurvePoint, training: TrainSummary) => void;
}

/**
 * Trains on the first `sizes[k]` of `pool` (nested sets; shuffle before) and validates each model on `held`. The models
 * have a committee only when the settings tell its size: it changes no error.
 */
export async function learningCurve(
  pool: readonly IndexedReference[],
  held: readonly IndexedReference[],
  sizes: readonly number[],
  settings: TrainSettings,
  options: CurveOptions,
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  const committee = settings.committee === "auto" ? 0 : settings.committee;
  for (const size of sizes) {
    const start = performance.now();
    const { model, summary: training } = await train(
      pool.slice(0, size).map(({ reference }) => reference),
      { ...settings, committee },
      options,
    );
    const trainSeconds = (performance.now() - start) / 1000;
    const { summary } = await validate(model, held, options);
    const point = { train: size, trainSeconds, validation: summary };
    points.push(point);
    options.onPoint?.(point, training);
  }
  return points;
}

/** Means over repeats with different training structures. Per cent, meV/atom, kcal/mol, seconds. */
export interface MeanCurvePoint {
  /** Number of training structures. */
  readonly train: number;
  /** Number of models that these are the means of. */
  readonly repeats: number;
  /** Error of the density with its electron count constrained, 100 % for average atoms, in the overlap metric. */
  readonly rmsePercent: number | null;
  /** Sample standard deviation over repeats; null for fewer than two. */
  readonly rmsePercentDeviation: number | null;
  /** `rmsePercent` in the Coulomb metric. */
  readonly coulombRmsePercent: number | null;
  /** Mean of 100 ∫|ρ − ρ_fit|/N. */
  readonly maePercent: number | null;
  /** Mean absolute error of the best energy, meV per atom. */
  readonly energyMaeMeVPerAtom?: number;
  /** Sample standard deviation over repeats; null for fewer than two. */
  readonly energyMaeMeVPerAtomDeviation?: number | null;
  /** Mean absolute error of the best energy, kcal/mol. */
  readonly energyMaeKcalPerMol?: number;
  /** Mean absolute error of the energy without its correction, meV per atom. */
  readonly oneShotMaeMeVPerAtom?: number;
  /** Sample standard deviation over repeats; null for fewer than two. */
  readonly oneShotMaeMeVPerAtomDeviation?: number | null;
  /** Mean absolute error of the energy without its correction, kcal/mol. */
  readonly oneShotMaeKcalPerMol?: number;
  /** Seconds that a training took. */
  readonly trainSeconds: number;
  /** Evaluations that failed, of all repeats. */
  readonly failed: number;
}

/** What `repeatedCurve` gives. */
export interface RepeatedCurve {
  /** Number of structures that every model is validated on. */
  readonly validation: number;
  /** One for each number of training structures, ascending. */
  readonly points: readonly MeanCurvePoint[];
}

/** Fraction of the references that is held out when nothing is said. */
const HELD_FRACTION = 0.2;

/** How a learning curve is drawn. */
export interface CurvePlan {
  /** Numbers of training structures, ascending; absent: an eighth, a quarter, half and all that are not held out. */
  readonly sizes?: readonly number[] | undefined;
  /** Number of structures to validate on; absent: a fifth. */
  readonly held?: number | undefined;
  /** Trainings of each size, on other structures. */
  readonly repeats: number;
}

/**
 * Holds out random structures, and learns from the rest `repeats` times, in another order each time (seeds from that of
 * the settings on). Throws `usage` when a size leaves the pool.
 */
export async function repeatedCurve(
  references: readonly IndexedReference[],
  plan: CurvePlan,
  settings: TrainSettings,
  options: CurveOptions,
): Promise<RepeatedCurve> {
  const count = plan.held ?? Math.max(1, Math.round(HELD_FRACTION * references.length));
  const sizes = plan.sizes ?? automaticSizes(references.length - count);
  const shuffled = randomGenerator(settings.seed).shuffle([...references]);
  const pool = shuffled.slice(count);
  const tooMany = sizes.find((size) => size > pool.length);
  if (count >= references.length || tooMany !== undefined)
    throw new BrineError(
      "usage",
      `${tooMany ?? 1} training structures and ${count} for validation asked for, but the dataset holds ${references.length}`,
    );
  const held = shuffled.slice(0, count).toSorted(compareOrigins);
  const curves: CurvePoint[][] = [];
  for (let repeat = 0; repeat < plan.repeats; repeat++) {
    const seed = settings.seed + repeat;
    const order = randomGenerator(seed).shuffle([...pool]);
    curves.push(await learningCurve(order, held, sizes, { ...settings, seed }, options));
  }
  return { validation: held.length, points: sizes.map((_, k) => meanPoint(curves.map((curve) => curve[k]))) };
}

function automaticSizes(most: number): number[] {
  return [...new Set([8, 4, 2, 1].map((part) => Math.max(1, Math.floor(most / part))))];
}

/** Of models that learned from as many structures, one at least. */
export function meanPoint(points: readonly CurvePoint[]): MeanCurvePoint {
  // Where a model refused every structure there is nothing to average.
  const known = (of: (point: CurvePoint) => number | null): number[] =>
    points.map(of).filter((value): value is number => value !== null && Number.isFinite(value));
  const average = (of: (point: CurvePoint) => number | null): number | null => mean(known(of));
  const errors = known((point) => point.validation.density.rmsePercent);
  const energies = (of: (energy: EnergySummary) => number): number[] =>
    known(({ validation }) => (validation.energy ? of(validation.energy) : null));
  const energy = (of: (energy: EnergySummary) => number): number => mean(energies(of)) ?? Number.NaN;
  return {
    train: points[0].train,
    repeats: points.length,
    rmsePercent: mean(errors),
    rmsePercentDeviation: sampleDeviation(errors),
    coulombRmsePercent: average((point) => point.validation.density.coulombRmsePercent),
    maePercent: average((point) => point.validation.density.maePercent),
    ...(points.some(({ validation }) => validation.energy)
      ? {
          energyMaeMeVPerAtom: energy((e) => e.maeMeVPerAtom),
          energyMaeMeVPerAtomDeviation: sampleDeviation(energies((e) => e.maeMeVPerAtom)),
          energyMaeKcalPerMol: energy((e) => e.maeKcalPerMol),
          oneShotMaeMeVPerAtom: energy((e) => e.oneShotMaeMeVPerAtom),
          oneShotMaeMeVPerAtomDeviation: sampleDeviation(energies((e) => e.oneShotMaeMeVPerAtom)),
          oneShotMaeKcalPerMol: energy((e) => e.oneShotMaeKcalPerMol),
        }
      : {}),
    trainSeconds: average((point) => point.trainSeconds) ?? 0,
    failed: points.reduce((sum, { validation }) => sum + validation.failed.length, 0),
  };
}
