/** What a worker can be asked to do: one structure at a time, plain data in, plain data out. */
import type { Reference } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { demand } from "../engine/capabilities.js";
import type { Engine, GroundState, OneShotEnergy } from "../engine/engine.js";
import { engineKeeper, type EngineKeeper } from "../engine/engine-keeper.js";
import { onBuiltinEngine } from "../engine/engines.js";
import type { BuiltinOptions } from "../engine/kohn-sham-engine.js";
import { BrineError } from "../errors.js";
import { closedShell, realDensity } from "../kohn-sham/state.js";
import type { LevelOfTheory } from "../level.js";
import { type ModelHandle, modelReader } from "../model/file/shared-model.js";
import type { DensityModel, Prediction } from "../model/prediction/density-model.js";
import { trainingTasks } from "../model/problem/training-tasks.js";
import { type DensityOrbitals, orbitalsOfDensity } from "../molecule/orbitals-of-density.js";
import { type Pool, type RunOptions, sequentialPool, type TaskTable } from "../run.js";
import type { Structure } from "../structure/structure.js";
import { evaluatePrediction, type PredictionErrors } from "./evaluate-prediction.js";
import type { EvaluateOptions } from "./evaluate-structure.js";
import type { ConvergedReference } from "./kept-orbitals.js";

export interface ScfTask {
  readonly level: LevelOfTheory;
  readonly structure: Structure;
  readonly settings?: BuiltinOptions;
  readonly forces: boolean;
}

/** A ground state, with −dE/dR [atoms, 3] in hartree/bohr where asked for. */
export type ScfOutcome = GroundState & {
  /** −dE/dR, [atoms, 3], hartree/bohr. */
  readonly forces?: Float64Array;
};

export interface ReferenceTask {
  readonly level: LevelOfTheory;
  readonly structure: Structure;
  readonly settings?: BuiltinOptions;
  readonly keepOrbitals: boolean;
  /** The SCF starts from what this model predicts, instead of superposed atoms. */
  readonly guess?: ModelHandle;
  /** A ground state of the structure that is there already: then only the fit is done. */
  readonly converged?: ConvergedReference;
}

/** A density to be predicted, and what else is wanted. */
export interface PredictTask {
  /** What predicts. */
  readonly model: ModelHandle;
  /** What is predicted. */
  readonly structure: Structure;
  /** What is wanted beside the density, which needs a diagonalisation at this level. */
  readonly diagonalise?: {
    /** Of the diagonalisation. */
    readonly level: LevelOfTheory;
    /** The response-improved density. */
    readonly improved: boolean;
    /** Orbitals, after a second diagonalisation with the improved density where `response` says so. */
    readonly orbitals: boolean;
    /** Whether orbitals are of the improved density. */
    readonly response: boolean;
  };
}

/** What the prediction of one structure gave. */
export interface Predicted {
  /** The density as the model has it. */
  readonly prediction: Prediction;
  /** The response-improved density, where it was asked for. */
  readonly improved?: AtomCentredDensity;
  /** Orbitals of the Hamiltonian of the density, where they were asked for. */
  readonly orbitals?: DensityOrbitals;
  /** Wall time. */
  readonly seconds: number;
}

export interface EnergyTask {
  readonly model: ModelHandle;
  readonly structure: Structure;
  readonly level: LevelOfTheory;
  readonly response: boolean;
  /** Orbitals to hand out: of the diagonalisation, or of a second one with the improved density where there is one. */
  readonly orbitals: "none" | "one-shot" | "improved";
}

/** What one diagonalisation of a predicted density gave. */
export interface EnergyOutcome extends Pick<Prediction, "density" | "uncertainty"> {
  /** Energies and what goes with them. */
  readonly result: OneShotEnergy;
  /** Of a second diagonalisation, with the improved density, where they were asked for. */
  readonly improvedOrbitals?: DensityOrbitals;
}

export interface EvaluateTask extends Pick<EvaluateOptions, "energies" | "response"> {
  readonly model: ModelHandle;
  readonly reference: Reference;
}

/** The tasks, with the engine and the model that they keep between calls; one set a thread. */
export function createTasks() {
  const engines = engineKeeper();
  const modelOf = modelReader();
  return {
    scf: (task: ScfTask, options: RunOptions) => scf(engines, task, options),
    reference: (task: ReferenceTask, options: RunOptions) => reference(engines, modelOf, task, options),
    predict: (task: PredictTask, options: RunOptions) => predict(engines, modelOf(task.model), task, options),
    energy: (task: EnergyTask, options: RunOptions) => energy(engines, modelOf(task.model), task, options),
    evaluate: (task: EvaluateTask, options: RunOptions) => evaluate(engines, modelOf(task.model), task, options),
    ...trainingTasks,
  } satisfies TaskTable;
}

type Tasks = ReturnType<typeof createTasks>;

/** Names of the tasks. */
export type TaskName = keyof Tasks;
export type InputOf<Name extends TaskName> = Parameters<Tasks[Name]>[0];
export type OutputOf<Name extends TaskName> = Awaited<ReturnType<Tasks[Name]>>;

/** A pool of this thread alone. */
export function localPool(): Pool {
  return sequentialPool(createTasks());
}

function scf(engines: EngineKeeper, task: ScfTask, options: RunOptions): Promise<ScfOutcome> {
  const { level, structure, settings, forces } = task;
  return engines.on(level, settings, async (engine) => {
    if (forces) demand(engine, "gradient", structure); // before its SCF
    const state = await engine.groundState(structure, options);
    if (!forces) return state;
    const gradient = await engine.gradient(state, options);
    return { ...state, forces: gradient.map((x) => -x) };
  });
}

async function reference(
  engines: EngineKeeper,
  modelOf: (handle: ModelHandle) => DensityModel,
  { level, structure, keepOrbitals, settings, guess, converged }: ReferenceTask,
  options: RunOptions,
): Promise<Reference> {
  if (converged) return refit(engines, { ...converged, structure }, level, keepOrbitals, options);
  const start = performance.now();
  const density = guess && (await modelOf(guess).predict(structure, options)).density;
  return engines.on(level, settings, async (engine) => {
    const state = await engine.groundState(structure, { ...options, ...(density ? { guess: density } : {}) });
    const fit = await engine.fit(state, options);
    return {
      structure,
      level,
      energy: state.energy,
      components: state.components,
      ...(state.dipole ? { dipole: state.dipole } : {}),
      density: fit.density,
      fit: fit.quality,
      ...(fit.spinCoefficients ? { spinCoefficients: fit.spinCoefficients } : {}),
      ...(state.spinSquared === undefined ? {} : { spinSquared: state.spinSquared }),
      ...(keepOrbitals ? { densityMatrix: realDensity(state.state) } : {}),
      iterations: state.iterations,
      seconds: (performance.now() - start) / 1000,
    };
  });
}

/** `converged` with its density on the auxiliary basis of `level`; its numerics stay, which are those of the energy. */
async function refit(
  engines: EngineKeeper,
  converged: ConvergedReference,
  level: LevelOfTheory,
  keepOrbitals: boolean,
  options: RunOptions,
): Promise<Reference> {
  const start = performance.now();
  const { densityMatrix, numerics, ...rest } = { ...converged, numerics: converged.level.numerics };
  const { density, quality } = await engines.on(onBuiltinEngine({ ...level, numerics }), undefined, (engine) =>
    engine.fit({ structure: converged.structure, state: closedShell(densityMatrix) }, options),
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

async function predict(
  engines: EngineKeeper,
  model: DensityModel,
  { structure, diagonalise }: PredictTask,
  options: RunOptions,
): Promise<Predicted> {
  const start = performance.now();
  const prediction = await model.predict(structure, options);
  const seconds = (performance.now() - start) / 1000;
  if (!diagonalise) return { prediction, seconds };
  const { level, response } = diagonalise;
  const { density } = prediction;
  const improved = diagonalise.improved
    ? await engines.on(level, undefined, (engine) => improve(engine, density, options))
    : undefined;
  const orbitals = diagonalise.orbitals
    ? await orbitalsOfDensity(level, density, { ...options, improve: response })
    : undefined;
  return {
    prediction,
    ...(improved ? { improved } : {}),
    ...(orbitals ? { orbitals } : {}),
    seconds: (performance.now() - start) / 1000,
  };
}

async function energy(
  engines: EngineKeeper,
  model: DensityModel,
  { structure, level, response, orbitals }: EnergyTask,
  options: RunOptions,
): Promise<EnergyOutcome> {
  const { density, uncertainty } = await model.predict(structure, options);
  const result = await engines.on(level, undefined, (engine) =>
    engine.oneShot(density, { ...options, response, orbitals: orbitals !== "none" }),
  );
  const improvedOrbitals =
    result.improved && orbitals === "improved" ? await orbitalsOfDensity(level, density, options) : undefined;
  return {
    density,
    result,
    ...(improvedOrbitals ? { improvedOrbitals } : {}),
    ...(uncertainty ? { uncertainty } : {}),
  };
}

/** Throws `unsupported` where there is no such density: it comes from the response of molecules. */
async function improve(engine: Engine, density: AtomCentredDensity, options: RunOptions): Promise<AtomCentredDensity> {
  const { improved } = await engine.oneShot(density, options);
  if (improved) return improved;
  throw new BrineError("unsupported", "there is no response-improved density of a periodic structure");
}

function evaluate(
  engines: EngineKeeper,
  model: DensityModel,
  { reference: known, energies, response }: EvaluateTask,
  options: RunOptions,
): Promise<PredictionErrors> {
  return engines.on(onBuiltinEngine(known.level), undefined, (engine) =>
    evaluatePrediction(engine, model, known, { ...options, energies, response }),
  );
}
