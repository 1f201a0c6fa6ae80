/** Orbitals as files of several formats give them (molden, fchk), brought into brine's order and normalisation. */
import { functionCount, normalisedShell, type Basis, type Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { elementSymbol } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { understood, type Dialect } from "./molden-dialects.js";
import type { MoldenAtoms, MoldenOrbital, MoldenSections } from "./molden-sections.js";

/** What a file says of one orbital. */
export interface Orbital {
  /** hartree */
  readonly energy: number;
  /** Electrons in it, 0 to 2; 0 or 1 where the spins have orbitals of their own. */
  readonly occupation: number;
  /** `alpha` also where both spins share the orbital. */
  readonly spin: "alpha" | "beta";
  /** The program's label, such as `1a1`. */
  readonly symmetry?: string;
}

export interface BrineOrbitals {
  /** The charge is that of the occupied orbitals, as a whole number. */
  readonly structure: Structure;
  readonly basis: Basis;
  readonly orbitals: readonly Orbital[];
  /** [functions, orbitals] */
  readonly coefficients: Matrix;
  /** For each function in brine's order, its place in the file. */
  readonly places: Int32Array;
  readonly dialect: Dialect;
  readonly orthonormality: number;
}

export const LETTERS = "spdfghi";

/** For each function of a shell in the order of molden and fchk files, its place in m = −l … l. */
export function fileOrder(l: number): number[] {
  if (l === 1) return [2, 0, 1];
  return [l, ...Array.from({ length: l }, (_, k) => [l + k + 1, l - k - 1]).flat()];
}

/**
 * `basisName` is for the basis found. Throws `unsupported` for Cartesian shells from d on and atoms of one element
 * with different functions, `corrupt` where basis and orbitals do not belong together.
 */
export function orbitalsInBrineOrder(
  { atoms, shells, spherical, orbitals }: MoldenSections,
  basisName: string,
  source: string,
): BrineOrbitals {
  refuseCartesian(shells.flat(), spherical, orbitals, source);
  const order = shells.map((of) => of.map((_, k) => k).toSorted((a, b) => of[a].l - of[b].l));
  const places = placesInFile(shells, order);
  for (const { coefficients, line } of orbitals)
    if (coefficients.length > places.length)
      throw new BrineError(
        "corrupt",
        `an orbital has a coefficient ${coefficients.length}, but the basis has ${places.length} functions`,
        { where: `${source}:${line}` },
      );
  const raw = matrix(places.length, orbitals.length);
  orbitals.forEach(({ coefficients }, i) =>
    places.forEach((place, row) => (raw.data[row * orbitals.length + i] = coefficients[place] ?? 0)),
  );
  const structure = structureOf(atoms, orbitals);
  const found = understood(
    structure,
    shells.map((of, atom) => order[atom].map((k) => of[k])),
    raw,
    orbitals.map(({ spin }) => spin),
    source,
  );
  return {
    structure,
    basis: basisOf(structure, found.shells, basisName, source),
    orbitals: orbitals.map(({ energy, occupation, spin, symmetry }) => ({
      energy,
      occupation,
      spin,
      ...(symmetry === undefined ? {} : { symmetry }),
    })),
    coefficients: found.coefficients,
    places,
    dialect: found.dialect,
    orthonormality: found.orthonormality,
  };
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
    `the ${LETTERS[l]} functions are Cartesian, and brine's are spherical; compute the orbitals with spherical functions (5D, 7F; molden files say so by the tags [5D], [7F], [9G])`,
    { where },
  );
}

/** `order` lists each atom's shells with l ascending. */
function placesInFile(shells: readonly (readonly Shell[])[], order: readonly (readonly number[])[]): Int32Array {
  const places: number[] = [];
  let base = 0;
  shells.forEach((of, atom) => {
    const starts: number[] = [];
    let inFile = base;
    for (const { l } of of) {
      starts.push(inFile);
      inFile += 2 * l + 1;
    }
    for (const k of order[atom]) {
      const first = places.length;
      fileOrder(of[k].l).forEach((m, position) => (places[first + m] = starts[k] + position));
    }
    base = inFile;
  });
  return Int32Array.from(places);
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
function basisOf({ species }: Structure, shells: readonly (readonly Shell[])[], name: string, source: string): Basis {
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
  return { name, shells: result };
}
