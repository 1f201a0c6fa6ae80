/** Whether BRINE_PYTHON names a Python with PySCF: `npm run test:peers` sets it. */
import { spawnSync } from "node:child_process";

export const python = process.env["BRINE_PYTHON"];
export const pyscfAvailable = python !== undefined && spawnSync(python, ["-c", "import pyscf"]).status === 0;
