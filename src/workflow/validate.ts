/** Errors of a model on structures whose reference is known. Definitions: docs/conventions.md. */
import { compareOrigins, label, type Labelled } from "../dataset/label.js";
import type { Reference } from "../dataset/record.js";
import { meanDensityErrors, type DensityErrors } from "../density/errors.js";
import { BrineError } from "../errors.js";
import { levelContrast, levelName } from "../level.js";
import { mean } from "../math/statistics.js";
import { modelHandle } from "../model/file/shared-model.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import type { RunOptions } from "../run.js";
import { atomCount } from "../structure/structure.js";
import { HARTREE_IN_KCAL_PER_MOL, HARTREE_IN_MEV } from "../units.js";
import { calibration, type Calibration } from "./calibration.js";
import { forEachStructure, type Failed } from "./each-structure.js";
import type { PredictionErrors } from "./evaluate-prediction.js";
import type { EnergyBounds, EnergyErrors, EnergyScope } from "./evaluate-structure.js";
import type { IndexedReference } from "./training-set.js";

/** The errors of one structure. */
export interface Validated extends Labelled {
  /** What is right. */
  readonly reference: Reference;
  /** How far the model is from it. */
  readonly errors: PredictionErrors;
}

/** Mean absolute errors of energies over structures. */
export interface EnergySummary {
  /** Of the best energy. */
  readonly maeMeVPerAtom: number;
  /** Of the best energy of a structure as a whole. */
  readonly maeKcalPerMol: number;
  /** Without correction. */
  readonly oneShotMaeMeVPerAtom: number;
  /** Without correction, of a structure as a whole. */
  readonly oneShotMaeKcalPerMol: number;
  /** Of the Harris–Foulkes functional. */
  readonly harrisFoulkesMaeMeVPerAtom: number;
  /**
   * From the references' own fits, what no model can beat; with this and the next two where the bounds were asked
   * for.
   */
  readonly fitFloorMaeMeVPerAtom?: number;
  /** From the references' own fits, without correction. */
  readonly fitFloorOneShotMaeMeVPerAtom?: number;
  /** From superposed atoms, where a model starts. */
  readonly superposedAtomsMaeMeVPerAtom?: number;
  /** Mean absolute error of each component of the one-shot energy, meV/atom. */
  readonly components: Readonly<Record<string, number>>;
  /** The `maePercent` of the response-improved densities; null without the correction. */
  readonly improvedDensityMaePercent: number | null;
  /** Structures whose correction left the linear range. */
  readonly outsideLinearRange: number;
}

/** Errors of a model over structures; docs/conventions.md defines them. */
export interface ValidationSummary {
  /** That were asked for. */
  readonly structures: number;
  /** Of the densities. */
  readonly density: DensityErrors & {
    /** 100 × mean of ∫|ρ − ρ_fit|/N; null where every structure failed. */
    readonly maePercent: number | null;
    /** 100 × mean of ∫|ρ − ρ_SCF|/N over references that kept their orbitals; null without any. */
    readonly maePercentVsScf: number | null;
  };
  /** Of the energies, where they were asked for. */
  readonly energy?: EnergySummary;
  /** Of models with a committee. */
  readonly calibration?: Calibration;
  /** Structures that could not be evaluated. */
  readonly failed: readonly Failed[];
  /** That it took. */
  readonly seconds: number;
}

/** Errors of a model over structures, and of each. */
export interface Validation {
  /** Means over the structures. */
  readonly summary: ValidationSummary;
  /** Of each structure, by file and position. */
  readonly structures: Validated[];
}

/** What `validate` is told. */
export interface ValidateOptions extends RunOptions {
  /** What to evaluate beside the densities. */
  readonly energies: EnergyScope;
  /** Whether energies are corrected by linear response. */
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
): Promise<Validation> {
  if (references.length === 0)
    throw new BrineError("input", "nothing to validate on: every structure of the dataset was used in training");
  const start = performance.now();
  for (const entry of references) checkLevel(model, entry);
  const handle = modelHandle(model, options.pool !== undefined);
  const { energies, response } = options;
  const structures: Validated[] = [];
  const failures = await forEachStructure(
    "evaluate",
    references.map(({ reference, densityMatrix, ...labelled }) => ({
      context: { ...labelled, structure: reference.structure, reference },
      input() {
        const kept = densityMatrix?.();
        return {
          model: handle,
          reference: kept ? { ...reference, densityMatrix: kept } : reference,
          energies,
          response,
        };
      },
    })),
    (errors, context) => structures.push({ ...context, errors }),
    { ...options, stage: energies === "none" ? "densities" : "energies" },
  );
  structures.sort(compareOrigins); // sums in one order, whatever finished first
  const vsScf = structures.flatMap(({ errors }) => errors.absoluteVsScf ?? []);
  const summary: ValidationSummary = {
    structures: references.length,
    density: {
      ...meanDensityErrors(structures.map(({ errors }) => errors.deviation)),
      maePercent: meanPercent(structures.map(({ errors }) => errors.absolute)),
      maePercentVsScf: vsScf.length === structures.length ? meanPercent(vsScf) : null,
    },
    ...(options.energies === "none" || structures.length === 0 ? {} : { energy: summarizeEnergies(structures) }),
    ...(model.committee
      ? { calibration: calibration(structures.flatMap(({ errors }) => errors.uncertainty ?? [])) }
      : {}),
    failed: failures,
    seconds: (performance.now() - start) / 1000,
  };
  return { summary, structures };
}

function checkLevel({ level }: DensityModel, { reference, ...labelled }: IndexedReference): void {
  const contrast = levelContrast(reference.level, level);
  if (contrast !== "")
    throw new BrineError(
      "mismatch",
      `the reference is at ${levelName(reference.level)}, the model at ${levelName(level)} (${contrast})`,
      { where: `structure ${label(labelled)}` },
    );
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
