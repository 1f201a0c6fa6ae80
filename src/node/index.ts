/** What a machine adds to the library: files, datasets, basis sets and models by name, threads, OpenBLAS, libxc. */
export { onEngine, useMachineEngines } from "./engines.js";
export { basisByName, modelPath, packageLibrary } from "./library.js";
export { readBytes, readText, writeAtomically } from "./files.js";
export { useLibxc } from "./libxc.js";
export { chooseBackend } from "./openblas.js";
export { workerPool } from "./pool.js";
export { workerTeam } from "./team.js";
export { createCp2kEngine } from "./cp2k-engine.js";
export { createPyscfEngine } from "./pyscf-engine.js";
export { openDataset } from "./sqlite-dataset.js";
