/** `brine doctor`: what this machine offers, and what of it is used. */
import { availableParallelism, freemem, totalmem } from "node:os";
import type { Command } from "commander";
import { libxcVersion } from "../node/libxc.js";
import { chooseBackend } from "../node/openblas.js";
import { packageVersion } from "../node/package-files.js";
import { cp2kVersion, pyscfVersion, sharedLibrary } from "../node/programs.js";
import type { Frame } from "./frame.js";
import { listing } from "./table.js";

export function register(command: Command, frame: Frame): void {
  command.action(
    frame.action(async ({ print }) => {
      const found = await examine();
      print(found, () => describe(found));
    }),
  );
}

type Findings = Awaited<ReturnType<typeof examine>>;

async function examine() {
  const libxc = libxcVersion();
  const [backend, openblas, pyscf, cp2k] = await Promise.all([
    chooseBackend(),
    sharedLibrary("libopenblas"),
    pyscfVersion(),
    cp2kVersion(),
  ]);
  return {
    brine: packageVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    threads: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    backend: backend.name,
    backendDetail: backend.detail,
    openblas: openblas ?? null,
    libxc: libxc ? `${libxc.version} (${libxc.file})` : null,
    pyscf: pyscf ?? null,
    cp2k: cp2k ?? null,
  };
}

function describe(found: Findings): string {
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  const optional = (what: string | null, use: string): string => (what === null ? `not found; ${use}` : what);
  return listing([
    ["brine", found.brine],
    ["node", `${found.node} on ${found.platform}`],
    ["threads", `${found.threads}`],
    ["memory", `${gigabytes(found.memoryBytes)}, ${gigabytes(found.freeMemoryBytes)} free`],
    ["linear algebra", `${found.backend}: ${found.backendDetail}`],
    ["OpenBLAS", optional(found.openblas, "brine's own WebAssembly does its work")],
    [
      "libxc",
      found.libxc === null
        ? "not found; the built-in functionals do without"
        : `${found.libxc}, for functionals by its names: --level gga_x_b88+gga_c_p86/def2-svp`,
    ],
    ["PySCF", optional(found.pyscf, "only --engine pyscf needs it")],
    ["CP2K", optional(found.cp2k, "only --engine cp2k needs it")],
  ]);
}
