/** Energies of new structures from predicted densities, one diagonalisation each. */
import type { LevelOfTheory } from "../level.js";
import { modelHandle, type SharedModel } from "../model/file/shared-model.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import type { RunOptions } from "../run.js";
import { forEachStructure, type Failed, type LabelledStructure } from "./each-structure.js";
import type { EnergyOutcome, EnergyTask } from "./tasks.js";

/** An energy with its structure. */
export type StructureEnergy = LabelledStructure & EnergyOutcome;

/** How energies are computed. */
export interface EnergyOptions extends RunOptions {
  /** Whether to correct by linear response. */
  readonly response: boolean;
  /** Of the diagonalisation. */
  readonly level: LevelOfTheory;
  /** Orbitals to hand out: of the diagonalisation, or of a second one with the improved density where there is one (none). */
  readonly orbitals?: EnergyTask["orbitals"];
}

/**
 * Predicts and diagonalises. Each result is handed to `onEnergy` as it comes and not kept; structures that the model or the
 * engine refuses come back.
 */
export function energies(
  model: DensityModel | SharedModel,
  structures: readonly LabelledStructure[],
  onEnergy: (found: StructureEnergy) => unknown,
  options: EnergyOptions,
): Promise<Failed[]> {
  const { response, orbitals = "none" } = options;
  const task = { model: modelHandle(model, options.pool !== undefined), level: options.level, response, orbitals };
  return forEachStructure(
    "energy",
    structures.map((context) => ({ context, input: () => ({ ...task, structure: context.structure }) })),
    (outcome, labelled) => onEnergy({ ...labelled, ...outcome }),
    { ...options, stage: "energies" },
  );
}
