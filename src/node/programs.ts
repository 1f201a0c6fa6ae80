/** What else this machine has: other programs and native libraries that brine can use. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findCp2k } from "./cp2k-process.js";
import { pythonCandidates } from "./python.js";

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;

/** The first line that a program prints; undefined when it is not there or fails. */
async function firstLine(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, args, { timeout: TIMEOUT_MS });
    return stdout
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line !== "");
  } catch {
    return undefined;
  }
}

/** Version of PySCF in the Python that its engine would use. */
export async function pyscfVersion(): Promise<string | undefined> {
  for (const python of pythonCandidates()) {
    const version = await firstLine(python, ["-c", "import pyscf; print(pyscf.__version__)"]);
    if (version) return version;
  }
  return undefined;
}

/** Program and version of the CP2K that its engine would use. */
export async function cp2kVersion(): Promise<string | undefined> {
  try {
    const { program, version } = await findCp2k();
    return `${version} (${program})`;
  } catch {
    return undefined;
  }
}

/** Where the dynamic linker finds a shared library (Linux). */
export async function sharedLibrary(name: string): Promise<string | undefined> {
  try {
    const { stdout } = await run("ldconfig", ["-p"], { timeout: TIMEOUT_MS });
    return stdout
      .split("\n")
      .find((line) => line.trim().startsWith(`${name}.so`))
      ?.split("=>")[1]
      ?.trim();
  } catch {
    return undefined;
  }
}
