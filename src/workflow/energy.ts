/** Energies of new structures from predicted densities, one diagonalisation each. */
import { compareOrigins } from "../dataset/label.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { OneShotEnergy, OrbitalState } from "../engine/engine.js";
import { onBuiltinEngine } from "../engine/engines.js";
import type { LevelOfTheory } from "../level.js";
import type { Uncertainty } from "../model/prediction/model-content.js";
import type { DensityModel, Prediction } from "../model/prediction/density-model.js";
import { checkpoint, type RunOptions } from "../run.js";
import { failed, forEachStructure, type Failed, type LabelledStructure, type Work } from "./each-structure.js";
import type { EnergyTask } from "./tasks.js";

export interface StructureEnergy extends LabelledStructure {
  readonly density: AtomCentredDensity;
  readonly result: OneShotEnergy;
  /** Of the density, from models with a committee. */
  readonly uncertainty?: Uncertainty;
}

export interface EnergyOptions extends RunOptions {
  readonly response: boolean;
  readonly level?: LevelOfTheory;
  /** Gets the orbitals of each diagonalisation as it comes; they are not kept. */
  readonly onOrbitals?: (found: StructureEnergy, state: OrbitalState) => void | Promise<void>;
}

/** Predicts and diagonalises; structures that the model or the engine refuses are collected in `failed`. */
export async function energies(
  model: DensityModel,
  structures: readonly LabelledStructure[],
  options: EnergyOptions,
): Promise<{ energies: StructureEnergy[]; failed: Failed[] }> {
  const { onOrbitals } = options;
  const level = options.level ?? onBuiltinEngine(model.level);
  const work: Work<EnergyTask, LabelledStructure & Prediction>[] = [];
  const failures: Failed[] = [];
  for (const labelled of structures) {
    try {
      const prediction = await model.predict(labelled.structure, options);
      const { density } = prediction;
      work.push({
        context: { ...labelled, ...prediction },
        input: () => ({ level, density, response: options.response, orbitals: onOrbitals !== undefined }),
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      failures.push(failed(labelled, error));
    }
    await checkpoint(options, { stage: "densities", done: work.length + failures.length, total: structures.length });
  }
  const found: StructureEnergy[] = [];
  await forEachStructure(
    "energy",
    work,
    async ({ state, ...result }, { electrons: _electrons, unmended: _unmended, ...predicted }) => {
      const energy = { ...predicted, result };
      found.push(energy);
      if (state) await onOrbitals?.(energy, state);
    },
    { ...options, stage: "energies", onFailure: (error, labelled) => failures.push(failed(labelled, error)) },
  );
  return { energies: found.toSorted(compareOrigins), failed: failures.toSorted(compareOrigins) };
}
