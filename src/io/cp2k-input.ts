/**
 * The input of a CP2K calculation that is the same as one of brine: Gaussians and plane waves, restricted, Γ point,
 * diagonalisation with DIIS from atomic densities. Lengths are in bohr, so that the two programs' values of the
 * ångström do not matter. The keywords are those of CP2K's input reference (https://manual.cp2k.org).
 */
import { BrineError } from "../errors.js";
import type { LevelOfTheory } from "../level.js";
import { latticeVectors } from "../structure/cell.js";
import { elementSymbol } from "../structure/elements.js";
import { speciesOf, type Structure } from "../structure/structure.js";
import { fortranNumber } from "./cp2k-entries.js";

export interface Cp2kInput {
  /** Begins the names of the files that CP2K writes. */
  readonly project: string;
  readonly basisFile: string;
  readonly potentialFile: string;
  /** What both files call their entries; `GTH` must begin that of the potentials. */
  readonly basisEntry: string;
  readonly potentialEntry: string;
  /** hartree */
  readonly planewaveCutoff: number;
  /** EPS_SCF: largest element of the DIIS error. */
  readonly convergence: number;
  readonly maxIterations: number;
}

/** Products of exponent p are on a grid of at least 60 p Ry, as brine's ladder of grids has it. */
const RELATIVE_CUTOFF_RY = 60;

/** Throws `input` without a periodic cell and `unsupported` for a functional that CP2K has under no name known here. */
export function writeCp2kInput(level: LevelOfTheory, structure: Structure, input: Cp2kInput): string {
  const cell = latticeVectors(structure);
  const { positions } = structure;
  const vector = (data: Float64Array, row: number): string =>
    Array.from(data.subarray(3 * row, 3 * row + 3), fortranNumber).join(" ");
  const kinds = speciesOf([structure]).map((z) =>
    section(`KIND ${elementSymbol(z)}`, [
      `ELEMENT ${elementSymbol(z)}`,
      `BASIS_SET ${input.basisEntry}`,
      `POTENTIAL ${input.potentialEntry}`,
    ]),
  );
  const dft = section("DFT", [
    `BASIS_SET_FILE_NAME ${input.basisFile}`,
    `POTENTIAL_FILE_NAME ${input.potentialFile}`,
    `CHARGE ${structure.charge}`,
    ...section("MGRID", [`CUTOFF ${fortranNumber(2 * input.planewaveCutoff)}`, `REL_CUTOFF ${RELATIVE_CUTOFF_RY}`]),
    ...section("QS", ["METHOD GPW", "EPS_DEFAULT 1.0E-12"]),
    ...section("POISSON", ["PERIODIC XYZ", "POISSON_SOLVER PERIODIC"]),
    ...section("SCF", [
      "SCF_GUESS ATOMIC",
      `MAX_SCF ${input.maxIterations}`,
      `EPS_SCF ${fortranNumber(input.convergence)}`,
      "EPS_DIIS 1.0",
      "MAX_DIIS 7",
      "ADDED_MOS -1",
      ...section("DIAGONALIZATION", ["ALGORITHM STANDARD"]),
      ...section("PRINT", [...section("RESTART", ["BACKUP_COPIES 0"]), ...section("RESTART_HISTORY OFF", [])]),
    ]),
    ...section("XC", functionalSection(level.functional)),
  ]);
  const subsystem = section("SUBSYS", [
    ...section("CELL", [...["A", "B", "C"].map((name, row) => `${name} [bohr] ${vector(cell, row)}`), "PERIODIC XYZ"]),
    ...section("COORD", [
      "UNIT BOHR",
      ...Array.from(structure.species, (z, atom) => `${elementSymbol(z)} ${vector(positions, atom)}`),
    ]),
    ...kinds.flat(),
  ]);
  return [
    ...section("GLOBAL", [`PROJECT ${input.project}`, "RUN_TYPE ENERGY", "PRINT_LEVEL LOW"]),
    ...section("FORCE_EVAL", ["METHOD QUICKSTEP", ...dft, ...subsystem]),
    "",
  ].join("\n");
}

function section(head: string, lines: readonly string[]): string[] {
  return [`&${head}`, ...lines.map((line) => `  ${line}`), `&END ${head.split(" ")[0]}`];
}

/** Names of libxc; `pbe-cp2k` is CP2K's own PBE. */
const FUNCTIONALS: Readonly<Record<string, readonly string[]>> = {
  pbe: ["GGA_X_PBE", "GGA_C_PBE"],
  lda: ["LDA_X", "LDA_C_PW"],
  svwn5: ["LDA_X", "LDA_C_VWN"],
  blyp: ["GGA_X_B88", "GGA_C_LYP"],
};

function functionalSection(functional: string): string[] {
  if (functional === "pbe-cp2k") return section("XC_FUNCTIONAL PBE", []);
  const names = FUNCTIONALS[functional] ?? namesOfLibxc(functional);
  return section(
    "XC_FUNCTIONAL",
    names.flatMap((name) => section(name, [])),
  );
}

function namesOfLibxc(functional: string): string[] {
  const names = functional.split("+").map((name) => name.trim().replace(/^xc_/, "").toUpperCase());
  if (names.every((name) => /^(LDA|GGA)_[A-Z0-9_]+$/.test(name))) return names;
  throw new BrineError(
    "unsupported",
    `the engine cp2k has no functional ${functional}; there are pbe, pbe-cp2k, ${Object.keys(FUNCTIONALS).slice(1).join(", ")} and the LDA and GGA of libxc by its names`,
  );
}
