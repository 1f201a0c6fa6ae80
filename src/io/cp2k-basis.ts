/**
 * Basis sets in the format of CP2K. An entry is the number of its sets, and each set a line
 *
 *   n  l_min  l_max  exponents  shells(l_min) … shells(l_max)
 *
 * followed by one line an exponent with the coefficients of all its shells: the shells of a set share their exponents
 * (MOLOPT: VandeVondele & Hutter, J. Chem. Phys. 127, 114105 (2007), doi:10.1063/1.2770708). Coefficients multiply
 * normalised primitives; each contracted function is then normalised (norm type 2 of CP2K).
 */
import { normalisedShell, shellsOf, type Basis, type Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import {
  cp2kCount,
  cp2kEntries,
  cp2kNumber,
  fortranNumber,
  selectEntries,
  valenceOf,
  type Cp2kEntry,
} from "./cp2k-entries.js";

/**
 * Reads the basis called `name`, shells ordered by l with the order of the file kept inside each l. `valence` is there
 * when names end with `-qN`. Throws `corrupt` for text that is not such a file and `input` when the file has several
 * sets but none of this name.
 */
export function readCp2kBasis(text: string, name: string): Basis {
  const where = `basis ${name}`;
  const shells: Record<number, readonly Shell[]> = {};
  const valence: Record<number, number> = {};
  for (const entry of selectEntries(cp2kEntries(text, where), name, where)) {
    shells[entry.z] = entryShells(entry, `${where}, ${elementSymbol(entry.z)}`);
    const q = valenceOf(entry);
    if (q !== undefined) valence[entry.z] = q;
  }
  return { name, shells, ...(Object.keys(valence).length > 0 ? { valence } : {}) };
}

function entryShells({ rows }: Cp2kEntry, where: string): Shell[] {
  const sets = cp2kCount(rows[0]?.[0], where);
  const shells: Shell[] = [];
  let row = 1;
  for (let set = 0; set < sets; set++) {
    const [, lmin, lmax, count, ...numbers] = (rows[row] ?? []).map((word) => cp2kCount(word, where));
    const momenta = Array.from({ length: lmax - lmin + 1 }, (_, k) => lmin + k);
    if (!(lmax >= lmin) || numbers.length !== momenta.length || rows.length < row + 1 + count)
      throw new BrineError("corrupt", `set ${set + 1} of the basis is not complete`, { where });
    const table = rows.slice(row + 1, row + 1 + count).map((words) => words.map((word) => cp2kNumber(word, where)));
    shells.push(
      ...shellsOfSet(
        momenta.flatMap((l, k) => Array<number>(numbers[k]).fill(l)),
        table,
        where,
      ),
    );
    row += 1 + count;
  }
  if (row !== rows.length)
    throw new BrineError("corrupt", "there are more lines than the sets of the basis", { where });
  return shells.toSorted((a, b) => a.l - b.l);
}

/** `table`: one row an exponent, then the coefficients of all shells. */
function shellsOfSet(momenta: readonly number[], table: readonly (readonly number[])[], where: string): Shell[] {
  if (table.some((numbers) => numbers.length !== momenta.length + 1))
    throw new BrineError("corrupt", `an exponent does not have ${momenta.length} coefficients`, { where });
  if (table.some(([alpha]) => !(alpha > 0))) throw new BrineError("corrupt", "an exponent is not positive", { where });
  return momenta.map((l, shell) => {
    const kept = table.filter((numbers) => numbers[shell + 1] !== 0);
    return normalisedShell({
      l,
      exponents: kept.map(([alpha]) => alpha),
      coefficients: kept.map((numbers) => numbers[shell + 1]),
    });
  });
}

/** `text` is a file of CP2K; `order[z][k]` is the place, among the functions of an atom, of the one that CP2K has as its k-th. */
export interface Cp2kBasisFile {
  readonly text: string;
  readonly order: Readonly<Record<number, Int32Array>>;
}

/**
 * The basis of some elements under the name `entry`, full digits. Shells whose exponents are among those of another one
 * share a set, which is what makes CP2K fast. Throws `unsupported` for elements without functions.
 */
export function writeCp2kBasis(basis: Basis, species: readonly number[], entry: string): Cp2kBasisFile {
  const order: Record<number, Int32Array> = {};
  const lines: string[] = [];
  for (const z of species) {
    const shells = shellsOf(basis, z);
    const firsts: number[] = [];
    shells.reduce((first, { l }, i) => (firsts[i] = first) + 2 * l + 1, 0);
    const sets = sharedSets(shells);
    lines.push(`${elementSymbol(z)} ${entry}`, `${sets.length}`, ...sets.flatMap((set) => setLines(set, shells)));
    order[z] = Int32Array.from(
      sets.flat().flatMap((i) => Array.from({ length: 2 * shells[i].l + 1 }, (_, m) => firsts[i] + m)),
    );
  }
  return { text: `${lines.join("\n")}\n`, order };
}

/** Numbers of the shells of each set, ascending. */
function sharedSets(shells: readonly Shell[]): number[][] {
  const sets: number[][] = [];
  let rest = shells.map((_, i) => i);
  while (rest.length > 0) {
    const widest = rest.reduce((best, i) => (shells[i].exponents.length > shells[best].exponents.length ? i : best));
    const known = new Set(shells[widest].exponents);
    const members = rest.filter((i) => shells[i].exponents.every((alpha) => known.has(alpha)));
    sets.push(members);
    rest = rest.filter((i) => !members.includes(i));
  }
  return sets;
}

function setLines(members: readonly number[], shells: readonly Shell[]): string[] {
  const momenta = members.map((i) => shells[i].l);
  const [least, most] = [momenta[0], momenta[momenta.length - 1]];
  const counts = Array.from({ length: most - least + 1 }, (_, k) => momenta.filter((l) => l === least + k).length);
  const exponents = [...new Set(members.flatMap((i) => shells[i].exponents))].toSorted((a, b) => b - a);
  const coefficient = ({ exponents: own, coefficients }: Shell, alpha: number): number =>
    coefficients[own.indexOf(alpha)] ?? 0;
  return [
    [1, least, most, exponents.length, ...counts].join(" "),
    ...exponents.map((alpha) =>
      [alpha, ...members.map((i) => coefficient(shells[i], alpha))].map(fortranNumber).join(" "),
    ),
  ];
}
