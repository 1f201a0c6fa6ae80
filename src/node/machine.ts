/** All that a thread of Node.js on this machine has beyond JavaScript, in one call. */
import { useMachine } from "../machine.js";
import { machineEngines } from "./engines.js";
import { libxcFunctionals } from "./libxc.js";
import { functionMemoryFor } from "./memory.js";
import { chooseBackend, type BackendChoice } from "./openblas.js";
import { machineFiles } from "./scratch-files.js";

/**
 * OpenBLAS and libxc where they are there, PySCF and CP2K as engines, scratch files, and the part of the memory that is for
 * each of `workers` threads like this one (1). Throws `usage` or `unsupported` for a BRINE_BLAS that cannot be had.
 */
export async function useNodeMachine(workers = 1): Promise<BackendChoice> {
  useMachine({
    functionals: libxcFunctionals(),
    engines: machineEngines,
    scratchFiles: machineFiles,
    functionMemory: functionMemoryFor(workers),
  });
  return chooseBackend();
}
