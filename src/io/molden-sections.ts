/** The sections of a molden file as they stand: https://www.theochem.ru.nl/molden/molden_format.html. */
import type { Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { atomicNumber } from "../structure/elements.js";
import { BOHR_IN_ANGSTROM } from "../units.js";

export interface MoldenAtoms {
  readonly species: Uint8Array;
  /** [atoms, 3], bohr. */
  readonly positions: Float64Array;
}

export interface MoldenOrbital {
  readonly energy: number;
  readonly occupation: number;
  readonly spin: "alpha" | "beta";
  readonly symmetry?: string;
  /** As long as the last one that is given; those left out are 0. */
  readonly coefficients: readonly number[];
  /** Where it begins, from 1. */
  readonly line: number;
}

export interface MoldenSections {
  readonly atoms: MoldenAtoms;
  /** Of each atom, in the order of the file, coefficients as they stand there. */
  readonly shells: readonly (readonly Shell[])[];
  /** The l from 2 whose functions are spherical. */
  readonly spherical: ReadonlySet<number>;
  readonly orbitals: readonly MoldenOrbital[];
}

interface Line {
  readonly text: string;
  readonly number: number;
}

interface Section {
  readonly name: string;
  /** What stands behind the bracket. */
  readonly rest: string;
  readonly head: Line;
  readonly lines: readonly Line[];
}

const SPHERICAL: Readonly<Record<string, readonly number[]>> = {
  "5d": [2, 3],
  "5d7f": [2, 3],
  "5d10f": [2],
  "7f": [3],
  "9g": [4],
  "11h": [5],
  "13i": [6],
};
const LETTERS = "spdfghi";

/** Throws `corrupt` or `input` with the line for what cannot be read, `unsupported` for Slater functions and cores. */
export function parseMolden(text: string, source: string): MoldenSections {
  const sections = sectionsOf(text, source);
  const only = (name: string): Section => {
    const found = sections.filter((section) => section.name === name);
    if (found.length === 0)
      throw new BrineError("corrupt", `there is no section [${name.toUpperCase()}]`, { where: source });
    if (found.length > 1)
      throw new BrineError(
        "input",
        `the file holds ${found.length} molden documents one after the other; keep one of them`,
        { where: `${source}:${found[1].head.number}` },
      );
    return found[0];
  };
  const slater = sections.find(({ name }) => name === "sto");
  if (slater)
    throw new BrineError("unsupported", "the basis is of Slater functions, and brine's are Gaussians", {
      where: `${source}:${slater.head.number}`,
    });
  const core = sections.find(({ name }) => name === "core" || name === "pseudo");
  if (core)
    throw new BrineError("unsupported", "the atoms have effective cores; brine reads all-electron orbitals only", {
      where: `${source}:${core.head.number}`,
    });
  const atoms = atomsOf(only("atoms"), source);
  const spherical = new Set(sections.flatMap(({ name }) => SPHERICAL[name] ?? []));
  return {
    atoms,
    shells: shellsOf(only("gto"), atoms.species.length, source),
    spherical,
    orbitals: orbitalsOf(only("mo"), source),
  };
}

function sectionsOf(text: string, source: string): Section[] {
  const sections: (Section & { lines: Line[] })[] = [];
  text.split(/\r?\n/).forEach((content, index) => {
    const line = { text: content.trim(), number: index + 1 };
    const head = /^\[([^\]]+)\]\s*(.*)$/.exec(line.text);
    if (head) sections.push({ name: head[1].trim().toLowerCase(), rest: head[2].toLowerCase(), head: line, lines: [] });
    else sections.at(-1)?.lines.push(line);
  });
  if (sections[0]?.name !== "molden format")
    throw new BrineError("corrupt", "a molden file begins with [Molden Format]", { where: source });
  return sections;
}

function atomsOf({ rest, head, lines }: Section, source: string): MoldenAtoms {
  const unit = rest.includes("angs") ? 1 / BOHR_IN_ANGSTROM : 1;
  if (unit === 1 && !rest.includes("au"))
    throw new BrineError("input", `the unit of the atoms is AU or Angs, not "${rest}"`, {
      where: `${source}:${head.number}`,
    });
  const rows = lines
    .filter((line) => line.text !== "")
    .map((line) => {
      const words = line.text.split(/\s+/);
      if (words.length < 6)
        throw new BrineError("corrupt", "an atom is its name, number, charge, x, y and z", {
          where: `${source}:${line.number}`,
        });
      return {
        z: atomicNumber(words[2]),
        position: words.slice(3, 6).map((word) => unit * numberOf(word, line, source)),
      };
    });
  return {
    species: Uint8Array.from(rows, ({ z }) => z),
    positions: Float64Array.from(rows.flatMap(({ position }) => position)),
  };
}

function shellsOf({ lines, head }: Section, atoms: number, source: string): Shell[][] {
  const shells: Shell[][] = Array.from({ length: atoms }, () => []);
  let atom = -1;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const words = line.text.toLowerCase().split(/\s+/);
    if (line.text === "") continue;
    if (/^\d+$/.test(words[0])) {
      atom = Number(words[0]) - 1;
      if (!shells[atom] || shells[atom].length > 0)
        throw new BrineError("corrupt", `basis functions of an atom ${words[0]}, of ${atoms}, or for the second time`, {
          where: `${source}:${line.number}`,
        });
      continue;
    }
    const letters = words[0] === "sp" ? ["s", "p"] : [words[0]];
    const count = Number(words[1]);
    if (
      atom < 0 ||
      letters.some((letter) => letter.length !== 1 || !LETTERS.includes(letter)) ||
      !(Number.isInteger(count) && count > 0 && i + count < lines.length)
    )
      throw new BrineError("corrupt", `expected an atom or a shell such as "p 3 1.00", found "${line.text}"`, {
        where: `${source}:${line.number}`,
      });
    const scale = words[2] === undefined ? 1 : numberOf(words[2], line, source) ** 2 || 1;
    const rows = lines.slice(i + 1, i + 1 + count).map((row) => {
      const numbers = row.text.split(/\s+/).map((word) => numberOf(word, row, source));
      if (numbers.length <= letters.length)
        throw new BrineError("corrupt", "expected an exponent and its coefficients", {
          where: `${source}:${row.number}`,
        });
      return numbers;
    });
    letters.forEach((letter, k) => {
      const used = rows.filter((row) => row[k + 1] !== 0); // CFOUR writes all primitives of an element to each shell
      shells[atom].push({
        l: LETTERS.indexOf(letter),
        exponents: used.map((row) => row[0] * scale),
        coefficients: used.map((row) => row[k + 1]),
      });
    });
    i += count;
  }
  const bare = shells.findIndex((of) => of.length === 0);
  if (bare >= 0)
    throw new BrineError("corrupt", `the atom ${bare + 1} has no basis functions`, {
      where: `${source}:${head.number}`,
    });
  return shells;
}

function orbitalsOf({ lines, head }: Section, source: string): MoldenOrbital[] {
  const orbitals: MoldenOrbital[] = [];
  let keys = new Map<string, string>();
  let coefficients: number[] | undefined;
  for (const line of lines) {
    if (line.text === "") continue;
    const key = /^(\w+)\s*=\s*(.*)$/.exec(line.text);
    if (key) {
      if (coefficients) keys = new Map();
      coefficients = undefined;
      keys.set(key[1].toLowerCase(), key[2]);
      continue;
    }
    const [place, value, more] = line.text.split(/\s+/);
    const index = Number(place) - 1;
    if (more !== undefined || value === undefined || !(Number.isInteger(index) && index >= 0 && index < 1e6))
      throw new BrineError("corrupt", `expected the number of a function and its coefficient, found "${line.text}"`, {
        where: `${source}:${line.number}`,
      });
    if (!coefficients) {
      coefficients = [];
      orbitals.push(orbitalOf(keys, coefficients, line, source));
    }
    while (coefficients.length < index) coefficients.push(0);
    coefficients[index] = numberOf(value, line, source);
  }
  if (orbitals.length === 0)
    throw new BrineError("corrupt", "the section [MO] has no orbitals", { where: `${source}:${head.number}` });
  return orbitals;
}

function orbitalOf(
  keys: ReadonlyMap<string, string>,
  coefficients: readonly number[],
  line: Line,
  source: string,
): MoldenOrbital {
  const symmetry = keys.get("sym");
  return {
    energy: numberOf(keys.get("ene") ?? "0", line, source),
    occupation: numberOf(keys.get("occup") ?? "0", line, source),
    spin: /^b/i.test(keys.get("spin") ?? "") ? "beta" : "alpha",
    ...(symmetry === undefined ? {} : { symmetry: symmetry.trim() }),
    coefficients,
    line: line.number,
  };
}

/** Fortran writes 1.0D+04 and -.5. */
function numberOf(word: string, line: Line, source: string): number {
  const value = Number(word.replace(/d/i, "e"));
  if (!Number.isFinite(value))
    throw new BrineError("corrupt", `"${word}" is not a number`, { where: `${source}:${line.number}` });
  return value;
}
