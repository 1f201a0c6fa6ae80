/** What results look like in a report. */
import { label } from "../dataset/label.js";
import { levelName, type LevelOfTheory, type MetricName } from "../level.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import { significant } from "../report/numbers.js";
import type {
  DensityErrorFigures,
  FailedStructure,
  LearningCurvePoint,
  PredictedStructure,
  Repeated,
  Setting,
} from "../report/report-data.js";
import { elementSymbol } from "../structure/elements.js";
import { identifiers } from "../structure/identifiers.js";
import type { Failed } from "./each-structure.js";
import type { MeanCurvePoint } from "./learning-curve.js";
import type { Validated, ValidationSummary } from "./validate.js";

/** `waters.xyz:3 (dimer)`: the label, and what its file calls it; of numbers it says of what: `3 (gdb_id 101)`. */
export function reportedName({ reference, ...origin }: Pick<Validated, "source" | "index" | "reference">): string {
  const [first] = Object.entries(identifiers(reference.structure));
  if (!first) return label(origin);
  const [key, value] = first;
  return `${label(origin)} (${/^[\d.]+$/.test(String(value)) ? `${key} ${value}` : value})`;
}

export function failedStructures(failed: readonly Failed[]): FailedStructure[] {
  return failed.map(({ name, error, ...origin }) => ({
    name: name === undefined ? label(origin) : `${label(origin)} (${name})`,
    reason: error.message,
  }));
}

export function predictedStructure(validated: Validated): PredictedStructure {
  const { reference, errors } = validated;
  const { absolute, energy, energySeconds } = errors;
  return {
    name: reportedName(validated),
    structure: reference.structure,
    maePercent: 100 * absolute,
    ...(energy?.improvedAbsolute === undefined ? {} : { improvedMaePercent: 100 * energy.improvedAbsolute }),
    ...(reference.energy === undefined ? {} : { energy: reference.energy }),
    ...(energy
      ? {
          errors: {
            oneShot: energy.oneShot,
            // Without a correction the best estimate is the one-shot energy itself.
            ...(energy.energy === energy.oneShot ? {} : { corrected: energy.energy }),
            ...(energy.bounds
              ? { superposedAtoms: energy.bounds.superposedAtoms, fitFloor: energy.bounds.fitFloor }
              : {}),
          },
        }
      : {}),
    ...(reference.seconds === undefined ? {} : { scfSeconds: reference.seconds }),
    predictSeconds: errors.predictSeconds,
    ...(energySeconds === undefined ? {} : { energySeconds }),
  };
}

export function densityFigures({ density }: ValidationSummary): DensityErrorFigures {
  const { rmsePercent, coulombRmsePercent, maePercent } = density;
  return {
    ...(rmsePercent === null ? {} : { rmsePercent }),
    ...(coulombRmsePercent === null ? {} : { coulombRmsePercent }),
    ...(maePercent === null ? {} : { maePercent }),
  };
}

export function curvePoint(point: MeanCurvePoint): LearningCurvePoint {
  const oneShot = repeated(point.oneShotMaeMeVPerAtom, point.oneShotMaeMeVPerAtomDeviation);
  const energy = repeated(point.energyMaeMeVPerAtom, point.energyMaeMeVPerAtomDeviation);
  const rmse = repeated(point.rmsePercent, point.rmsePercentDeviation);
  return {
    train: point.train,
    ...(rmse ? { rmsePercent: rmse } : {}),
    ...(oneShot ? { oneShotMeVPerAtom: oneShot } : {}),
    ...(energy && energy.mean !== oneShot?.mean ? { correctedMeVPerAtom: energy } : {}),
    trainSeconds: point.trainSeconds,
  };
}

function repeated(mean: number | null | undefined, deviation: number | null | undefined): Repeated | undefined {
  if (mean === null || mean === undefined || !Number.isFinite(mean)) return undefined;
  return { mean, ...(deviation === null || deviation === undefined ? {} : { deviation }) };
}

/** What densities are computed with, in words. */
export function levelSettings(level: LevelOfTheory): Setting[] {
  return [
    { name: "level of theory", value: levelName(level), note: "functional and orbital basis of all calculations" },
    {
      name: "density expanded in",
      value: level.auxiliary.name,
      note: `atom-centred functions, fitted in the ${metricName(level.fitMetric)} metric`,
    },
  ];
}

/** What a model was made with, in words. */
export function modelSettings({ level, settings, summary, environments }: DensityModel): Setting[] {
  const kept = Object.entries(environments).map(([z, list]) => `${elementSymbol(Number(z))} ${list.length}`);
  return [
    ...levelSettings(level),
    {
      name: "learned from",
      value: `${summary.structures} structures`,
      note: `${summary.dimension} numbers adjusted; errors counted in the ${metricName(settings.lossMetric)} metric`,
    },
    {
      name: "atoms remembered",
      value: kept.join(", "),
      note: "surroundings that an atom of a new structure is compared with, by element",
    },
    {
      name: "features",
      value: summary.features.join(", "),
      note: `numbers that describe the surroundings of an atom, for λ = 0 … ${summary.features.length - 1}, the angular momentum of what they predict`,
    },
    {
      name: "regularisation",
      value: significant(summary.regularization.relative, 2),
      note: regularizationNote(summary),
    },
  ];
}

function metricName(metric: MetricName): string {
  return metric === "coulomb" ? "Coulomb" : "overlap";
}

function regularizationNote({ regularization, validation }: DensityModel["summary"]): string {
  const purpose = "keeps the model from learning noise; relative to the largest eigenvalue of the on-site problem";
  return regularization.automatic && validation
    ? `${purpose}; chosen on ${validation.structures} structures left out of training for it`
    : purpose;
}
