/** What CP2K prints about a Quickstep calculation: energies, the steps of its SCF, and why it stopped. */
import { BrineError } from "../errors.js";

/** hartree; the parts add up to the energy. */
export interface Cp2kEnergies {
  readonly energy: number;
  readonly coreHamiltonian: number;
  readonly hartree: number;
  readonly exchangeCorrelation: number;
  readonly coreOverlap: number;
  readonly coreSelf: number;
}

export interface Cp2kStep {
  readonly step: number;
  /** Wall time, seconds. */
  readonly seconds: number;
  readonly convergence: number;
  /** hartree */
  readonly energy: number;
}

const LINES: Readonly<Record<keyof Cp2kEnergies, string>> = {
  energy: "Total energy:",
  coreHamiltonian: "Core Hamiltonian energy:",
  hartree: "Hartree energy:",
  exchangeCorrelation: "Exchange-correlation energy:",
  coreOverlap: "Overlap energy of the core charge distribution:",
  coreSelf: "Self energy of the core charge distribution:",
};

/** The last energies of the output. Throws `corrupt` when one is not there. */
export function readCp2kEnergies(output: string): Cp2kEnergies {
  const value = (name: string): number => {
    const at = output.lastIndexOf(name);
    const number = at < 0 ? Number.NaN : Number.parseFloat(output.slice(at + name.length));
    if (!Number.isFinite(number)) throw new BrineError("corrupt", `the output of CP2K has no number after "${name}"`);
    return number;
  };
  return Object.fromEntries(Object.entries(LINES).map(([key, name]) => [key, value(name)])) as Record<
    keyof Cp2kEnergies,
    number
  >;
}

/** The step of the SCF that a line tells of; undefined for other lines. */
export function cp2kStep(line: string): Cp2kStep | undefined {
  const words = /^\s+(\d+)\s+\S+\/Diag\.?\s+\S+\s+([\d.]+)\s+([\d.E+-]+)\s+(-?[\d.]+)\s+\S+\s*$/
    .exec(line)
    ?.slice(1)
    .map(Number);
  if (!words) return undefined;
  const [step, seconds, convergence, energy] = words;
  return { step, seconds, convergence, energy };
}

/** True when CP2K says that its SCF did not converge, whatever it did then. */
export function cp2kNotConverged(output: string): boolean {
  return /SCF run NOT converged/i.test(output);
}

/** What CP2K says where it gave up; else the last lines that are not empty. One line. */
export function cp2kReason(output: string, errors: string): string {
  const said = messageOfAbort(output);
  if (said !== "") return said;
  const lines = (text: string): string[] => text.split("\n").flatMap((line) => line.trim() || []);
  return [...lines(output).slice(-3), ...lines(errors).slice(-3)].join(" | ");
}

/** The words of the box that CP2K draws around the reason of an abort: they begin right of the drawing. */
function messageOfAbort(output: string): string {
  const lines = output.split("\n");
  const first = lines.findIndex((line) => line.startsWith(" * [ABORT]"));
  if (first < 0) return "";
  const box = lines.slice(first + 1, first + 40);
  const end = box.findIndex((line) => line.startsWith(" *****"));
  return box
    .slice(0, Math.max(0, end))
    .map((line) => line.slice(9, -1).trim())
    .filter((line) => line !== "")
    .join(" ");
}
