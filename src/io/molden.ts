/**
 * Molden files: atoms, Gaussian basis and orbitals.
 *
 * Spherical shells only, m = 0, +1, −1, +2, −2, …; p as x, y, z. Contraction coefficients multiply normalised
 * primitives. Source: https://www.theochem.ru.nl/molden/molden_format.html. What programs do differently is found
 * out from the orthonormality of the orbitals (molden-dialects.ts).
 */
import { functionCount, normalisedShell, placeBasis, shellsOf, type Basis, type Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { elementSymbol } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { understood, type Dialect } from "./molden-dialects.js";
import { parseMolden, type MoldenAtoms, type MoldenOrbital } from "./molden-sections.js";

export interface Orbital {
  /** hartree */
  readonly energy: number;
  /** Electrons in it, 0 to 2; 0 or 1 where the spins have orbitals of their own. */
  readonly occupation: number;
  readonly spin: "alpha" | "beta";
  /** The program's label, such as `1a1`. */
  readonly symmetry?: string;
}

export interface Molden {
  /** The charge is that of the occupied orbitals, as a whole number. */
  readonly structure: Structure;
  readonly basis: Basis;
  readonly orbitals: readonly Orbital[];
  /** [functions, orbitals], brine's order and normalisation. */
  readonly coefficients: Matrix;
}

export interface ReadMolden extends Molden {
  /** How the program that wrote the file normalises. */
  readonly dialect: Dialect;
  /** The largest element of |CᵀSC − 1|: how many digits the file has. */
  readonly orthonormality: number;
}

const LETTERS = "spdfghi";

/**
 * Throws `unsupported` for Cartesian shells from d on, Slater functions, effective cores, and atoms of one element
 * with different functions; `corrupt` or `input` for what is no molden file, with the line.
 */
export function readMolden(text: string, source = "molden file"): ReadMolden {
  const { atoms, shells, spherical, orbitals } = parseMolden(text, source);
  const order = shells.map((of) => of.map((_, k) => k).toSorted((a, b) => of[a].l - of[b].l));
  const size = shells.flat().reduce((sum, { l }) => sum + 2 * l + 1, 0);
  refuseCartesian(shells.flat(), spherical, orbitals, source);
  for (const { coefficients, line } of orbitals)
    if (coefficients.length > size)
      throw new BrineError(
        "corrupt",
        `an orbital has a coefficient ${coefficients.length}, but the basis has ${size} functions`,
        { where: `${source}:${line}` },
      );
  const raw = inBrineOrder(shells, order, orbitals, size);
  const sorted = shells.map((of, atom) => order[atom].map((k) => of[k]));
  const structure = structureOf(atoms, orbitals);
  const found = understood(
    structure,
    sorted,
    raw,
    orbitals.map(({ spin }) => spin),
    source,
  );
  return {
    structure,
    basis: basisOf(structure, found.shells, source),
    orbitals: orbitals.map(({ energy, occupation, spin, symmetry }) => ({
      energy,
      occupation,
      spin,
      ...(symmetry === undefined ? {} : { symmetry }),
    })),
    coefficients: found.coefficients,
    dialect: found.dialect,
    orthonormality: found.orthonormality,
  };
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
  const places = placed.shells.flatMap(({ l, first }) => moldenOrder(l).map((m) => first + m));
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

/** For each function of a shell in molden's order, its place in m = −l … l. */
function moldenOrder(l: number): number[] {
  if (l === 1) return [2, 0, 1];
  return [l, ...Array.from({ length: l }, (_, k) => [l + k + 1, l - k - 1]).flat()];
}

/** Without [5D] and the like a shell is Cartesian, which makes the orbitals longer. */
function refuseCartesian(
  shells: readonly Shell[],
  spherical: ReadonlySet<number>,
  orbitals: readonly MoldenOrbital[],
  source: string,
): void {
  const l = shells.map((shell) => shell.l).find((number) => number >= 2 && !spherical.has(number));
  if (l === undefined) return;
  const where = `${source}:${orbitals[0].line}`;
  throw new BrineError(
    "unsupported",
    `the ${LETTERS[l]} functions are Cartesian (the file has no tag such as [5D], [7F], [9G]), and brine's are spherical; compute the orbitals with spherical functions`,
    { where },
  );
}

/** Functions of the file's order and sign as rows of brine's, each atom's shells in the order given. */
function inBrineOrder(
  shells: readonly (readonly Shell[])[],
  order: readonly (readonly number[])[],
  orbitals: readonly MoldenOrbital[],
  size: number,
): Matrix {
  const result = matrix(size, orbitals.length);
  let base = 0;
  shells.forEach((of, atom) => {
    const starts: number[] = [];
    let inFile = base;
    for (const { l } of of) {
      starts.push(inFile);
      inFile += 2 * l + 1;
    }
    let first = base;
    for (const k of order[atom]) {
      const { l } = of[k];
      moldenOrder(l).forEach((m, position) => {
        orbitals.forEach(
          ({ coefficients }, i) =>
            (result.data[(first + m) * orbitals.length + i] = coefficients[starts[k] + position] ?? 0),
        );
      });
      first += 2 * l + 1;
    }
    base = inFile;
  });
  return result;
}

function structureOf({ species, positions }: MoldenAtoms, orbitals: readonly MoldenOrbital[]): Structure {
  const electrons = orbitals.reduce((sum, { occupation }) => sum + occupation, 0);
  const nuclei = species.reduce((sum, z) => sum + z, 0);
  const spin = orbitals.reduce(
    (sum, orbital) => sum + (orbital.spin === "alpha" ? orbital.occupation : -orbital.occupation),
    0,
  );
  const polarised = orbitals.some((orbital) => orbital.spin === "beta");
  return {
    species,
    positions,
    charge: nuclei - Math.round(electrons),
    unpaired: polarised ? Math.abs(Math.round(spin)) : 0,
    info: {},
  };
}

/** Molden gives shells to atoms, brine to elements. */
function basisOf({ species }: Structure, shells: readonly (readonly Shell[])[], source: string): Basis {
  const result: Record<number, readonly Shell[]> = {};
  const first = new Map<number, number>();
  species.forEach((z, atom) => {
    const earlier = first.get(z);
    if (earlier === undefined) {
      first.set(z, atom);
      result[z] = shells[atom].map(normalisedShell);
    } else if (JSON.stringify(shells[earlier]) !== JSON.stringify(shells[atom]))
      throw new BrineError(
        "unsupported",
        `the atoms ${earlier} and ${atom} (${elementSymbol(z)}) have ${functionCount(shells[earlier])} and ${functionCount(shells[atom])} functions that differ; brine has one set an element`,
        { where: source },
      );
  });
  return { name: "molden", shells: result };
}
