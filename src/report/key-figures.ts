/** The handful of numbers that a reader looks for first. */
import { belowFloor, kcalPerMol, meanMagnitude, meVPerAtom } from "./energy-units.js";
import { duration, isNumber, meanOf, significant } from "./numbers.js";
import type { DensityErrorFigures, EnergyErrorFigures, PredictedStructure, ReportData } from "./report-data.js";

export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly note?: string;
}

const LABELS: Readonly<Record<keyof EnergyErrorFigures, string>> = {
  corrected: "Energy, with response correction",
  oneShot: "Energy, one-shot",
  superposedAtoms: "Energy from superposed atoms",
  fitFloor: "Fit floor of the energy",
};

/** Of densities, energies (best first) and times: those that are known. */
export function keyFigures({ density = {}, predicted = [] }: ReportData): KeyFigure[] {
  const energies = ["corrected", "oneShot", "superposedAtoms", "fitFloor"] as const;
  return [densityFigure(density), ...energies.map((of) => energyFigure(predicted, of)), speed(predicted)].filter(
    (one) => one !== undefined,
  );
}

function densityFigure({ rmsePercent, coulombRmsePercent, maePercent }: DensityErrorFigures): KeyFigure | undefined {
  const rmse = isNumber(rmsePercent)
    ? `${significant(rmsePercent)} % RMSE, relative to how densities vary among the training structures`
    : "";
  const coulomb = isNumber(coulombRmsePercent) ? `${significant(coulombRmsePercent)} % in the Coulomb metric` : "";
  const label = "Error of the density";
  if (!isNumber(maePercent))
    return isNumber(rmsePercent)
      ? { label, value: significant(rmsePercent), unit: "% RMSE", ...noted(coulomb) }
      : undefined;
  return { label, value: significant(maePercent), unit: "% of the electrons", ...noted(rmse, coulomb) };
}

function energyFigure(structures: readonly PredictedStructure[], of: keyof EnergyErrorFigures): KeyFigure | undefined {
  const perAtom = meanMagnitude(structures.map((one) => meVPerAtom(one, of)));
  const perMole = meanMagnitude(structures.map((one) => kcalPerMol(one, of)));
  if (!isNumber(perAtom)) return undefined;
  const floor = of === "fitFloor" && belowFloor(structures) ? "the predictions lie below it, see the figure" : "";
  return {
    label: LABELS[of],
    value: significant(perAtom),
    unit: "meV/atom",
    ...noted(`mean absolute error; ${significant(perMole)} kcal/mol per structure`, floor),
  };
}

function speed(structures: readonly PredictedStructure[]): KeyFigure | undefined {
  const predict = meanOf(structures.map(({ predictSeconds }) => predictSeconds));
  const energy = meanOf(structures.map(({ energySeconds }) => energySeconds));
  const scf = meanOf(structures.map(({ scfSeconds }) => scfSeconds));
  if (!isNumber(predict)) return undefined;
  const [value, ...unit] = duration(predict + (energy ?? 0)).split(" ");
  return {
    label: isNumber(energy) ? "Time of a density and its energy" : "Time of a density",
    value,
    unit: unit.join(" "),
    ...noted(
      isNumber(energy) ? `${duration(predict)} for the density, ${duration(energy)} for the energy` : "",
      isNumber(scf) ? `self-consistent calculation: ${duration(scf)}` : "",
    ),
  };
}

function noted(...notes: readonly string[]): { note?: string } {
  const note = notes.filter((text) => text !== "").join("; ");
  return note === "" ? {} : { note };
}
