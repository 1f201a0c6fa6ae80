/**
 * Basis sets in the format of CP2K. An entry is the number of its sets, and each set a line
 *
 *   n  l_min  l_max  exponents  shells(l_min) … shells(l_max)
 *
 * followed by one line an exponent with the coefficients of all its shells: the shells of a set share their exponents
 * (MOLOPT: VandeVondele & Hutter, J. Chem. Phys. 127, 114105 (2007), doi:10.1063/1.2770708). Coefficients multiply
 * normalised primitives; each contracted function is then normalised (norm type 2 of CP2K).
 */
import { normalisedShell, type Basis, type Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import { cp2kCount, cp2kEntries, cp2kNumber, selectEntries, valenceOf, type Cp2kEntry } from "./cp2k-entries.js";

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
    shells[entry.z] = shellsOfEntry(entry, `${where}, ${elementSymbol(entry.z)}`);
    const q = valenceOf(entry);
    if (q !== undefined) valence[entry.z] = q;
  }
  return { name, shells, ...(Object.keys(valence).length > 0 ? { valence } : {}) };
}

function shellsOfEntry({ rows }: Cp2kEntry, where: string): Shell[] {
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
