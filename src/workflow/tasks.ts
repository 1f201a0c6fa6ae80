/** What a worker can be asked to do: one structure at a time, plain data in, plain data out. */
import type { Reference } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { createBuiltinEngine } from "../engine/builtin.js";
import type { Engine, GroundState, OneShotEnergy } from "../engine/engine.js";
import type { LevelOfTheory } from "../level.js";
import type { RunOptions, TaskTable } from "../run.js";
import type { Structure } from "../structure/structure.js";
import { evaluateStructure, type EnergyScope, type StructureErrors } from "./evaluate-structure.js";

export interface ScfTask {
  readonly level: LevelOfTheory;
  readonly structure: Structure;
  readonly maxIterations?: number;
}

export interface ReferenceTask extends ScfTask {
  readonly keepOrbitals: boolean;
}

export interface EnergyTask {
  readonly level: LevelOfTheory;
  readonly density: AtomCentredDensity;
  readonly response: boolean;
}

export interface EvaluateTask {
  readonly predicted: AtomCentredDensity;
  readonly reference: Reference;
  readonly energies: EnergyScope;
  readonly response: boolean;
}

let engine: Engine | undefined;
let engineKey = "";

/** The engine of this thread, kept as long as the level stays the same (it caches atoms and the last system). */
function engineOf(level: LevelOfTheory, maxIterations?: number): Engine {
  const key = JSON.stringify([level, maxIterations]);
  if (!engine || key !== engineKey) {
    engine = createBuiltinEngine(level, maxIterations === undefined ? {} : { maxIterations });
    engineKey = key;
  }
  return engine;
}

async function scf({ level, structure, maxIterations }: ScfTask, options: RunOptions): Promise<GroundState> {
  return engineOf(level, maxIterations).groundState(structure, options);
}

async function reference({ level, structure, keepOrbitals, maxIterations }: ReferenceTask, options: RunOptions): Promise<Reference> {
  const start = performance.now();
  const solver = engineOf(level, maxIterations);
  const state = await solver.groundState(structure, options);
  const { density, quality } = await solver.fit(state, options);
  return {
    structure,
    level,
    energy: state.energy,
    components: state.components,
    dipole: state.dipole,
    density,
    fit: quality,
    ...(keepOrbitals ? { densityMatrix: state.densityMatrix } : {}),
    iterations: state.iterations,
    seconds: (performance.now() - start) / 1000,
  };
}

async function energy({ level, density, response }: EnergyTask, options: RunOptions): Promise<OneShotEnergy> {
  return engineOf(level).oneShot(density, { ...options, response });
}

async function evaluate(task: EvaluateTask, options: RunOptions): Promise<StructureErrors> {
  const { predicted, energies, response } = task;
  return evaluateStructure(engineOf(task.reference.level), predicted, task.reference, { ...options, energies, response });
}

export const tasks = { scf, reference, energy, evaluate } satisfies TaskTable;
