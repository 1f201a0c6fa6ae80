/** Errors of a model on structures whose reference is known. Definitions: docs/conventions.md. */
import { compareOrigins, label, type Labelled } from "../dataset/label.js";
import type { Reference } from "../dataset/record.js";
import { densityErrors, type DensityErrors } from "../density/errors.js";
import { BrineError } from "../errors.js";
import { levelContrast, levelName } from "../level.js";
import { mean } from "../math/statistics.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import { checkpoint, type RunOptions } from "../run.js";
import { atomCount } from "../structure/structure.js";
import { HARTREE_IN_KCAL_PER_MOL, HARTREE_IN_MEV } from "../units.js";
import { calibration, metricError, type Calibration } from "./calibration.js";
import { failed, forEachStructure, type Failed, type Work } from "./each-structure.js";
import type { EnergyBounds, EnergyErrors, EnergyScope, StructureErrors } from "./evaluate-structure.js";
import type { EvaluateTask } from "./tasks.js";
import type { IndexedReference } from "./training-set.js";

export interface Validated extends Labelled {
  readonly reference: Reference;
  readonly errors: StructureErrors;
  /** Seconds that the prediction of the density took. */
  readonly predictSeconds: number;
}

export interface EnergySummary {
  readonly maeMeVPerAtom: number;
  readonly maeKcalPerMol: number;
  readonly oneShotMaeMeVPerAtom: number;
  readonly oneShotMaeKcalPerMol: number;
  readonly harrisFoulkesMaeMeVPerAtom: number;
  /** The next three are there when the bounds were asked for. */
  readonly fitFloorMaeMeVPerAtom?: number;
  readonly fitFloorOneShotMaeMeVPerAtom?: number;
  readonly superposedAtomsMaeMeVPerAtom?: number;
  /** Mean absolute error of each component of the one-shot energy, meV/atom. */
  readonly components: Readonly<Record<string, number>>;
  /** The `maePercent` of the response-improved densities; null without the correction. */
  readonly improvedDensityMaePercent: number | null;
  /** Structures whose correction left the linear range. */
  readonly outsideLinearRange: number;
}

export interface ValidationSummary {
  readonly structures: number;
  readonly density: DensityErrors & { readonly maePercent: number | null; readonly maePercentVsScf: number | null };
  readonly energy?: EnergySummary;
  /** Of models with a committee. */
  readonly calibration?: Calibration;
  readonly failed: readonly Failed[];
  readonly seconds: number;
}

export interface ValidateOptions extends RunOptions {
  readonly energies: EnergyScope;
  readonly response: boolean;
}

/**
 * Validates `model` on `references` (which the caller has cleared of training structures); structures that it refuses
 * are collected in `failed`. Throws `input` for no references, `mismatch` for one of another level.
 */
export async function validate(
  model: DensityModel,
  references: readonly IndexedReference[],
  options: ValidateOptions,
): Promise<{ summary: ValidationSummary; structures: Validated[] }> {
  if (references.length === 0)
    throw new BrineError("input", "nothing to validate on: every structure of the dataset was used in training");
  const start = performance.now();
  const work: Work<EvaluateTask, Omit<Validated, "errors">>[] = [];
  const uncertainties: { expected: number; error: number }[] = [];
  const accumulator = densityErrors(model.averages);
  const failures: Failed[] = [];
  const { energies, response } = options;
  for (const { reference, densityMatrix, ...labelled } of references) {
    const { structure } = reference;
    const contrast = levelContrast(reference.level, model.level);
    if (contrast !== "")
      throw new BrineError(
        "mismatch",
        `the reference is at ${levelName(reference.level)}, the model at ${levelName(model.level)} (${contrast})`,
        { where: `structure ${label(labelled)}` },
      );
    try {
      const before = performance.now();
      const prediction = await model.predict(structure, options);
      const predictSeconds = (performance.now() - before) / 1000;
      accumulator.add(prediction, reference.density);
      if (prediction.uncertainty)
        uncertainties.push({
          expected: prediction.uncertainty.error,
          error: metricError(prediction, reference.density, model.settings.lossMetric),
        });
      work.push({
        context: { ...labelled, reference, predictSeconds },
        input() {
          const kept = densityMatrix?.();
          const whole = kept ? { ...reference, densityMatrix: kept } : reference;
          return { predicted: prediction.density, reference: whole, energies, response };
        },
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      failures.push(failed({ ...labelled, structure }, error));
    }
    await checkpoint(options, { stage: "densities", done: work.length + failures.length, total: references.length });
  }
  const structures: Validated[] = [];
  await forEachStructure("evaluate", work, (errors, context) => structures.push({ ...context, errors }), {
    ...options,
    stage: options.energies === "none" ? "grid errors" : "energies",
    onFailure: (error, { reference: { structure }, ...labelled }) =>
      failures.push(failed({ ...labelled, structure }, error)),
  });
  structures.sort(compareOrigins);
  const vsScf = structures.flatMap(({ errors }) => errors.absoluteVsScf ?? []);
  const summary: ValidationSummary = {
    structures: references.length,
    density: {
      ...accumulator.result(),
      maePercent: meanPercent(structures.map(({ errors }) => errors.absolute)),
      maePercentVsScf: vsScf.length === structures.length ? meanPercent(vsScf) : null,
    },
    ...(options.energies === "none" || structures.length === 0 ? {} : { energy: summarizeEnergies(structures) }),
    ...(model.committee ? { calibration: calibration(uncertainties) } : {}),
    failed: failures.toSorted(compareOrigins),
    seconds: (performance.now() - start) / 1000,
  };
  return { summary, structures };
}

/** Means over the structures whose energies were computed, one at least. */
export function summarizeEnergies(structures: readonly Validated[]): EnergySummary {
  const errors = structures.flatMap(({ errors: { energy }, reference }) =>
    energy ? [{ energy, atoms: atomCount(reference.structure) }] : [],
  );
  const perAtom = (of: (energy: EnergyErrors) => number): number =>
    HARTREE_IN_MEV * (mean(errors.map(({ energy, atoms }) => Math.abs(of(energy)) / atoms)) ?? Number.NaN);
  const perMolecule = (of: (energy: EnergyErrors) => number): number =>
    HARTREE_IN_KCAL_PER_MOL * (mean(errors.map(({ energy }) => Math.abs(of(energy)))) ?? Number.NaN);
  const improved = errors.flatMap(({ energy }) => energy.improvedAbsolute ?? []);
  const bound = (of: (bounds: EnergyBounds) => number): number =>
    perAtom((e) => (e.bounds ? of(e.bounds) : Number.NaN));
  return {
    maeMeVPerAtom: perAtom((e) => e.energy),
    maeKcalPerMol: perMolecule((e) => e.energy),
    oneShotMaeMeVPerAtom: perAtom((e) => e.oneShot),
    oneShotMaeKcalPerMol: perMolecule((e) => e.oneShot),
    harrisFoulkesMaeMeVPerAtom: perAtom((e) => e.harrisFoulkes),
    ...(errors.some(({ energy }) => energy.bounds)
      ? {
          fitFloorMaeMeVPerAtom: bound((bounds) => bounds.fitFloor),
          fitFloorOneShotMaeMeVPerAtom: bound((bounds) => bounds.fitFloorOneShot),
          superposedAtomsMaeMeVPerAtom: bound((bounds) => bounds.superposedAtoms),
        }
      : {}),
    components: Object.fromEntries(
      Object.keys(errors[0]?.energy.components ?? {}).map((name) => [name, perAtom((e) => e.components[name])]),
    ),
    improvedDensityMaePercent: improved.length === errors.length ? meanPercent(improved) : null,
    outsideLinearRange: errors.filter(({ energy }) => !energy.reliable).length,
  };
}

/** Mean × 100; null for none. */
function meanPercent(values: readonly number[]): number | null {
  const found = mean(values);
  return found === null ? null : 100 * found;
}
