/** Brine's own engine. Levels with pseudopotentials are for periodic structures (periodic.ts); here: molecules in Gaussians, Coulomb energy by RI-J, exchange and correlation on a grid. */
import type { EnergyComponents } from "../dataset/record.js";
import { checkCoefficients, type AtomCentredDensity } from "../density/atom-centred.js";
import { BrineError } from "../errors.js";
import { functionalByName, needsOrbitals } from "../functional/functional.js";
import { harrisFoulkesEnergy } from "../kohn-sham/harris-foulkes.js";
import { oneDiagonalisation } from "../kohn-sham/one-shot.js";
import type { ScfControls, ScfSettings } from "../kohn-sham/scf.js";
import { spinParts, spinSquared, spinSum } from "../kohn-sham/spin-blocks.js";
import type { LevelOfTheory } from "../level.js";
import { closedShellGroundState, closedShellProblem, dipoleOf, electronPairs } from "../molecule/closed-shell.js";
import { fitDensity, fitSpinDensity } from "../molecule/fit-density.js";
import { closedShellGradient } from "../molecule/gradient.js";
import { inputHamiltonian } from "../molecule/input-hamiltonian.js";
import { openShellGroundState, openShellProblem, spinElectrons } from "../molecule/open-shell.js";
import { prepareMolecule, type MolecularSystem } from "../molecule/molecular-system.js";
import { responseCorrection } from "../molecule/response-correction.js";
import { teamInUse } from "../molecule/spread.js";
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { sameStructure, type Structure } from "../structure/structure.js";
import type { Engine, GroundState, GroundStateOptions, OneShotEnergy, OneShotOptions } from "./engine.js";
import { DEFAULT_TOLERANCE } from "./level.js";
import { createPeriodicEngine } from "./periodic.js";

export interface BuiltinOptions extends ScfControls {
  /** Of the SCF (100). */
  readonly maxIterations?: number;
  /** Bytes of three-centre integrals that are kept (2 GB); those beyond are made again at each use. */
  readonly integralMemory?: number;
}

/** An engine that keeps what it prepared for the last structure: SCF, fit and one-shot energy of one structure share it. */
export function createBuiltinEngine(level: LevelOfTheory, options: BuiltinOptions = {}): Engine {
  const { pseudopotentials } = level;
  if (pseudopotentials) return createPeriodicEngine({ ...level, pseudopotentials }, options);
  const { maxIterations = 100, integralMemory, ...controls } = options;
  let last: MolecularSystem | undefined;
  const focks = new WeakMap<Matrix, Matrix>(); // F[D] of converged density matrices
  const prepared = async (structure: Structure, runOptions?: RunOptions): Promise<MolecularSystem> => {
    if (last && sameStructure(last.structure, structure)) return last;
    last = undefined; // frees its memory before the next one needs it
    const team = teamInUse();
    last = await prepareMolecule(level, structure, {
      ...runOptions,
      ...(team ? { team } : {}),
      ...(integralMemory === undefined ? {} : { integralMemory }),
    });
    return last;
  };
  const checkGradient = (structure: Structure): void => {
    refuseOrbitalFunctionals(level, "forces are");
    electronPairs(structure);
  };
  return {
    level,
    async groundState(structure, options) {
      const start = performance.now();
      const open = structure.unpaired !== 0;
      if (options?.guess) checkGuess(options.guess);
      if (open) spinElectrons(structure);
      else electronPairs(structure);
      const system = await prepared(structure, options);
      const settings = { tolerance: level.numerics.tolerance ?? DEFAULT_TOLERANCE, maxIterations, ...controls };
      const state = open
        ? await openShellState(system, settings, options)
        : await closedShellState(system, settings, focks, options);
      return { ...state, seconds: (performance.now() - start) / 1000 };
    },
    async fit({ structure, densityMatrix, openShell }, options) {
      const system = await prepared(structure, options);
      const fit = await fitDensity(system, densityMatrix, options);
      if (!openShell) return fit;
      return { ...fit, spinCoefficients: await fitSpinDensity(system, openShell.spinDensityMatrix, options) };
    },
    async gradient({ structure, densityMatrix }, options) {
      checkGradient(structure);
      return closedShellGradient(await prepared(structure, options), densityMatrix, focks.get(densityMatrix), options);
    },
    checkGradient,
    async oneShot(density, options) {
      const start = performance.now();
      refuseOrbitalFunctionals(level, "energies of one diagonalisation are");
      checkDensity(density);
      const result = await oneShot(await prepared(density.structure, options), density, options);
      return { ...result, seconds: (performance.now() - start) / 1000 };
    },
    async close() {
      last = undefined;
    },
  };
}

type State = Omit<GroundState, "seconds">;

async function closedShellState(
  system: MolecularSystem,
  settings: ScfSettings,
  focks: WeakMap<Matrix, Matrix>,
  options?: GroundStateOptions,
): Promise<State> {
  const result = await closedShellGroundState(system, settings, options);
  const { density, occupied } = result.occupation;
  focks.set(density, result.fock);
  const { energies, coefficients, occupations } = closedShellProblem(system, system.grid).occupy(result.fock);
  return {
    structure: system.structure,
    energy: result.energy,
    components: components(result.components),
    dipole: dipoleOf(system, density),
    orbitalEnergies: energies,
    orbitals: coefficients,
    occupied,
    ...(occupations ? { occupations } : {}),
    densityMatrix: density,
    iterations: result.iterations,
  };
}

async function openShellState(
  system: MolecularSystem,
  settings: ScfSettings,
  options?: GroundStateOptions,
): Promise<State> {
  const result = await openShellGroundState(system, settings, options);
  const { alpha, beta } = openShellProblem(system, system.grid).occupy(result.fock);
  const spins = spinParts(result.occupation.density);
  const density = spinSum(spins, 1);
  return {
    structure: system.structure,
    energy: result.energy,
    components: components(result.components),
    dipole: dipoleOf(system, density),
    orbitalEnergies: alpha.energies,
    orbitals: alpha.coefficients,
    occupied: alpha.occupied,
    ...(alpha.occupations ? { occupations: alpha.occupations } : {}),
    densityMatrix: density,
    openShell: {
      orbitalEnergies: beta.energies,
      orbitals: beta.coefficients,
      occupied: beta.occupied,
      ...(beta.occupations ? { occupations: beta.occupations } : {}),
      spinDensityMatrix: spinSum(spins, -1),
      spinSquared: spinSquared(result.occupation, system.overlap),
    },
    iterations: result.iterations,
  };
}

async function oneShot(
  system: MolecularSystem,
  density: AtomCentredDensity,
  options: OneShotOptions = {},
): Promise<Omit<OneShotEnergy, "seconds">> {
  const input = await inputHamiltonian(system, density, system.grid, options);
  const {
    energy,
    components: parts,
    occupation,
  } = await oneDiagonalisation(closedShellProblem(system, system.grid), input.fock, options);
  const { energies, occupied, bandEnergy, coefficients, density: densityMatrix } = occupation;
  const wanted = options.response ?? true;
  const response = wanted ? await responseCorrection(system, density, input, occupation, options) : undefined;
  return {
    energy: energy + (response?.energy ?? 0),
    oneShot: energy,
    ...(response ? { response } : {}),
    harrisFoulkes: harrisFoulkesEnergy({ ...input, bandEnergy, nuclearRepulsion: system.nuclearRepulsion }),
    components: components(parts),
    dipole: dipoleOf(system, occupation.density),
    homo: energies[occupied - 1],
    lumo: energies[occupied] ?? Number.POSITIVE_INFINITY, // a minimal basis may have no empty orbital
    ...(options.orbitals
      ? { orbitals: { orbitalEnergies: energies, orbitals: coefficients, occupied, densityMatrix } }
      : {}),
  };
}

function components(parts: Readonly<Record<string, number>>): EnergyComponents {
  const { kinetic, external, hartree, exchangeCorrelation, exactExchange = 0, nuclearRepulsion, entropy } = parts;
  return {
    kinetic,
    external,
    hartree,
    exchangeCorrelation: exchangeCorrelation + exactExchange,
    nuclearRepulsion,
    ...(entropy === undefined ? {} : { entropy }),
  };
}

/** Hybrids and meta-GGA need orbitals, smearing whole sets of them. Throws `unsupported`; `what` and its verb begin the sentence. */
function refuseOrbitalFunctionals({ functional, smearing }: LevelOfTheory, what: string): void {
  if (smearing !== undefined)
    throw new BrineError(
      "unsupported",
      `${what} not there with smeared occupations; leave smearing out where a structure converges without`,
    );
  if (needsOrbitals(functionalByName(functional)))
    throw new BrineError(
      "unsupported",
      `${what} there for LDA and GGA only, and ${functional} needs orbitals; its densities and converged energies (scf) can be had`,
    );
}

/** Throws `mismatch` or `input` for a density that does not fit its basis or leaves electrons out. */
export function checkDensity(density: AtomCentredDensity): void {
  electronPairs(density.structure);
  checkGuess(density);
}

function checkGuess(density: AtomCentredDensity): void {
  const { structure, nuclearCharges } = density;
  checkCoefficients(density);
  if (!nuclearCharges.every((charge, atom) => charge === structure.species[atom]))
    throw new BrineError("mismatch", "the density leaves core electrons out; the molecular engine needs all electrons");
}
