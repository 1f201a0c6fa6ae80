/** The estimates of the energy that a report compares, and their errors in the units that it prints. */
import { atomCount } from "../structure/structure.js";
import { HARTREE_IN_KCAL_PER_MOL, HARTREE_IN_MEV } from "../units.js";
import { isNumber, meanOf } from "./numbers.js";
import type { EnergyErrorFigures, PredictedStructure } from "./report-data.js";

export interface Estimate {
  readonly key: keyof EnergyErrorFigures;
  readonly name: string;
  /** A variable of `style.ts`. */
  readonly colour: string;
}

/** Worst first. */
export const ESTIMATES: readonly Estimate[] = [
  { key: "superposedAtoms", name: "superposed atoms", colour: "var(--atoms)" },
  { key: "oneShot", name: "one-shot", colour: "var(--one-shot)" },
  { key: "corrected", name: "with response", colour: "var(--corrected)" },
  { key: "fitFloor", name: "fit floor", colour: "var(--floor)" },
];

/** Signed error, meV/atom; undefined when it is not known. */
export function meVPerAtom(
  { errors, structure }: PredictedStructure,
  of: keyof EnergyErrorFigures,
): number | undefined {
  const error = errors?.[of];
  return isNumber(error) ? (error * HARTREE_IN_MEV) / atomCount(structure) : undefined;
}

/** Signed error of the whole structure, kcal/mol; undefined when it is not known. */
export function kcalPerMol({ errors }: PredictedStructure, of: keyof EnergyErrorFigures): number | undefined {
  const error = errors?.[of];
  return isNumber(error) ? error * HARTREE_IN_KCAL_PER_MOL : undefined;
}

/** Mean magnitude of the errors that are known. */
export function meanMagnitude(errors: readonly (number | undefined)[]): number | undefined {
  return meanOf(errors.map((error) => (error === undefined ? undefined : Math.abs(error))));
}

/** Which estimate is the prediction: the best one that some structure has. */
export function bestEstimate(structures: readonly PredictedStructure[]): "corrected" | "oneShot" {
  return structures.some(({ errors }) => isNumber(errors?.corrected)) ? "corrected" : "oneShot";
}

/** 1 kcal/mol in meV/atom, when all structures have as many atoms. */
export function chemicalAccuracy(structures: readonly PredictedStructure[]): number | undefined {
  const sizes = [...new Set(structures.map(({ structure }) => atomCount(structure)))];
  return sizes.length === 1 ? HARTREE_IN_MEV / HARTREE_IN_KCAL_PER_MOL / sizes[0] : undefined;
}

/** Whether the predictions lie, on the mean, closer to the converged energies than the fit floor. */
export function belowFloor(structures: readonly PredictedStructure[]): boolean {
  const mean = (of: keyof EnergyErrorFigures) => meanMagnitude(structures.map((one) => meVPerAtom(one, of)));
  const [predicted, floor] = [mean(bestEstimate(structures)), mean("fitFloor")];
  return isNumber(predicted) && isNumber(floor) && predicted < floor;
}
