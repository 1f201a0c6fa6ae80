/** Whether BRINE_PYTHON names a Python with PySCF, and BRINE_CP2K a CP2K: `npm run test:peers` sets them. */
import { spawnSync } from "node:child_process";

export const python = process.env["BRINE_PYTHON"];
export const pyscfAvailable = python !== undefined && spawnSync(python, ["-c", "import pyscf"]).status === 0;

const cp2k = process.env["BRINE_CP2K"];
export const cp2kAvailable = cp2k !== undefined && spawnSync(cp2k, ["--version"]).status === 0;
