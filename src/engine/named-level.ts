/** Levels of theory by name: which bases and pseudopotentials go with a functional, and where they come from. */
import type { Basis } from "../basis/basis.js";
import { evenTempered } from "../basis/even-tempered.js";
import type { Pseudopotentials } from "../basis/pseudopotential.js";
import { uncontracted } from "../basis/uncontracted.js";
import { BrineError } from "../errors.js";
import { functionalByName } from "../functional/functional.js";
import { readBasisSet } from "../io/basis-set.js";
import { readGthPotentials } from "../io/gth-potential.js";
import type { LevelOfTheory } from "../level.js";
import { buildLevel, type LevelChoice } from "./level.js";

/** Where basis sets and pseudopotentials come from: `packageLibrary` of `brine/node`, or `textLibrary`. */
export interface Library {
  /** The basis set of this name. Throws `usage` when there is none. */
  basis(name: string): Basis;
  /** The pseudopotentials of this name. Throws `usage` when there are none. */
  pseudopotentials(name: string): Pseudopotentials;
}

/** A library of the texts of files by name, such as a page has fetched them. */
export function textLibrary(texts: Readonly<Record<string, string>>): Library {
  const text = (name: string): string => {
    if (Object.hasOwn(texts, name)) return texts[name];
    throw new BrineError("usage", `there is no "${name}" in the library; there are ${Object.keys(texts).join(", ")}`);
  };
  return {
    basis: (name) => readBasisSet(text(name), name),
    pseudopotentials: (name) => readGthPotentials(text(name), name),
  };
}

/**
 * A basis by name, or made from another one: `etb:β` is even-tempered from `orbitals`, `NAME:uncontracted:α` has the
 * primitives of a basis up to the exponent α. Throws `usage` for `etb` without orbitals, and what the library throws.
 */
export function basisFrom(library: Library, name: string, orbitals?: Basis): Basis {
  const ratio = /^etb:(.+)$/.exec(name)?.[1];
  if (ratio !== undefined) {
    if (!orbitals) throw new BrineError("usage", `${name} is made from an orbital basis, and there is none here`);
    return evenTempered(orbitals, Number(ratio));
  }
  const [, whole, largest] = /^(.+):uncontracted:([^:]+)$/.exec(name) ?? [];
  return largest === undefined
    ? library.basis(name)
    : uncontracted(basisFrom(library, whole, orbitals), Number(largest));
}

/** The names of a level, and the numbers of {@link LevelChoice} (fit metric, smearing, grid, cutoff, tolerance). */
export interface NamedLevel extends Omit<
  LevelChoice,
  "orbitals" | "coulombFit" | "pseudopotentials" | "auxiliary" | "functional"
> {
  /** `pbe`, `lda`, `b3lyp`, …. */
  readonly functional: string;
  /** Of the orbitals; one for valence electrons (`dzvp-molopt-sr-gth`) makes a periodic level. */
  readonly basis: string;
  /** What densities are expanded in (def2-universal-jfit; periodic: its primitives up to the exponent 30). */
  readonly fit?: string;
}

/**
 * The level of these names on brine's own engine. The RI-J basis is def2-universal-jfit, def2-universal-jkfit for
 * hybrids; a basis for valence electrons brings the GTH pseudopotentials of the functional along. Throws `usage` for
 * unknown names and numbers out of range.
 */
export function levelByName({ functional, basis, fit, ...numbers }: NamedLevel, library: Library): LevelOfTheory {
  const orbitals = library.basis(basis);
  const { exactExchange, family } = functionalByName(functional);
  const periodic = orbitals.valence !== undefined;
  return buildLevel({
    ...numbers,
    functional,
    orbitals,
    ...(periodic
      ? { pseudopotentials: library.pseudopotentials(pseudopotentialsFor(functional, family)) }
      : { coulombFit: library.basis(exactExchange === undefined ? "def2-universal-jfit" : "def2-universal-jkfit") }),
    auxiliary: basisFrom(
      library,
      fit ?? (periodic ? "def2-universal-jfit:uncontracted:30" : "def2-universal-jfit"),
      orbitals,
    ),
  });
}

/** Those that were made with a functional; of PBE for all others. */
function pseudopotentialsFor(functional: string, family: string): string {
  if (functional === "blyp") return "gth-blyp";
  return family === "lda" ? "gth-pade" : "gth-pbe";
}
