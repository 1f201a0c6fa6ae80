/** What a worker can be asked to do: one structure at a time, plain data in, plain data out. */
import type { Reference } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import type { BuiltinOptions } from "../engine/kohn-sham-engine.js";
import { demand } from "../engine/capabilities.js";
import type { Engine, GroundState, OneShotEnergy } from "../engine/engine.js";
import { createEngine, onBuiltinEngine } from "../engine/engines.js";
import { closedShell, realDensity } from "../kohn-sham/state.js";
import type { LevelOfTheory } from "../level.js";
import { trainingTasks } from "../model/problem/training-tasks.js";
import { type DensityOrbitals, orbitalsOfDensity } from "../molecule/orbitals-of-density.js";
import type { RunOptions, TaskTable } from "../run.js";
import type { Structure } from "../structure/structure.js";
import type { ConvergedReference } from "./kept-orbitals.js";
import { evaluateStructure, type EnergyScope, type StructureErrors } from "./evaluate-structure.js";

export interface ScfTask {
  readonly level: LevelOfTheory;
  readonly structure: Structure;
  readonly settings?: BuiltinOptions;
}

export interface ScfWithForcesTask extends ScfTask {
  readonly forces: boolean;
}

/** A ground state, with −dE/dR [atoms, 3] in hartree/bohr where asked for. */
export type ScfOutcome = GroundState & { readonly forces?: Float64Array };

export interface ReferenceTask extends ScfTask {
  /** Where the SCF starts, instead of superposed atoms. */
  readonly guess?: AtomCentredDensity;
  readonly keepOrbitals: boolean;
  /** The same ground state with another fit: then only the fit is done. */
  readonly converged?: ConvergedReference;
}

export interface EnergyTask {
  readonly level: LevelOfTheory;
  readonly density: AtomCentredDensity;
  readonly response: boolean;
  readonly orbitals: boolean;
}

export interface OrbitalsTask {
  readonly level: LevelOfTheory;
  readonly density: AtomCentredDensity;
  /** Whether to diagonalise a second time, with the density that linear response gives. */
  readonly improve: boolean;
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
async function engineOf(level: LevelOfTheory, settings: BuiltinOptions = {}): Promise<Engine> {
  const key = JSON.stringify([level, settings]);
  if (!engine || key !== engineKey) {
    await engine?.close();
    engine = createEngine(level, settings);
    engineKey = key;
  }
  return engine;
}

async function scf(
  { level, structure, settings, forces }: ScfWithForcesTask,
  options: RunOptions,
): Promise<ScfOutcome> {
  const solver = await engineOf(level, settings);
  if (forces) demand(solver, "gradient", structure); // before its SCF
  const state = await solver.groundState(structure, options);
  if (!forces) return state;
  const gradient = await solver.gradient(state, options);
  return { ...state, forces: gradient.map((x) => -x) };
}

async function reference(
  { level, structure, keepOrbitals, settings, guess, converged }: ReferenceTask,
  options: RunOptions,
): Promise<Reference> {
  if (converged) return refit({ ...converged, structure }, level, keepOrbitals, options);
  const start = performance.now();
  const solver = await engineOf(level, settings);
  const state = await solver.groundState(structure, { ...options, ...(guess ? { guess } : {}) });
  const { density, quality, spinCoefficients } = await solver.fit(state, options);
  return {
    structure,
    level,
    energy: state.energy,
    components: state.components,
    ...(state.dipole ? { dipole: state.dipole } : {}),
    density,
    fit: quality,
    ...(spinCoefficients ? { spinCoefficients } : {}),
    ...(state.spinSquared === undefined ? {} : { spinSquared: state.spinSquared }),
    ...(keepOrbitals ? { densityMatrix: realDensity(state.state) } : {}),
    iterations: state.iterations,
    seconds: (performance.now() - start) / 1000,
  };
}

/** `converged` with its density on the auxiliary basis of `level`; its numerics stay, which are those of the energy. */
async function refit(
  converged: ConvergedReference,
  level: LevelOfTheory,
  keepOrbitals: boolean,
  options: RunOptions,
): Promise<Reference> {
  const start = performance.now();
  const { densityMatrix, numerics, ...rest } = { ...converged, numerics: converged.level.numerics };
  const solver = await engineOf(onBuiltinEngine({ ...level, numerics }));
  const { density, quality } = await solver.fit(
    { structure: converged.structure, state: closedShell(densityMatrix) },
    options,
  );
  return {
    ...rest,
    level: { ...level, numerics },
    density,
    fit: quality,
    ...(keepOrbitals ? { densityMatrix } : {}),
    seconds: (performance.now() - start) / 1000,
  };
}

async function energy(task: EnergyTask, options: RunOptions): Promise<OneShotEnergy> {
  const { level, density, response, orbitals } = task;
  const solver = await engineOf(level);
  return solver.oneShot(density, { ...options, response, orbitals });
}

async function orbitals({ level, density, improve }: OrbitalsTask, options: RunOptions): Promise<DensityOrbitals> {
  return orbitalsOfDensity(level, density, { ...options, improve });
}

async function evaluate(task: EvaluateTask, options: RunOptions): Promise<StructureErrors> {
  const { predicted, energies, response } = task;
  const solver = await engineOf(onBuiltinEngine(task.reference.level));
  return evaluateStructure(solver, predicted, task.reference, { ...options, energies, response });
}

export const tasks = { scf, reference, energy, orbitals, evaluate, ...trainingTasks } satisfies TaskTable;

type Tasks = typeof tasks;

/** Names of the tasks. */
export type TaskName = keyof Tasks;
export type InputOf<Name extends TaskName> = Parameters<Tasks[Name]>[0];
export type OutputOf<Name extends TaskName> = Awaited<ReturnType<Tasks[Name]>>;
