/**
 * The library: everything that needs JavaScript and WebAssembly only. What touches the machine is in `brine/node`.
 *
 * @module brine
 */

// Errors, progress, threads
export { BrineError, type ErrorOptions, type ErrorTag, isBrineError, type SettingName } from "./errors.js";
export {
  type Pool,
  type Progress,
  type RunOptions,
  runTask,
  sequentialPool,
  type TaskTable,
  type Team,
} from "./run.js";
export type { FunctionMemory } from "./grid/kept-functions.js";
export { type Machine, useMachine } from "./machine.js";
export type { ScratchFiles } from "./model/problem/storage.js";
export { teamTasks } from "./molecule/team-tasks.js";
export { createTasks } from "./workflow/task-table.js";

// Structures
export { type Cell, electronCount, formula, type Info, type Structure } from "./structure/structure.js";
export { thermalDistortions } from "./structure/thermal-distortion.js";

// Levels of theory
export { type Basis, placeBasis, type PlacedBasis, type PlacedShell, type Shell } from "./basis/basis.js";
export { evenTempered } from "./basis/even-tempered.js";
export type { GthPotential, GthProjectors, Pseudopotentials } from "./basis/pseudopotential.js";
export { uncontracted } from "./basis/uncontracted.js";
export { buildLevel, type LevelChoice } from "./engine/level.js";
export { basisFrom, type Library, levelByName, type NamedLevel, textLibrary } from "./engine/named-level.js";
export {
  type Functional,
  type FunctionalProvider,
  type SpinPoints,
  type SpinXcOutput,
  type XcOutput,
} from "./functional/functional.js";
export { type LevelOfTheory, levelName, type MetricName, type Numerics } from "./level.js";

// Kohn–Sham
export type { Abilities, Capabilities, Extent } from "./engine/capabilities.js";
export type {
  ConvergedDensity,
  Engine,
  GroundState,
  OneShotEnergy,
  OneShotOptions,
  OrbitalState,
} from "./engine/engine.js";
export { createEngine, type EngineFactory, onBuiltinEngine } from "./engine/engines.js";
export { type BuiltinOptions, createBuiltinEngine } from "./engine/kohn-sham-engine.js";
export type { GroundStateOptions } from "./kohn-sham/ground-state.js";
export {
  type Channel,
  type Electrons,
  type Orbitals,
  type PerChannel,
  realDensity,
  type Spin,
  spinDensity,
  type State,
  totalDensity,
} from "./kohn-sham/state.js";
export type { Correction, DensityFit, Note } from "./kohn-sham/system.js";
export type { Backend, Eigensystem } from "./math/backend.js";
export type { ComplexMatrix, Hermitian } from "./math/hermitian.js";
export type { Matrix } from "./math/matrix.js";
export { superposedAtoms } from "./atoms/superposed-atoms.js";
export { type DensityOrbitals, orbitalsOfDensity } from "./molecule/orbitals-of-density.js";

// Densities
export type { AtomCentredDensity } from "./density/atom-centred.js";
export type { Averages } from "./density/averages.js";

export { type CubeShape, cubeGrid, sampleDensity, sampleDensityMatrix } from "./density/cube-grid.js";
export {
  type DensityDeviation,
  densityErrors,
  type MetricValues,
  type DensityErrors,
  type DensityErrorSums,
  type PredictedDensity,
} from "./density/errors.js";
export { densityAt, electrostaticPotentialAt } from "./density/evaluate.js";
export type { ConstrainedFit } from "./density/fit.js";
export { type Moments, moments } from "./density/observables.js";
export { densityOfOrbitals, fitDensityMatrix, type OrbitalDensity } from "./molecule/fit-density-matrix.js";
export { fitCube, structureOfCube, type ValenceLevel } from "./periodic/fit-cube.js";

// Datasets and references
export type { Duplicate } from "./dataset/codec.js";
export { label, type Labelled, type Origin } from "./dataset/label.js";
export { memoryDataset } from "./dataset/memory-dataset.js";
export type {
  Dataset,
  DatasetRecord,
  EnergyComponents,
  Failure,
  FailedRecord,
  FinishedRecord,
  FitQuality,
  FoundRecord,
  MolecularComponents,
  PeriodicComponents,
  Place,
  Reference,
} from "./dataset/record.js";
export type { Failed, LabelledStructure } from "./workflow/each-structure.js";
export { importDensities, type ImportSummary } from "./workflow/import-densities.js";
export { type ConvergedReference, type KeptOrbitals, keptOrbitals } from "./workflow/kept-orbitals.js";
export { groundStates, type ScfOptions, type StructureState } from "./workflow/scf.js";
export { computeReferences, type ReferenceOptions, type ReferenceSummary } from "./workflow/reference.js";
export { chooseRandomly, finishedReferences, type IndexedReference, without } from "./workflow/training-set.js";

// Models
export type { Environment } from "./descriptor/environment.js";
export type { DescriptorSettings, FarField, Scaling } from "./descriptor/settings.js";
export { loadModel, saveModel } from "./model/file/model-file.js";
export { type ModelHandle, type SharedModel, shareModel } from "./model/file/shared-model.js";
export type { DensityModel } from "./model/prediction/density-model.js";
export type { FeatureRecipe } from "./model/prediction/environment-features.js";
export type { CommitteeWeights, ModelContent, Prediction, Uncertainty } from "./model/prediction/model-content.js";
export {
  type FarFieldSetting,
  type PartialTrainSettings,
  type TrainSettings,
  trainSettings,
} from "./model/settings.js";
export type { PathPoint, TrainSummary } from "./model/summary.js";
export type { GradientState } from "./model/solver/conjugate-gradients.js";
export type { JournalEntry, KeptSolution, SolveJournal } from "./model/solver/solve-journal.js";
export { train, type Trained } from "./model/training/train.js";
export type { TrainOptions } from "./model/training/training-run.js";
export type { TrainingReference } from "./model/training/training-set.js";
export { energies, type EnergyOptions, type StructureEnergy } from "./workflow/energy.js";
export {
  type CurveOptions,
  type CurvePlan,
  type CurvePoint,
  learningCurve,
  type MeanCurvePoint,
  repeatedCurve,
  type RepeatedCurve,
} from "./workflow/learning-curve.js";
export { chooseStructures, type TrainingChoice, type TrainingStructures } from "./workflow/train.js";
export { predictions, type PredictOptions, type StructurePrediction } from "./workflow/predict.js";
export type { EnergyOutcome, Predicted, PredictTask, ScfOutcome } from "./workflow/tasks.js";
export type { Calibration, ExpectedError } from "./workflow/calibration.js";
export type { PredictionErrors } from "./workflow/evaluate-prediction.js";
export type { EnergyBounds, EnergyErrors, EnergyScope, StructureErrors } from "./workflow/evaluate-structure.js";
export {
  type EnergySummary,
  validate,
  type Validated,
  type ValidateOptions,
  type ValidationSummary,
  type Validation,
} from "./workflow/validate.js";

// Files
export { readBasisSet } from "./io/basis-set.js";
export { type FunctionOrder, type ImportedDensity, readCoefficients, reorder } from "./io/coefficients.js";
export { type Cube, type CubeGrid, readCube, writeCube } from "./io/cube.js";
export { readExtxyz, writeExtxyz } from "./io/extxyz.js";
export { type Fchk, readFchk } from "./io/fchk.js";
export { readGthPotentials } from "./io/gth-potential.js";
export type { Dialect } from "./io/molden-dialects.js";
export { type Molden, type Orbital, readMolden, type ReadMolden, writeMolden } from "./io/molden.js";
export type { NpyArray } from "./io/npy.js";
export { readNpz, writeNpz } from "./io/npz.js";
export { pyscfDensityMatrix, pyscfMolecule } from "./io/pyscf-guess.js";

// Reports, which `writeReport` of `brine/node` writes
export type {
  DensityErrorFigures,
  DensityView,
  EnergyErrorFigures,
  FailedStructure,
  LearningCurvePoint,
  PredictedStructure,
  Repeated,
  ReportData,
  Setting,
  Stage,
} from "./report/report-data.js";
export { curveReport } from "./workflow/curve-report.js";
export { type ValidationResult, validationReport } from "./workflow/validation-report.js";
