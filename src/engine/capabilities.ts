/** What an engine at its level can do for which structures: told in one place, read by library and commands alike. */
import { BrineError } from "../errors.js";
import { functionalByName, needsOrbitals } from "../functional/functional.js";
import type { LevelOfTheory } from "../level.js";
import { refusalInCrystals } from "../periodic/prepare-periodic.js";
import { formula, isPeriodic, type Structure } from "../structure/structure.js";

/** What an engine does for molecules and for crystals. */
export interface Capabilities {
  /** For structures without a cell. */
  readonly molecules: Abilities;
  /** For structures with one. */
  readonly crystals: Abilities;
}

interface WithCapabilities {
  readonly can: Capabilities;
}

/** What an engine does, and for which electrons. */
export interface Abilities {
  /** Converged Kohn–Sham. */
  readonly groundState: Extent;
  /** Energies of one diagonalisation. */
  readonly oneShot: Extent;
  /** Forces of a ground state. */
  readonly gradient: Extent;
}

export type Ability = keyof Abilities;

/** For which electrons; where for none, `because` says why and what to do instead. */
export type Extent =
  | {
      /** `closed`: without unpaired electrons only. */
      readonly shells: "all" | "closed";
    }
  | {
      /** For no structure. */
      readonly shells: "none";
      /** Why, and what to do instead. */
      readonly because: string;
    };

export const allShells: Extent = { shells: "all" };
export const closedShells: Extent = { shells: "closed" };

export function none(because: string): Extent {
  return { shells: "none", because };
}

const NAMES: Readonly<Record<Ability, string>> = {
  groundState: "ground states",
  oneShot: "energies of one diagonalisation",
  gradient: "forces",
};

/** Why the engine cannot do that for the structure; undefined where it can. */
export function refusal({ can }: WithCapabilities, ability: Ability, structure: Structure): string | undefined {
  const extent = (isPeriodic(structure) ? can.crystals : can.molecules)[ability];
  if (extent.shells === "none") return extent.because;
  if (extent.shells === "all" || structure.unpaired === 0) return undefined;
  const electrons = `${structure.unpaired} unpaired electron${structure.unpaired === 1 ? "" : "s"}`;
  return `${formula(structure)} has ${electrons}, and ${NAMES[ability]} are there for closed shells only`;
}

/** Throws `unsupported` unless the engine can do that for the structure. */
export function demand(engine: WithCapabilities, ability: Ability, structure: Structure): void {
  const reason = refusal(engine, ability, structure);
  if (reason !== undefined) throw new BrineError("unsupported", reason);
}

/** Of brine's own engine. */
export function builtinCapabilities(level: LevelOfTheory): Capabilities {
  return { molecules: ofMolecules(level), crystals: ofCrystals(level) };
}

function ofMolecules({ functional, orbitals, pseudopotentials, coulombFit, smearing }: LevelOfTheory): Abilities {
  if (!coulombFit) {
    const needed = none(
      pseudopotentials
        ? 'the structure has no periodic cell; give Lattice="…" and pbc="T T T" in its comment line, or take a molecular level such as pbe/def2-svp'
        : `molecules need an RI-J basis, which the level of ${orbitals.name} has not; take one such as pbe/def2-svp`,
    );
    return { groundState: needed, oneShot: needed, gradient: needed };
  }
  const limited = (what: string): Extent => {
    if (smearing !== undefined)
      return none(`${what} not there with smeared occupations; leave smearing out where a structure converges without`);
    if (!needsOrbitals(functionalByName(functional))) return closedShells;
    return none(
      `${what} there for LDA and GGA only, and ${functional} needs orbitals; its densities and converged energies can be had`,
    );
  };
  return {
    groundState: allShells,
    oneShot: limited("energies of one diagonalisation are"),
    gradient: pseudopotentials ? none("there are no forces with pseudopotentials") : limited("forces are"),
  };
}

function ofCrystals({ functional, orbitals, pseudopotentials }: LevelOfTheory): Abilities {
  const gradient = none("there are no forces of periodic structures");
  const refusal = pseudopotentials
    ? refusalInCrystals(functionalByName(functional))
    : `the structure is periodic, and ${orbitals.name} is for all electrons of molecules; take a periodic one such as pbe/dzvp-molopt-sr-gth, or remove pbc`;
  const extent = refusal === undefined ? closedShells : none(refusal);
  return { groundState: extent, oneShot: extent, gradient };
}
