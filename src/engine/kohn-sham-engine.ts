/**
 * Brine's own engine, over the contract of a system (kohn-sham/system.ts): molecules in Gaussians with the Coulomb energy by
 * RI-J, exchange and correlation on an atom-centred grid; crystals in Gaussians and plane waves with pseudopotentials.
 */
import { nuclearCharges } from "../basis/pseudopotential.js";
import { checkCoefficients, type AtomCentredDensity } from "../density/atom-centred.js";
import { dipoleMoment } from "../density/observables.js";
import { BrineError } from "../errors.js";
import { functionMemory } from "../grid/kept-functions.js";
import { energyGradient } from "../kohn-sham/gradient.js";
import { groundState } from "../kohn-sham/ground-state.js";
import { oneDiagonalisation } from "../kohn-sham/one-shot.js";
import type { ScfControls } from "../kohn-sham/scf.js";
import { spinSquared, type PerChannel, type State } from "../kohn-sham/state.js";
import type { System } from "../kohn-sham/system.js";
import { inputHamiltonian } from "../kohn-sham/term.js";
import { DEFAULT_TOLERANCE, type LevelOfTheory } from "../level.js";
import { machine } from "../machine.js";
import { prepareMolecule } from "../molecule/prepare-molecule.js";
import { preparePeriodic } from "../periodic/prepare-periodic.js";
import type { RunOptions } from "../run.js";
import { isPeriodic, sameStructure, type Structure } from "../structure/structure.js";
import { builtinCapabilities, demand } from "./capabilities.js";
import { energyComponents } from "./components.js";
import { orbitalState, type Engine, type GroundState, type OneShotEnergy, type OneShotOptions } from "./engine.js";

/** What brine's own engine is told beside the level; none of it changes a converged result. */
export interface BuiltinOptions extends ScfControls {
  /** Of the SCF (100). */
  readonly maxIterations?: number;
  /** Bytes of three-centre integrals that stay in memory (2 GB); those beyond are made again at each use. */
  readonly integralMemory?: number;
}

/** An engine that keeps what it prepared for the last structure: SCF, fit and one-shot energy of one structure share it. */
export function createBuiltinEngine(level: LevelOfTheory, options: BuiltinOptions = {}): Engine {
  const { maxIterations = 100, integralMemory, ...controls } = options;
  const can = builtinCapabilities(level);
  const memory = functionMemory();
  let last: System | undefined;
  const focks = new WeakMap<State, PerChannel>(); // F[D] of converged states
  const prepared = async (structure: Structure, run?: RunOptions): Promise<System> => {
    if (last && sameStructure(last.structure, structure)) return last;
    last = undefined; // frees its memory before the next one needs it
    memory.clear();
    const { team } = machine();
    last = isPeriodic(structure)
      ? await preparePeriodic(level, structure, run, memory)
      : await prepareMolecule(level, structure, {
          ...run,
          ...(team ? { team } : {}),
          ...(integralMemory === undefined ? {} : { integralMemory }),
        });
    return last;
  };
  return {
    level,
    can,
    async groundState(structure, run) {
      const start = performance.now();
      demand({ can }, "groundState", structure);
      if (run?.guess) checkDensity(level, run.guess);
      const system = await prepared(structure, run);
      const settings = { tolerance: level.numerics.tolerance ?? DEFAULT_TOLERANCE, maxIterations, ...controls };
      const { energy, components, occupation, fock, iterations } = await groundState(system, settings, run);
      const state = { ...orbitalState(occupation), orbitals: system.occupy(fock).orbitals };
      focks.set(state, fock);
      return {
        structure,
        energy,
        components: energyComponents(components),
        ...dipoleOf(system, state),
        state,
        ...(state.channels.length > 1 ? { spinSquared: spinSquared(state, system.electrons, system.overlaps[0]) } : {}),
        iterations,
        seconds: (performance.now() - start) / 1000,
        ...notesOf(system),
      };
    },
    async fit({ structure, state }, run) {
      return (await prepared(structure, run)).fit(state, run);
    },
    async gradient({ structure, state }, run) {
      demand({ can }, "gradient", structure);
      return energyGradient(await prepared(structure, run), state, focks.get(state), run);
    },
    async oneShot(density, run) {
      const start = performance.now();
      demand({ can }, "oneShot", density.structure);
      checkDensity(level, density);
      const result = await oneShot(await prepared(density.structure, run), density, run);
      return { ...result, seconds: (performance.now() - start) / 1000 };
    },
    async close() {
      last = undefined;
    },
  };
}

async function oneShot(
  system: System,
  density: AtomCentredDensity,
  options: OneShotOptions = {},
): Promise<Omit<OneShotEnergy, "seconds">> {
  const input = await inputHamiltonian(system.terms, density, options);
  const { energy, components, harrisFoulkes, occupation } = await oneDiagonalisation(system, input, options);
  const [{ energies, occupied }] = occupation.orbitals;
  const wanted = options.response ?? true;
  const correction = wanted ? await system.correct(density, input, occupation, options) : undefined;
  const improved = correction?.density;
  const { dipole } = dipoleOf(system, occupation);
  return {
    energy: energy + (correction?.energy ?? 0),
    oneShot: energy,
    ...(correction ? { response: { energy: correction.energy, reliable: correction.reliable } } : {}),
    ...(improved ? { improved } : {}),
    harrisFoulkes,
    components: energyComponents(components),
    ...(dipole ? { dipole: improved ? dipoleMoment(improved) : dipole, oneShotDipole: dipole } : {}),
    homo: energies[occupied - 1],
    lumo: energies[occupied] ?? Number.POSITIVE_INFINITY, // a minimal basis may have no empty orbital
    ...(options.orbitals ? { state: orbitalState(occupation) } : {}),
    ...notesOf(system),
  };
}

function dipoleOf(system: System, state: State): Pick<GroundState, "dipole"> {
  return system.dipole ? { dipole: system.dipole(state) } : {};
}

function notesOf({ notes }: System): Pick<GroundState, "notes"> {
  return notes.length > 0 ? { notes } : {};
}

/** Throws `mismatch` or `input` for a density that does not fit its basis or the electrons of the level. */
export function checkDensity({ pseudopotentials }: LevelOfTheory, density: AtomCentredDensity): void {
  checkCoefficients(density);
  const charges = nuclearCharges(pseudopotentials, density.structure);
  if (density.nuclearCharges.every((charge, atom) => charge === charges[atom])) return;
  throw new BrineError(
    "mismatch",
    pseudopotentials
      ? "the density and the pseudopotentials are for different numbers of electrons"
      : "the density leaves core electrons out; the molecular engine needs all electrons",
  );
}
