/**
 * Atom-centred Gaussian basis sets, orbital or auxiliary, and their place on a structure.
 *
 *   χ(r) = Σ_p d_p N_l(α_p) r^l Y_lm(r̂) exp(−α_p r²),   N_l(α) = √( 2 (2α)^(l+3/2) / Γ(l+3/2) )
 *
 * Y_lm are real, orthonormal, without Condon–Shortley phase, m = −l … l. Every function has unit self-overlap.
 */
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";

/** One contracted shell; `coefficients` d_p multiply normalised primitives. */
export interface Shell {
  /** Angular momentum. */
  readonly l: number;
  /** α_p, bohr⁻². */
  readonly exponents: readonly number[];
  /** d_p, scaled so that the function has unit self-overlap. */
  readonly coefficients: readonly number[];
}

/** Shells of each element (key: atomic number), l ascending. Plain data: it goes into files and to workers as it is. */
export interface Basis {
  /** What it is called in files and messages: `def2-svp`. */
  readonly name: string;
  /** By atomic number. */
  readonly shells: Readonly<Record<number, readonly Shell[]>>;
  /** Valence electrons of the pseudopotential that an element's functions were made for; absent for all-electron sets. */
  readonly valence?: Readonly<Record<number, number>>;
}

/** A shell on an atom, its primitives ready to be evaluated. */
export interface PlacedShell {
  /** Number of the atom, from 0. */
  readonly atom: number;
  /** Angular momentum. */
  readonly l: number;
  /** Index of the function m = −l. */
  readonly first: number;
  /** Position, bohr. */
  readonly x: number;
  /** Position, bohr. */
  readonly y: number;
  /** Position, bohr. */
  readonly z: number;
  /** α_p, bohr⁻². */
  readonly exponents: Float64Array;
  /** d_p N_l(α_p): what multiplies r^l Y_lm exp(−α_p r²). */
  readonly factors: Float64Array;
}

/** A basis on the atoms of a structure; functions are numbered atom by atom, shell by shell, m = −l … l. */
export interface PlacedBasis {
  /** In the order of the functions. */
  readonly shells: readonly PlacedShell[];
  /** Number of functions. */
  readonly size: number;
  /** First function of each atom, then the size: [atoms + 1]. */
  readonly atomFirst: Int32Array;
}

/** N_l(α): makes r^l Y_lm exp(−αr²) of unit self-overlap. */
export function primitiveNorm(l: number, alpha: number): number {
  let gamma = Math.sqrt(Math.PI); // Γ(l + 3/2)
  for (let k = 0; k <= l; k++) gamma *= k + 0.5;
  return Math.sqrt((2 * (2 * alpha) ** (l + 1.5)) / gamma);
}

/** The shell with its coefficients scaled to unit self-overlap. */
export function normalisedShell(shell: Shell): Shell {
  const { l, exponents, coefficients } = shell;
  let self = 0;
  for (let p = 0; p < exponents.length; p++)
    for (let q = 0; q < exponents.length; q++)
      self +=
        coefficients[p] *
        coefficients[q] *
        ((2 * Math.sqrt(exponents[p] * exponents[q])) / (exponents[p] + exponents[q])) ** (l + 1.5);
  if (!(self > 0)) throw new BrineError("input", `a contracted shell with l = ${l} has no norm`);
  return { l, exponents, coefficients: coefficients.map((d) => d / Math.sqrt(self)) };
}

/** The shells of one element. Throws `unsupported` when the basis has none. */
export function shellsOf(basis: Basis, z: number): readonly Shell[] {
  const shells = basis.shells[z];
  if (!shells)
    throw new BrineError(
      "unsupported",
      basis.valence
        ? `the basis ${basis.name} has no functions for ${elementSymbol(z)}`
        : `the basis ${basis.name} has no functions for ${elementSymbol(z)} without an effective core potential; take an all-electron basis with this element`,
    );
  return shells;
}

/** Whether two bases have the same functions on the given species. */
export function sameFunctions(a: Basis, b: Basis, species: Iterable<number>): boolean {
  if (a === b) return true;
  return [...new Set(species)].every((z) => JSON.stringify(shellsOf(a, z)) === JSON.stringify(shellsOf(b, z)));
}

export function functionCount(shells: readonly Shell[]): number {
  return shells.reduce((sum, shell) => sum + 2 * shell.l + 1, 0);
}

/** Number of functions that the basis has on the atoms of `structure`. */
export function basisSize(basis: Basis, { species }: Structure): number {
  return species.reduce((sum, z) => sum + functionCount(shellsOf(basis, z)), 0);
}

/** Puts the basis on the atoms of `structure`. */
export function placeBasis(basis: Basis, structure: Structure): PlacedBasis {
  const shells: PlacedShell[] = [];
  const atoms = structure.species.length;
  const atomFirst = new Int32Array(atoms + 1);
  let first = 0;
  for (let atom = 0; atom < atoms; atom++) {
    atomFirst[atom] = first;
    for (const { l, exponents, coefficients } of shellsOf(basis, structure.species[atom])) {
      const [x, y, z] = structure.positions.subarray(3 * atom, 3 * atom + 3);
      const factors = Float64Array.from(exponents, (alpha, p) => coefficients[p] * primitiveNorm(l, alpha));
      shells.push({ atom, l, first, x, y, z, exponents: Float64Array.from(exponents), factors });
      first += 2 * l + 1;
    }
  }
  atomFirst[atoms] = first;
  return { shells, size: first, atomFirst };
}
