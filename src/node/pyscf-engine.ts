/**
 * PySCF as an engine: molecules with the functions of the level itself, the density fitted to the RI-J basis, PySCF's
 * own grid of the same level; of open shells ground states and fits. Q. Sun et al., J. Chem. Phys. 153, 024109 (2020).
 */
import { placeBasis } from "../basis/basis.js";
import type { EnergyComponents } from "../dataset/record.js";
import { checkDensity } from "../engine/builtin.js";
import type { Engine, OneShotEnergy, OneShotOrbitals } from "../engine/engine.js";
import { DEFAULT_TOLERANCE } from "../engine/level.js";
import { BrineError, isBrineError } from "../errors.js";
import type { LevelOfTheory } from "../level.js";
import { copy, matrix, type Matrix } from "../math/matrix.js";
import { electronPairs } from "../molecule/closed-shell.js";
import { spinElectrons } from "../molecule/open-shell.js";
import { coulombFitOf, DEFAULT_GRID } from "../molecule/molecular-system.js";
import type { RunOptions } from "../run.js";
import { checkStructure, electronCount, isPeriodic, type Structure } from "../structure/structure.js";
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
  readonly openShell?: OrbitalsAnswer & { readonly spinDensityMatrix: PackedArray; readonly spinSquared: number };
  readonly iterations: number;
}

interface FitAnswer {
  readonly coefficients: PackedArray;
  readonly electrons: number;
  readonly absoluteErrorPerElectron: number;
  readonly selfRepulsion: number;
}

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
    async groundState(structure, options) {
      const start = performance.now();
      checkMolecule(structure);
      const answer = await ask<GroundStateAnswer>("groundState", structure, {}, options);
      const { energy, components, dipole, iterations, openShell } = answer;
      return {
        structure,
        energy,
        components,
        dipole,
        ...unpackedState(answer),
        ...(openShell
          ? {
              openShell: {
                ...unpackedOrbitals(openShell),
                spinDensityMatrix: unpackedMatrix(openShell.spinDensityMatrix),
                spinSquared: openShell.spinSquared,
              },
            }
          : {}),
        iterations,
        seconds: (performance.now() - start) / 1000,
      };
    },
    async fit({ structure, densityMatrix, openShell }, options) {
      checkMolecule(structure);
      const size = placeBasis(level.orbitals, structure).size;
      if (densityMatrix.rows !== size)
        throw new BrineError(
          "mismatch",
          `a density matrix of ${densityMatrix.rows} functions, but ${level.orbitals.name} has ${size} on this structure`,
        );
      const fitted = (density: Matrix, electrons: number): Promise<FitAnswer> =>
        ask("fit", structure, { densityMatrix: packed(copy(density).data, [size, size]), electrons }, options);
      const { coefficients, ...quality } = await fitted(densityMatrix, electronCount(structure));
      const spin = openShell && (await fitted(openShell.spinDensityMatrix, structure.unpaired));
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
    async gradient({ structure, orbitalEnergies, orbitals }, options) {
      electronPairs(structure);
      const { rows, columns } = orbitals;
      const parameters = {
        orbitalEnergies: packed(orbitalEnergies, [columns]),
        orbitals: packed(copy(orbitals).data, [rows, columns]),
      };
      return unpacked(await ask<PackedArray>("gradient", structure, parameters, options));
    },
    checkGradient: electronPairs,
    async oneShot(density, options) {
      const start = performance.now();
      checkMolecule(density.structure);
      checkDensity(density);
      const { basis, coefficients } = density;
      const parameters = {
        basis: basis.shells,
        coefficients: packed(coefficients, [coefficients.length]),
        orbitals: options?.orbitals ?? false,
      };
      const { orbitals, ...answer } = await ask<OneShotAnswer>("oneShot", density.structure, parameters, options);
      return {
        ...answer,
        ...(orbitals ? { orbitals: unpackedState(orbitals) } : {}),
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

function checkMolecule(structure: Structure): void {
  checkStructure(structure);
  if (isPeriodic(structure))
    throw new BrineError(
      "unsupported",
      "the structure is periodic, which the PySCF engine does not treat; remove pbc for an isolated molecule",
    );
  if (structure.unpaired === 0) electronPairs(structure);
  else spinElectrons(structure);
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

function unpackedOrbitals({
  orbitalEnergies,
  orbitals,
  occupied,
}: OrbitalsAnswer): Omit<OneShotOrbitals, "densityMatrix"> {
  return { orbitalEnergies: unpacked(orbitalEnergies), orbitals: unpackedMatrix(orbitals), occupied };
}

function unpackedState(answer: StateAnswer): OneShotOrbitals {
  return { ...unpackedOrbitals(answer), densityMatrix: unpackedMatrix(answer.densityMatrix) };
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
