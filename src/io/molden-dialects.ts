/**
 * What programs that write molden files mean by their numbers, told by which meaning makes the orbitals orthonormal.
 *
 * - Contraction coefficients multiply normalised primitives, as the format says, or r^l exp(−αr²) with a factor of
 *   the whole shell (ORCA, Psi4).
 * - Orbital coefficients multiply functions of unit self-overlap, or the contractions exactly as they stand.
 * - ORCA's functions with |m| = 3 and 4 have the opposite sign; its manual and iodata (theochem/iodata, LGPL-3) say so.
 */
import { normalisedShell, primitiveNorm, type PlacedBasis, type PlacedShell, type Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { overlapMatrix } from "../integrals/index.js";
import { multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { copy, type Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";

/** What programs write differently into molden files. */
export interface Dialect {
  /** What contraction coefficients multiply. */
  readonly primitives: "normalised" | "bare";
  /** What orbital coefficients multiply. */
  readonly functions: "unit" | "as written";
  /** Signs of the functions of f and g shells. */
  readonly signs: "molden" | "orca";
}

export interface Understood {
  readonly dialect: Dialect;
  readonly orthonormality: number;
  /** Of each atom; coefficients multiply normalised primitives. */
  readonly shells: readonly (readonly Shell[])[];
  /** Of functions of unit self-overlap. */
  readonly coefficients: Matrix;
}

/** A meaning must come this much closer than one before it in the list: with the digits of a file several may do. */
const CLEARLY = 0.5;
/** Orbitals further from orthonormal than this are of no known dialect; files of few digits reach 1e-4. */
const RECOGNISED = 1e-2;

/** `raw`: [functions, orbitals] in brine's order. Throws `corrupt` when no meaning makes the orbitals orthonormal. */
export function understood(
  structure: Structure,
  shells: readonly (readonly Shell[])[],
  raw: Matrix,
  spins: readonly string[],
  source: string,
): Understood {
  let best: Understood | undefined;
  for (const primitives of ["normalised", "bare"] as const) {
    const meant = shells.map((of) => of.map((shell) => (primitives === "bare" ? overNorms(shell) : shell)));
    const placed = place(meant, structure);
    const overlap = overlapMatrix(placed);
    for (const functions of ["unit", "as written"] as const)
      for (const signs of ["molden", "orca"] as const) {
        const factors = functionFactors(meant.flat(), functions, signs);
        const coefficients = copy(raw);
        for (let i = 0; i < raw.data.length; i++) coefficients.data[i] *= factors[Math.floor(i / raw.columns)];
        const orthonormality = distance(overlap, coefficients, spins);
        if (!best || orthonormality < CLEARLY * best.orthonormality)
          best = { dialect: { primitives, functions, signs }, orthonormality, shells: meant, coefficients };
      }
  }
  if (!best || !(best.orthonormality < RECOGNISED))
    throw new BrineError(
      "corrupt",
      `the orbitals are not orthonormal in any of the ways that brine knows (best: ${best?.orthonormality.toExponential(1)}); the basis and the orbitals may not belong together`,
      { where: source },
    );
  return best;
}

/** Coefficients of r^l exp(−αr²) as those of normalised primitives. */
function overNorms({ l, exponents, coefficients }: Shell): Shell {
  return { l, exponents, coefficients: coefficients.map((d, p) => d / primitiveNorm(l, exponents[p])) };
}

/** What turns a coefficient of the file into one of a function of unit self-overlap and brine's sign. */
function functionFactors(shells: readonly Shell[], functions: Dialect["functions"], signs: Dialect["signs"]): number[] {
  return shells.flatMap((shell) => {
    const { l } = shell;
    const norm = functions === "unit" ? 1 : shell.coefficients[0] / normalisedShell(shell).coefficients[0];
    return Array.from({ length: 2 * l + 1 }, (_, k) => {
      const m = Math.abs(k - l);
      return signs === "orca" && (m === 3 || m === 4) ? -norm : norm;
    });
  });
}

/** The shells of each atom, of unit self-overlap. (`placeBasis` gives all atoms of an element the same.) */
function place(shells: readonly (readonly Shell[])[], { positions }: Structure): PlacedBasis {
  const placed: PlacedShell[] = [];
  const atomFirst = new Int32Array(shells.length + 1);
  let first = 0;
  shells.forEach((of, atom) => {
    const [x, y, z] = positions.subarray(3 * atom, 3 * atom + 3);
    for (const shell of of) {
      const { l, exponents, coefficients } = normalisedShell(shell);
      const factors = Float64Array.from(exponents, (alpha, p) => coefficients[p] * primitiveNorm(l, alpha));
      placed.push({ atom, l, first, x, y, z, exponents: Float64Array.from(exponents), factors });
      first += 2 * l + 1;
    }
    atomFirst[atom + 1] = first;
  });
  return { shells: placed, size: first, atomFirst };
}

/** The largest element of |CᵀSC − 1| between orbitals of equal spin. */
function distance(overlap: Matrix, coefficients: Matrix, spins: readonly string[]): number {
  const product = multiplyTransposed(true, false, coefficients, multiply(overlap, coefficients));
  const n = spins.length;
  let result = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      if (spins[i] === spins[j]) result = Math.max(result, Math.abs(product.data[i * n + j] - (i === j ? 1 : 0)));
  return result;
}
