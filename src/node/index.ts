/**
 * What a machine adds to the library: files, datasets, basis sets and models by name, threads, OpenBLAS, libxc.
 *
 * @module brine/node
 */

// Files and datasets
export { readBytes, readText, writeAtomically } from "./files.js";
export type { SaltedInput } from "../io/salted-input.js";
export { writeReport } from "./report-file.js";
export { openSaltedDirectory, type SaltedDirectory } from "./salted-directory.js";
export { type OpenOptions, openDataset } from "./sqlite-dataset.js";
export { type TrainingFiles, trainingFiles } from "./training-files.js";

// What comes with the package
export { basisByName, modelPath, packageLibrary, structuresPath } from "./library.js";

// What the machine offers
export { createCp2kEngine } from "./cp2k-engine.js";
export { type EngineName, engineNames, machineEngines, onEngine } from "./engines.js";
export { type LibxcVersion, libxcFunctionals, libxcVersion } from "./libxc.js";
export { useNodeMachine } from "./machine.js";
export { functionMemoryFor } from "./memory.js";
export { type BackendChoice, chooseBackend } from "./openblas.js";
export { cp2kVersion, pyscfVersion } from "./programs.js";
export { createPyscfEngine } from "./pyscf-engine.js";
export { machineFiles } from "./scratch-files.js";

// Threads
export { workerPool } from "./pool.js";
export { workerTeam } from "./team.js";
