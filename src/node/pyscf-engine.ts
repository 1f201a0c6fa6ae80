/**
 * PySCF as an engine: molecules with the functions of the level itself, the density fitted to the RI-J basis, PySCF's
 * own grid of the same level; of open shells ground states and fits. Q. Sun et al., J. Chem. Phys. 153, 024109 (2020).
 */
import { placeBasis } from "../basis/basis.js";
import type { EnergyComponents } from "../dataset/record.js";
import { allShells, closedShells, demand, none, type Capabilities } from "../engine/capabilities.js";
import type { Engine, OneShotEnergy, OrbitalState } from "../engine/engine.js";
import { checkDensity } from "../engine/kohn-sham-engine.js";
import { BrineError, isBrineError } from "../errors.js";
import { functionalByName, needsOrbitals } from "../functional/functional.js";
import { channelsAtGamma, electronsOfSpins, realDensity, spinDensity, type Orbitals } from "../kohn-sham/state.js";
import { coulombFitOf, DEFAULT_GRID, DEFAULT_TOLERANCE, type LevelOfTheory } from "../level.js";
import { combination, real } from "../math/hermitian.js";
import { copy, matrix, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { checkStructure, electronCount, type Structure } from "../structure/structure.js";
import { type JsonProcess, startJsonProcess } from "./json-process.js";
import { packagePath } from "./package-files.js";
import { pythonCandidates } from "./python.js";

/** An array on its way: f64 little-endian. */
interface PackedArray {
  readonly shape: readonly number[];
  readonly f64: string;
}

interface Greeting {
  /** Of PySCF. */
  readonly version: string;
}

type PyscfProcess = JsonProcess<Greeting>;

interface OrbitalsAnswer {
  readonly orbitalEnergies: PackedArray;
  readonly orbitals: PackedArray;
  readonly occupied: number;
}

interface StateAnswer extends OrbitalsAnswer {
  readonly densityMatrix: PackedArray;
}

interface GroundStateAnswer extends StateAnswer {
  readonly energy: number;
  readonly components: EnergyComponents;
  readonly dipole: readonly [number, number, number];
  readonly openShell?: SpinAnswer;
  readonly iterations: number;
}

interface FitAnswer {
  readonly coefficients: PackedArray;
  readonly electrons: number;
  readonly absoluteErrorPerElectron: number;
  readonly selfRepulsion: number;
}

type SpinAnswer = OrbitalsAnswer & { readonly spinDensityMatrix: PackedArray; readonly spinSquared: number };

interface OneShotAnswer extends Pick<OneShotEnergy, "oneShot" | "components" | "harrisFoulkes" | "dipole" | "homo"> {
  readonly lumo: number | null;
  readonly orbitals?: StateAnswer;
}

/** The version of the PySCF that the engine would use. Throws `unsupported` when there is none, with what to do. */
export async function pyscfVersion(): Promise<string> {
  const started = await startPyscf();
  try {
    return (await started.greeting).version;
  } finally {
    await started.close();
  }
}

/**
 * One PySCF process, started with the first request and ended by `close` or an abort. One thread, unless
 * OMP_NUM_THREADS says otherwise. `oneShot` has no response correction. Throws `unsupported` without PySCF.
 */
export function createPyscfEngine(
  level: LevelOfTheory,
  { maxIterations = 100 }: { readonly maxIterations?: number } = {},
): Engine {
  if (level.smearing !== undefined)
    throw new BrineError("unsupported", "the PySCF engine has no smeared occupations; use the builtin engine");
  const can = capabilities(level);
  let started: Promise<PyscfProcess> | undefined;
  const last = async (): Promise<PyscfProcess | undefined> => started?.catch(() => undefined);
  const ask = async <Result>(
    method: string,
    structure: Structure,
    parameters: object,
    options?: RunOptions,
  ): Promise<Result> => {
    started = last().then((process) => (process?.alive() ? process : openLevel(level, maxIterations)));
    return (await started).request<Result>(method, { structure: plainStructure(structure), ...parameters }, options);
  };
  return {
    level,
    can,
    async groundState(structure, options) {
      const start = performance.now();
      demand({ can }, "groundState", structure);
      checkMolecule(structure);
      const answer = await ask<GroundStateAnswer>("groundState", structure, {}, options);
      const { energy, components, dipole, iterations, openShell } = answer;
      return {
        structure,
        energy,
        components,
        dipole,
        state: unpackedState(answer, openShell),
        ...(openShell ? { spinSquared: openShell.spinSquared } : {}),
        iterations,
        seconds: (performance.now() - start) / 1000,
      };
    },
    async fit({ structure, state }, options) {
      checkMolecule(structure);
      const densityMatrix = realDensity(state);
      const spins = spinDensity(state);
      const size = placeBasis(level.orbitals, structure).size;
      if (densityMatrix.rows !== size)
        throw new BrineError(
          "mismatch",
          `a density matrix of ${densityMatrix.rows} functions, but ${level.orbitals.name} has ${size} on this structure`,
        );
      const fitted = (density: Matrix, electrons: number): Promise<FitAnswer> =>
        ask("fit", structure, { densityMatrix: packed(copy(density).data, [size, size]), electrons }, options);
      const { coefficients, ...quality } = await fitted(densityMatrix, electronCount(structure));
      const spin = spins && (await fitted(spins.real, structure.unpaired));
      const nuclearCharges = Float64Array.from(structure.species);
      return {
        density: {
          structure,
          basis: level.auxiliary,
          quantity: "density",
          nuclearCharges,
          coefficients: unpacked(coefficients),
        },
        quality,
        ...(spin ? { spinCoefficients: unpacked(spin.coefficients) } : {}),
      };
    },
    async gradient({ structure, state }, options) {
      demand({ can }, "gradient", structure);
      const [{ energies, coefficients }] = state.orbitals;
      const { rows, columns } = coefficients.real;
      const parameters = {
        orbitalEnergies: packed(energies, [columns]),
        orbitals: packed(copy(coefficients.real).data, [rows, columns]),
      };
      return unpacked(await ask<PackedArray>("gradient", structure, parameters, options));
    },
    async oneShot(density, options) {
      const start = performance.now();
      demand({ can }, "oneShot", density.structure);
      checkMolecule(density.structure);
      checkDensity(level, density);
      const { basis, coefficients } = density;
      const parameters = {
        basis: basis.shells,
        coefficients: packed(coefficients, [coefficients.length]),
        orbitals: options?.orbitals ?? false,
      };
      const { orbitals, ...answer } = await ask<OneShotAnswer>("oneShot", density.structure, parameters, options);
      return {
        ...answer,
        ...(orbitals ? { state: unpackedState(orbitals) } : {}),
        ...(answer.dipole ? { oneShotDipole: answer.dipole } : {}),
        energy: answer.oneShot,
        lumo: answer.lumo ?? Number.NaN,
        seconds: (performance.now() - start) / 1000,
      };
    },
    async close() {
      await (await last())?.close();
    },
  };
}

const periodic = none(
  "the structure is periodic, which the PySCF engine does not treat; remove pbc for an isolated molecule",
);

function capabilities({ functional }: LevelOfTheory): Capabilities {
  const oneShot = needsOrbitals(functionalByName(functional))
    ? none(`energies of one diagonalisation are there for LDA and GGA only, and ${functional} needs orbitals`)
    : closedShells;
  return {
    molecules: { groundState: allShells, oneShot, gradient: closedShells },
    crystals: { groundState: periodic, oneShot: periodic, gradient: periodic },
  };
}

function checkMolecule(structure: Structure): void {
  checkStructure(structure);
  electronsOfSpins(structure);
}

/** The first interpreter that has PySCF, greeted. */
async function startPyscf(): Promise<PyscfProcess> {
  const reasons: string[] = [];
  for (const python of pythonCandidates()) {
    const environment = { ...process.env, OMP_NUM_THREADS: process.env["OMP_NUM_THREADS"] ?? "1" };
    const started = startJsonProcess<Greeting>(
      "PySCF",
      python,
      [packagePath("data/engines/pyscf_engine.py")],
      environment,
    );
    try {
      await started.greeting;
      return started;
    } catch (error) {
      if (!isBrineError(error)) throw error;
      reasons.push(`${python}: ${error.message}`);
      await started.close();
    }
  }
  throw new BrineError(
    "unsupported",
    `the engine pyscf needs a Python with PySCF (${reasons.join("; ")}); install it (python3 -m pip install pyscf), or name the interpreter that has it in the environment variable BRINE_PYTHON`,
  );
}

async function openLevel(level: LevelOfTheory, maxIterations: number): Promise<PyscfProcess> {
  const { functional, orbitals, auxiliary, fitMetric, numerics } = level;
  const started = await startPyscf();
  await started.request("open", {
    level: {
      functional,
      orbitals: orbitals.shells,
      coulombFit: coulombFitOf(level).shells,
      auxiliary: auxiliary.shells,
      fitMetric,
      grid: numerics.grid ?? DEFAULT_GRID,
      tolerance: numerics.tolerance ?? DEFAULT_TOLERANCE,
      maxIterations,
    },
  });
  return started;
}

function plainStructure({ species, positions, charge, unpaired }: Structure): object {
  return {
    species: [...species],
    positions: [...species].map((_, atom) => [...positions.subarray(3 * atom, 3 * atom + 3)]),
    charge,
    unpaired,
  };
}

function unpackedOrbitals(answer: OrbitalsAnswer, electrons: 1 | 2): Orbitals {
  const energies = unpacked(answer.orbitalEnergies);
  return {
    energies,
    coefficients: real(unpackedMatrix(answer.orbitals)),
    occupations: new Float64Array(energies.length).fill(electrons, 0, answer.occupied),
    occupied: answer.occupied,
  };
}

/** Of spin α, and of β where its `openShell` is there: D_α, D_β = (D ± M)/2. */
function unpackedState(answer: StateAnswer, openShell?: SpinAnswer): OrbitalState {
  const density = real(unpackedMatrix(answer.densityMatrix));
  if (!openShell)
    return { channels: channelsAtGamma(0), densities: [density], orbitals: [unpackedOrbitals(answer, 2)] };
  const both = [density, real(unpackedMatrix(openShell.spinDensityMatrix))];
  return {
    channels: channelsAtGamma(1),
    densities: [combination([0.5, 0.5], both), combination([0.5, -0.5], both)],
    orbitals: [unpackedOrbitals(answer, 1), unpackedOrbitals(openShell, 1)],
  };
}

function packed(data: Float64Array, shape: readonly number[]): PackedArray {
  return { shape, f64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64") };
}

function unpacked({ f64 }: PackedArray): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(f64, "base64"));
  return new Float64Array(bytes.buffer);
}

function unpackedMatrix(array: PackedArray): Matrix {
  return matrix(array.shape[0], array.shape[1], unpacked(array));
}
