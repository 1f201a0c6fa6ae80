/** Energies of new structures from predicted densities, one diagonalisation each. */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { OneShotEnergy, OneShotOrbitals } from "../engine/engine.js";
import { onBuiltinEngine } from "../engine/engines.js";
import type { LevelOfTheory } from "../level.js";
import type { Uncertainty } from "../model/prediction/model-content.js";
import type { DensityModel, Prediction } from "../model/prediction/density-model.js";
import { checkpoint, type RunOptions } from "../run.js";
import type { Structure } from "../structure/structure.js";
import { forEachStructure, type Failed, type Work } from "./each-structure.js";
import type { EnergyTask } from "./tasks.js";

export interface StructureEnergy {
  readonly index: number;
  readonly structure: Structure;
  readonly density: AtomCentredDensity;
  readonly result: OneShotEnergy;
  /** Of the density, from models with a committee. */
  readonly uncertainty?: Uncertainty;
}

export interface EnergyOptions extends RunOptions {
  readonly response: boolean;
  readonly level?: LevelOfTheory;
  /** Gets the orbitals of each diagonalisation as it comes; they are not kept. */
  readonly onOrbitals?: (found: StructureEnergy, orbitals: OneShotOrbitals) => void | Promise<void>;
}

/** Predicts and diagonalises; structures that the model or the engine refuses are collected in `failed`. */
export async function energies(
  model: DensityModel,
  structures: readonly { readonly index: number; readonly structure: Structure }[],
  options: EnergyOptions,
): Promise<{ energies: StructureEnergy[]; failed: Failed[] }> {
  const { onOrbitals } = options;
  const level = options.level ?? onBuiltinEngine(model.level);
  const work: Work<EnergyTask>[] = [];
  const refused: Failed[] = [];
  const densities = new Map<number, Prediction>();
  for (const { index, structure } of structures) {
    try {
      const prediction = await model.predict(structure, options);
      densities.set(index, prediction);
      const { density } = prediction;
      work.push({ index, input: { level, density, response: options.response, orbitals: onOrbitals !== undefined } });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      refused.push({ index, reason: error instanceof Error ? error.message : String(error) });
    }
    await checkpoint(options, { stage: "densities", done: work.length + refused.length, total: structures.length });
  }
  const found: StructureEnergy[] = [];
  const structureOf = new Map(structures.map(({ index, structure }) => [index, structure]));
  const failed = await forEachStructure<EnergyTask, OneShotEnergy>(
    "energy",
    work,
    async ({ orbitals, ...result }, index) => {
      const { density, uncertainty } = densities.get(index)!;
      const structure = structureOf.get(index)!;
      const energy = { index, structure, density, result, ...(uncertainty ? { uncertainty } : {}) };
      found.push(energy);
      if (orbitals) await onOrbitals?.(energy, orbitals);
    },
    { ...options, stage: "energies" },
  );
  return {
    energies: found.toSorted((a, b) => a.index - b.index),
    failed: [...refused, ...failed].toSorted((a, b) => a.index - b.index),
  };
}
