/**
 * CP2K as an engine for periodic levels: basis and pseudopotentials are written out from the level, the SCF is CP2K's,
 * and its orbitals come back in full precision. The fit is brine's own, of CP2K's density matrix.
 * T. D. Kühne et al., J. Chem. Phys. 152, 194103 (2020), doi:10.1063/5.0007045.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeBasis } from "../basis/basis.js";
import { checkPseudopotentials, valenceCharges, type Pseudopotentials } from "../basis/pseudopotential.js";
import { createBuiltinEngine } from "../engine/kohn-sham-engine.js";
import { closedShells, none, refusal, type Ability, type Capabilities } from "../engine/capabilities.js";
import type { Engine, GroundState } from "../engine/engine.js";
import { onBuiltinEngine } from "../engine/engines.js";
import { BrineError, isBrineError } from "../errors.js";
import { functionalByName, needsOrbitals } from "../functional/functional.js";
import { writeCp2kBasis, type Cp2kBasisFile } from "../io/cp2k-basis.js";
import { writeCp2kInput } from "../io/cp2k-input.js";
import { readCp2kOrbitals, type Cp2kOrbitals } from "../io/cp2k-orbitals.js";
import { cp2kNotConverged, cp2kReason, cp2kStep, readCp2kEnergies, type Cp2kStep } from "../io/cp2k-output.js";
import { writeGthPotentials } from "../io/gth-potential.js";
import { closedShellState } from "../kohn-sham/occupations.js";
import { gradientTolerance } from "../kohn-sham/scf.js";
import { DEFAULT_CUTOFF, DEFAULT_TOLERANCE, type LevelOfTheory } from "../level.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { valenceByAngularMomentum } from "../atoms/spherical-atom.js";
import { electronsOfCrystal } from "../periodic/prepare-periodic.js";
import type { RunOptions } from "../run.js";
import { latticeVectors } from "../structure/cell.js";
import { checkImages, latticeImages } from "../structure/lattice-images.js";
import { checkStructure, speciesOf, type Structure } from "../structure/structure.js";
import { findCp2k, runCp2k, type Cp2kProgram } from "./cp2k-process.js";
import { readBytes } from "./files.js";

const PROJECT = "brine";
const INPUT = "brine.inp";
const OUTPUT = "brine.out";
const BASIS = { file: "BASIS", entry: "BRINE" };
const POTENTIAL = { file: "POTENTIAL", entry: "GTH-BRINE" };

/** EPS_SCF as a part of what brine asks of its own gradient: another step, and the density matrix has a digit more. */
const TIGHTER = 0.1;

const isolated = none("the engine cp2k is for periodic structures; take the builtin engine for molecules");
const can: Capabilities = {
  molecules: { groundState: isolated, oneShot: isolated, gradient: isolated },
  crystals: {
    groundState: closedShells,
    oneShot: none(
      "the engine cp2k converges ground states only; energies from one diagonalisation come from the builtin engine at the same level",
    ),
    gradient: none("the engine cp2k gives no forces here"),
  },
};

/** One run of CP2K for each ground state. Throws `unsupported` for levels that it does not treat. */
export function createCp2kEngine(
  level: LevelOfTheory,
  { maxIterations = 100 }: { readonly maxIterations?: number } = {},
): Engine {
  const pseudopotentials = checkLevel(level);
  const builtin = createBuiltinEngine(onBuiltinEngine(level));
  let found: Promise<Cp2kProgram> | undefined;
  return {
    level,
    can,
    async groundState(structure, options) {
      const start = performance.now();
      const pairs = checkCell(structure, level, pseudopotentials);
      const { files, order } = cp2kFiles(level, pseudopotentials, structure, maxIterations);
      found ??= findCp2k();
      const program = await found;
      const state = await inFolder(files, (folder) => solve(program, folder, options));
      const coefficients = inBrinesOrder(state.orbitals.coefficients, level, structure, order);
      return {
        structure,
        ...state.energies,
        state: closedShellState(state.orbitals.energies, coefficients, pairs),
        iterations: state.iterations,
        seconds: (performance.now() - start) / 1000,
      };
    },
    fit: (state, options) => builtin.fit(state, options),
    gradient: async ({ structure }) => refuse("gradient", structure),
    oneShot: async ({ structure }) => refuse("oneShot", structure),
    close: () => builtin.close(),
  };
}

function refuse(ability: Ability, structure: Structure): never {
  throw new BrineError("unsupported", refusal({ can }, ability, structure) ?? "the engine cp2k does not do that");
}

function checkLevel({ pseudopotentials, functional, orbitals, smearing }: LevelOfTheory): Pseudopotentials {
  if (!pseudopotentials)
    throw new BrineError(
      "unsupported",
      `the engine cp2k is for periodic levels with pseudopotentials, and ${orbitals.name} is for all electrons; take pbe/dzvp-molopt-sr-gth`,
    );
  if (needsOrbitals(functionalByName(functional)))
    throw new BrineError("unsupported", `the engine cp2k is there for LDA and GGA only, not for ${functional}`);
  if (smearing !== undefined)
    throw new BrineError("unsupported", "the engine cp2k has no smeared occupations; use the builtin engine");
  return pseudopotentials;
}

/** Number of occupied orbitals. Throws what brine's own engine would throw for the structure. */
function checkCell(structure: Structure, { orbitals }: LevelOfTheory, pseudopotentials: Pseudopotentials): number {
  checkStructure(structure);
  checkImages(structure, latticeImages(latticeVectors(structure)));
  checkPseudopotentials(orbitals, pseudopotentials, structure.species);
  return electronsOfCrystal(structure, valenceCharges(pseudopotentials, structure)).both! / 2;
}

/** Input, basis and potentials by name, and CP2K's order of the functions of each element. */
function cp2kFiles(
  level: LevelOfTheory,
  pseudopotentials: Pseudopotentials,
  structure: Structure,
  maxIterations: number,
): { readonly files: Readonly<Record<string, string>>; readonly order: Cp2kBasisFile["order"] } {
  const species = speciesOf([structure]);
  const { text, order } = writeCp2kBasis(level.orbitals, species, BASIS.entry);
  const { planewaveCutoff = DEFAULT_CUTOFF, tolerance = DEFAULT_TOLERANCE } = level.numerics;
  const input = writeCp2kInput(level, structure, {
    project: PROJECT,
    basisFile: BASIS.file,
    potentialFile: POTENTIAL.file,
    basisEntry: BASIS.entry,
    potentialEntry: POTENTIAL.entry,
    planewaveCutoff,
    convergence: TIGHTER * gradientTolerance(tolerance),
    maxIterations,
  });
  const potentials = writeGthPotentials(pseudopotentials, species, POTENTIAL.entry, valenceByAngularMomentum);
  return { files: { [BASIS.file]: text, [POTENTIAL.file]: potentials, [INPUT]: input }, order };
}

/** A private folder with these files for `work`. It is kept when CP2K failed in it, and the error says where it is. */
async function inFolder<Result>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "brine-cp2k-"));
  let kept = false;
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await work(folder);
  } catch (error) {
    if (!isBrineError(error) || error.tag === "aborted") throw error;
    kept = true;
    throw new BrineError(error.tag, `${error.message}; its input and output are kept in ${folder}`, { cause: error });
  } finally {
    if (!kept) rmSync(folder, { recursive: true, force: true });
  }
}

interface Solution {
  readonly energies: Pick<GroundState, "energy" | "components">;
  readonly orbitals: Cp2kOrbitals;
  readonly iterations: number;
}

async function solve(program: Cp2kProgram, folder: string, options?: RunOptions): Promise<Solution> {
  let last: Cp2kStep | undefined;
  const { code, output, errors } = await runCp2k(
    program,
    folder,
    INPUT,
    (line) => {
      last = cp2kStep(line) ?? last;
      if (last)
        options?.onProgress?.({ stage: "SCF", done: last.step, note: `error ${last.convergence.toExponential(1)}` });
    },
    options,
  );
  writeFileSync(join(folder, OUTPUT), `${output}${errors}`);
  if (cp2kNotConverged(output))
    throw new BrineError(
      "not-converged",
      `CP2K's SCF did not converge in ${last?.step ?? 0} steps${last ? ` (energy ${last.energy.toFixed(6)} Eh, error ${last.convergence.toExponential(1)})` : ""}; check geometry and charge, or raise --max-iterations`,
    );
  if (code !== 0)
    throw new BrineError("input", `CP2K ${program.version} ended with code ${code}: ${cp2kReason(output, errors)}`);
  const { energy, ...components } = readCp2kEnergies(output);
  const orbitals = readCp2kOrbitals(readBytes(join(folder, `${PROJECT}-RESTART.wfn`)));
  return { energies: { energy, components }, orbitals, iterations: last?.step ?? 0 };
}

/** Rows of the orbitals from CP2K's order to brine's. Throws `corrupt` for another number of functions. */
function inBrinesOrder(
  theirs: Matrix,
  { orbitals }: LevelOfTheory,
  structure: Structure,
  order: Cp2kBasisFile["order"],
): Matrix {
  const { atomFirst, size } = placeBasis(orbitals, structure);
  if (theirs.rows !== size)
    throw new BrineError("corrupt", `CP2K has ${theirs.rows} functions where ${orbitals.name} has ${size}`);
  const ours = matrix(size, theirs.columns);
  structure.species.forEach((z, atom) =>
    order[z].forEach((place, k) => {
      const row = (atomFirst[atom] + k) * theirs.columns;
      ours.data.set(theirs.data.subarray(row, row + theirs.columns), (atomFirst[atom] + place) * theirs.columns);
    }),
  );
  return ours;
}
