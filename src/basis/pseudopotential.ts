/**
 * Goedecker–Teter–Hutter pseudopotentials of valence charge q in the form of Hartwigsen, Goedecker and Hutter:
 *
 *   V_loc(r) = −(q/r) erf(r/(√2 r_loc)) + exp(−½(r/r_loc)²) Σ_k C_k (r/r_loc)^(2k−2)
 *   V_nl     = Σ_l Σ_m Σ_ij |p_i^lm⟩ h_ij^l ⟨p_j^lm|,   p_i^lm ∝ r^(l+2i−2) exp(−½(r/r_l)²) Y_lm of unit norm
 *
 * S. Goedecker, M. Teter, J. Hutter, Phys. Rev. B 54, 1703 (1996), doi:10.1103/PhysRevB.54.1703;
 * C. Hartwigsen, S. Goedecker, J. Hutter, Phys. Rev. B 58, 3641 (1998), doi:10.1103/PhysRevB.58.3641.
 */
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import type { Basis } from "./basis.js";

/** The projectors of one angular momentum. */
export interface GthProjectors {
  /** Angular momentum. */
  readonly l: number;
  /** r_l, bohr. */
  readonly radius: number;
  /** h_ij, hartree: [projectors][projectors], symmetric. */
  readonly h: readonly (readonly number[])[];
}

/** The pseudopotential of one element: a local part and projectors. */
export interface GthPotential {
  /** q: the nuclear charge less the electrons of the core. */
  readonly charge: number;
  /** r_loc, bohr. */
  readonly radius: number;
  /** C_1, C_2, …, hartree; at most four. */
  readonly local: readonly number[];
  /** Angular momenta with at least one projector, ascending. */
  readonly projectors: readonly GthProjectors[];
}

/** Pseudopotentials of elements (key: atomic number). Plain data, like a basis. */
export interface Pseudopotentials {
  /** What they are called: `gth-pbe`. */
  readonly name: string;
  /** By atomic number. */
  readonly elements: Readonly<Record<number, GthPotential>>;
}

/** The pseudopotential of one element. Throws `unsupported` when there is none. */
export function potentialOf(pseudopotentials: Pseudopotentials, z: number): GthPotential {
  const potential = pseudopotentials.elements[z];
  if (!potential)
    throw new BrineError("unsupported", `${pseudopotentials.name} has no pseudopotential for ${elementSymbol(z)}`);
  return potential;
}

/** The charge that the electrons of a level see on each atom, q of its pseudopotential or Z: [atoms]. */
export function nuclearCharges(pseudopotentials: Pseudopotentials | undefined, structure: Structure): Float64Array {
  return pseudopotentials ? valenceCharges(pseudopotentials, structure) : Float64Array.from(structure.species);
}

/** q of each atom: [atoms]. */
export function valenceCharges(pseudopotentials: Pseudopotentials, { species }: Structure): Float64Array {
  return Float64Array.from(species, (z) => potentialOf(pseudopotentials, z).charge);
}

/**
 * Throws `mismatch` where orbitals and pseudopotential of an element are for different numbers of electrons, or where
 * one is for valence electrons and the other is missing.
 */
export function checkPseudopotentials(
  orbitals: Basis,
  pseudopotentials: Pseudopotentials | undefined,
  species: Iterable<number>,
): void {
  for (const z of new Set(species)) {
    const made = orbitals.valence?.[z];
    const where = `basis ${orbitals.name}, ${elementSymbol(z)}`;
    if (!pseudopotentials) {
      if (made === undefined) continue;
      throw new BrineError("mismatch", "these functions are for valence electrons, and there is no pseudopotential", {
        where,
      });
    }
    const { charge } = potentialOf(pseudopotentials, z);
    if (made !== charge)
      throw new BrineError(
        "mismatch",
        made === undefined
          ? `an all-electron basis does not go with ${pseudopotentials.name}; take one for pseudopotentials, such as dzvp-molopt-sr-gth`
          : `these functions are for ${made} valence electrons, but ${pseudopotentials.name} has ${charge}; take a basis and a potential of the same charge`,
        { where },
      );
  }
}
