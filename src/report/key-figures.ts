/** The handful of numbers that a reader looks for first. */
import { HARTREE_IN_KCAL_PER_MOL, HARTREE_IN_MEV } from "../units.js";
import { isNumber, meanOf, significant, duration } from "./numbers.js";
import type { EnergyErrorFigures, HeldOutStructure, ReportData } from "./report-data.js";

export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly note?: string;
}

export function keyFigures({ density, heldOut = [] }: ReportData): KeyFigure[] {
  const figures: KeyFigure[] = [];
  if (isNumber(density?.rmsePercent)) {
    const coulomb = isNumber(density.coulombRmsePercent)
      ? `${significant(density.coulombRmsePercent)} % in the Coulomb metric`
      : "";
    const absolute = isNumber(density.maePercent)
      ? `∫|Δρ| is ${significant(density.maePercent)} % of the electrons`
      : "";
    const note = [coulomb, absolute].filter((text) => text !== "").join("; ");
    figures.push({
      label: "Error of the density",
      value: significant(density.rmsePercent),
      unit: "% RMSE",
      ...(note === "" ? {} : { note }),
    });
  }
  const energy = (key: keyof EnergyErrorFigures, label: string): void => {
    const perAtom = meanOf(heldOut.map(({ errors, atoms }) => magnitude(errors?.[key], HARTREE_IN_MEV / atoms)));
    const perMole = meanOf(heldOut.map(({ errors }) => magnitude(errors?.[key], HARTREE_IN_KCAL_PER_MOL)));
    if (isNumber(perAtom))
      figures.push({
        label,
        value: significant(perAtom),
        unit: "meV/atom",
        note: `${significant(perMole)} kcal/mol, mean absolute error`,
      });
  };
  energy("corrected", "Energy, with response correction");
  energy("oneShot", "Energy, one-shot");
  energy("superposedAtoms", "Energy from superposed atoms");
  energy("fitFloor", "Fit floor of the energy");
  return [...figures, ...speed(heldOut)];
}

function speed(heldOut: readonly HeldOutStructure[]): KeyFigure[] {
  const predict = meanOf(heldOut.map(({ predictSeconds }) => predictSeconds));
  const energy = meanOf(heldOut.map(({ energySeconds }) => energySeconds));
  const scf = meanOf(heldOut.map(({ scfSeconds }) => scfSeconds));
  if (!isNumber(predict)) return [];
  const [value, ...unit] = duration(predict + (energy ?? 0)).split(" ");
  const parts = isNumber(energy) ? `${duration(predict)} for the density, ${duration(energy)} for the energy` : "";
  const compared = isNumber(scf) ? `self-consistent calculation: ${duration(scf)}` : "";
  const note = [parts, compared].filter((text) => text !== "").join("; ");
  const label = isNumber(energy) ? "Time of a density and its energy" : "Time of a density";
  return [{ label, value, unit: unit.join(" "), ...(note === "" ? {} : { note }) }];
}

function magnitude(error: number | undefined, unit: number): number | undefined {
  return isNumber(error) ? Math.abs(error) * unit : undefined;
}
