/** Brine's own engine for periodic structures: Gaussians and plane waves with pseudopotentials at the Γ point. */
import type { Pseudopotentials } from "../basis/pseudopotential.js";
import type { PeriodicComponents } from "../dataset/record.js";
import { checkCoefficients, type AtomCentredDensity } from "../density/atom-centred.js";
import { BrineError } from "../errors.js";
import { functionMemory } from "../grid/kept-functions.js";
import { oneDiagonalisation } from "../kohn-sham/one-shot.js";
import { selfConsistentField, type ScfControls } from "../kohn-sham/scf.js";
import type { LevelOfTheory } from "../level.js";
import { fitPeriodicDensity } from "../periodic/fit-density.js";
import { coarseCorrection } from "../periodic/coarse-correction.js";
import { inputPotential } from "../periodic/input-potential.js";
import { preparePeriodic, type PeriodicSystem } from "../periodic/periodic-system.js";
import { superposedValenceAtoms } from "../periodic/valence-atoms.js";
import type { RunOptions } from "../run.js";
import { sameStructure, type Structure } from "../structure/structure.js";
import type { Engine } from "./engine.js";
import { DEFAULT_TOLERANCE } from "./level.js";

export interface PeriodicOptions extends ScfControls {
  /** Of the SCF (100). */
  readonly maxIterations?: number;
}

export type PeriodicLevel = LevelOfTheory & { readonly pseudopotentials: Pseudopotentials };

/** An engine that keeps what it prepared for the last structure. */
export function createPeriodicEngine(
  level: PeriodicLevel,
  { maxIterations = 100, ...controls }: PeriodicOptions = {},
): Engine {
  let last: PeriodicSystem | undefined;
  const memory = functionMemory();
  const prepared = async (structure: Structure, options?: RunOptions): Promise<PeriodicSystem> => {
    if (last && sameStructure(last.structure, structure)) return last;
    last = undefined; // frees its memory before the next one needs it
    memory.clear();
    last = await preparePeriodic(level, structure, options, memory);
    return last;
  };
  return {
    level,
    async groundState(structure, options) {
      const start = performance.now();
      const system = await prepared(structure, options);
      if (options?.guess) checkValenceDensity(system, options.guess);
      const guess = options?.guess ?? (await superposedValenceAtoms(level, structure, options));
      const { fock } = await inputPotential(system, system, guess, options);
      const settings = { tolerance: level.numerics.tolerance ?? DEFAULT_TOLERANCE, maxIterations, ...controls };
      const result = await selfConsistentField(system.problem, fock, settings, options);
      const { energies, coefficients, occupied, occupations } = system.problem.occupy(result.fock);
      return {
        structure,
        energy: result.energy,
        components: components(result.components),
        orbitalEnergies: energies,
        orbitals: coefficients,
        occupied,
        ...(occupations ? { occupations } : {}),
        densityMatrix: result.occupation.density,
        iterations: result.iterations,
        seconds: (performance.now() - start) / 1000,
      };
    },
    async fit({ structure, densityMatrix }, options) {
      return fitPeriodicDensity(await prepared(structure, options), densityMatrix, options);
    },
    async oneShot(density, options) {
      const start = performance.now();
      const system = await prepared(density.structure, options);
      checkValenceDensity(system, density);
      const { fock, doubleCounting } = await inputPotential(system, system, density, options);
      const result = await oneDiagonalisation(system.problem, fock, options);
      const { energies, coefficients, occupied, bandEnergy, density: densityMatrix } = result.occupation;
      const wanted = options?.response ?? true;
      const response = wanted ? await coarseCorrection(system, density, fock, result.occupation, options) : undefined;
      return {
        energy: result.energy + (response?.energy ?? 0),
        oneShot: result.energy,
        ...(response ? { response } : {}),
        harrisFoulkes: bandEnergy + doubleCounting + system.coreSelf + system.coreOverlap,
        components: components(result.components),
        homo: energies[occupied - 1],
        lumo: energies[occupied] ?? Number.POSITIVE_INFINITY,
        ...(options?.orbitals
          ? { orbitals: { orbitalEnergies: energies, orbitals: coefficients, occupied, densityMatrix } }
          : {}),
        seconds: (performance.now() - start) / 1000,
      };
    },
    async close() {
      last = undefined;
    },
  };
}

function components(parts: Readonly<Record<string, number>>): PeriodicComponents {
  const { coreHamiltonian, hartree, exchangeCorrelation, coreOverlap, coreSelf, entropy } = parts;
  return {
    coreHamiltonian,
    hartree,
    exchangeCorrelation,
    coreOverlap,
    coreSelf,
    ...(entropy === undefined ? {} : { entropy }),
  };
}

/** Throws `mismatch` or `input` for a density that does not fit its basis or the valence electrons of the level. */
function checkValenceDensity({ charges }: PeriodicSystem, density: AtomCentredDensity): void {
  checkCoefficients(density);
  if (!density.nuclearCharges.every((charge, atom) => charge === charges[atom]))
    throw new BrineError("mismatch", "the density and the pseudopotentials are for different numbers of electrons");
}
