/** The library: everything that needs JavaScript and WebAssembly only. What touches the machine is in `brine/node`. */
export { type Basis, type PlacedBasis, type Shell, placeBasis } from "./basis/basis.js";
export { evenTempered } from "./basis/even-tempered.js";
export type { GthPotential, GthProjectors, Pseudopotentials } from "./basis/pseudopotential.js";
export { uncontracted } from "./basis/uncontracted.js";
export { memoryDataset } from "./dataset/memory-dataset.js";
export type { Dataset, DatasetRecord, EnergyComponents, Failure, FitQuality, Reference } from "./dataset/record.js";
export type { AtomCentredDensity } from "./density/atom-centred.js";
export { type CubeShape, cubeGrid, sampleDensity, sampleDensityMatrix } from "./density/cube-grid.js";
export { densityErrors, type DensityErrors } from "./density/errors.js";
export { densityAt, electrostaticPotentialAt } from "./density/evaluate.js";
export { type Moments, moments } from "./density/observables.js";
export { createBuiltinEngine } from "./engine/kohn-sham-engine.js";
export type { Engine, GroundState, OneShotEnergy, OneShotOptions, OrbitalState } from "./engine/engine.js";
export { createEngine, type EngineFactory, useEngine } from "./engine/engines.js";
export { buildLevel, type LevelChoice } from "./engine/level.js";
export { basisFrom, type Library, levelByName, type NamedLevel, textLibrary } from "./engine/named-level.js";
export { BrineError, type ErrorTag, isBrineError } from "./errors.js";
export { type Functional, type FunctionalProvider, useFunctionalProvider } from "./functional/functional.js";
export { readBasisSet } from "./io/basis-set.js";
export { type CubeGrid, readCube, writeCube } from "./io/cube.js";
export { readExtxyz, writeExtxyz } from "./io/extxyz.js";
export { type Fchk, readFchk } from "./io/fchk.js";
export { readGthPotentials } from "./io/gth-potential.js";
export { type Molden, type Orbital, readMolden, writeMolden } from "./io/molden.js";
export { type LevelOfTheory, levelName, type MetricName, type Numerics } from "./level.js";
export type { Backend } from "./math/backend.js";
export { useBackend } from "./math/backend-in-use.js";
export type { Matrix } from "./math/matrix.js";
export type { DensityModel, Prediction } from "./model/prediction/density-model.js";
export { loadModel, saveModel } from "./model/file/model-file.js";
export { type PartialTrainSettings, type TrainSettings, trainSettings } from "./model/settings.js";
export type { TrainSummary } from "./model/summary.js";
export { train } from "./model/training/train.js";
export type { TrainingReference } from "./model/training/training-set.js";
export {
  type Channel,
  type Electrons,
  type Orbitals,
  type PerChannel,
  type State,
  realDensity,
  spinDensity,
  totalDensity,
} from "./kohn-sham/state.js";
export { type DensityOrbitals, orbitalsOfDensity } from "./molecule/orbitals-of-density.js";
export { superposedAtoms } from "./atoms/superposed-atoms.js";
export { useTeam } from "./molecule/team-sums.js";
export { type Pool, type Progress, type RunOptions, type Team, sequentialPool } from "./run.js";
export { type Cell, type Structure, electronCount, formula } from "./structure/structure.js";
export { thermalDistortions } from "./structure/thermal-distortion.js";
export { energies } from "./workflow/energy.js";
export { learningCurve } from "./workflow/learning-curve.js";
export { computeReferences } from "./workflow/reference.js";
export { chooseRandomly, finishedReferences, type IndexedReference, without } from "./workflow/training-set.js";
export { validate } from "./workflow/validate.js";
