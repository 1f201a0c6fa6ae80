/**
 * Molden files: atoms, Gaussian basis and orbitals.
 *
 * Spherical shells only, m = 0, +1, −1, +2, −2, …; p as x, y, z. Contraction coefficients multiply normalised
 * primitives. Source: https://www.theochem.ru.nl/molden/molden_format.html. What programs do differently is found
 * out from the orthonormality of the orbitals (molden-dialects.ts).
 */
import { placeBasis, shellsOf, type Basis, type Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import { elementSymbol } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import type { Dialect } from "./molden-dialects.js";
import { parseMolden } from "./molden-sections.js";
import { fileOrder, LETTERS, orbitalsInBrineOrder, type Orbital } from "./orbital-sections.js";

export type { Orbital } from "./orbital-sections.js";

/** What a molden file holds, in brine's order and normalisation. */
export interface Molden {
  /** The charge is that of the occupied orbitals, as a whole number. */
  readonly structure: Structure;
  /** The orbital basis. */
  readonly basis: Basis;
  /** Energies and occupations, one for each column of `coefficients`. */
  readonly orbitals: readonly Orbital[];
  /** [functions, orbitals], brine's order and normalisation. */
  readonly coefficients: Matrix;
}

/** A molden file with how it was written. */
export interface ReadMolden extends Molden {
  /** How the program that wrote the file normalises. */
  readonly dialect: Dialect;
  /** The largest element of |CᵀSC − 1|: how many digits the file has. */
  readonly orthonormality: number;
}

/**
 * Throws `unsupported` for Cartesian shells from d on, Slater functions, effective cores, and atoms of one element
 * with different functions; `corrupt` or `input` for what is no molden file, with the line.
 */
export function readMolden(text: string, source = "molden file"): ReadMolden {
  const { places: _places, ...found } = orbitalsInBrineOrder(parseMolden(text, source), "molden", source);
  return found;
}

/** Throws `unsupported` for a basis with functions beyond l = 6 and `mismatch` for coefficients that do not fit. */
export function writeMolden({ structure, basis, orbitals, coefficients }: Molden, title = "written by brine"): string {
  const placed = placeBasis(basis, structure);
  if (coefficients.rows !== placed.size || coefficients.columns !== orbitals.length)
    throw new BrineError(
      "mismatch",
      `${coefficients.rows} × ${coefficients.columns} coefficients for ${placed.size} functions and ${orbitals.length} orbitals`,
    );
  const lmax = Math.max(...placed.shells.map(({ l }) => l));
  if (lmax >= LETTERS.length) throw new BrineError("unsupported", `molden files have no functions with l = ${lmax}`);
  const lines = ["[Molden Format]", "[Title]", ` ${title.replace(/\s+/g, " ")}`, "[Atoms] AU"];
  structure.species.forEach((z, atom) => {
    const position = [...structure.positions.subarray(3 * atom, 3 * atom + 3)].map((x) => x.toFixed(12).padStart(20));
    lines.push(`${elementSymbol(z).padEnd(2)} ${atom + 1} ${z} ${position.join(" ")}`);
  });
  lines.push("[GTO]");
  structure.species.forEach((z, atom) => {
    lines.push(`${atom + 1} 0`);
    for (const shell of shellsOf(basis, z)) lines.push(...shellLines(shell));
    lines.push("");
  });
  lines.push("[5D7F]", "[9G]", ...(lmax >= 5 ? ["[11H]"] : []), ...(lmax >= 6 ? ["[13I]"] : []), "[MO]");
  const places = placed.shells.flatMap(({ l, first }) => fileOrder(l).map((m) => first + m));
  const stride = coefficients.stride ?? coefficients.columns;
  orbitals.forEach(({ energy, occupation, spin, symmetry }, i) => {
    lines.push(
      ` Sym= ${symmetry ?? `${i + 1}a`}`,
      ` Ene= ${energy.toExponential(12)}`,
      ` Spin= ${spin === "alpha" ? "Alpha" : "Beta"}`,
      ` Occup= ${occupation.toFixed(6)}`,
    );
    places.forEach((place, k) =>
      lines.push(
        `${String(k + 1).padStart(5)} ${coefficients.data[place * stride + i].toExponential(12).padStart(20)}`,
      ),
    );
  });
  return `${lines.join("\n")}\n`;
}

function shellLines({ l, exponents, coefficients }: Shell): string[] {
  const rows = exponents.map(
    (alpha, p) => `${alpha.toExponential(12).padStart(20)} ${coefficients[p].toExponential(12).padStart(20)}`,
  );
  return [` ${LETTERS[l]} ${exponents.length} 1.00`, ...rows];
}
