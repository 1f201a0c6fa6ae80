/**
 * The files of basis sets and pseudopotentials of CP2K (T. D. Kühne et al., J. Chem. Phys. 152, 194103 (2020)): entries
 * that begin with a line `O NAME ALIAS …` and go on with lines of numbers. `#` and `!` begin comments.
 */
import { BrineError } from "../errors.js";
import { atomicNumber } from "../structure/elements.js";

export interface Cp2kEntry {
  readonly z: number;
  /** All names, upper case. */
  readonly names: readonly string[];
  /** From 1. */
  readonly line: number;
  /** The words of each line after the first. */
  readonly rows: readonly (readonly string[])[];
}

/** The entries of a file, in its order. Throws `corrupt` for numbers before the first entry. */
export function cp2kEntries(text: string, where: string): Cp2kEntry[] {
  const entries: { z: number; names: string[]; line: number; rows: string[][] }[] = [];
  text.split("\n").forEach((full, index) => {
    const words = full.replace(/[#!].*/, "").match(/\S+/g);
    if (!words) return;
    const [first, ...names] = words;
    if (/^[A-Za-z]{1,2}$/.test(first) && names.length > 0)
      entries.push({
        z: atomicNumber(first),
        names: names.map((name) => name.toUpperCase()),
        line: index + 1,
        rows: [],
      });
    else if (entries.length > 0) entries[entries.length - 1].rows.push([...words]);
    else throw new BrineError("corrupt", "not a basis or potential file of CP2K", { where: `${where}:${index + 1}` });
  });
  if (entries.length === 0) throw new BrineError("corrupt", "there are no elements in this file", { where });
  return entries;
}

/**
 * One entry an element. A file with several (of different sets or charges) needs `name`, one of the names of an entry,
 * with or without its `-qN`. Throws `input` when that leaves none or more than one.
 */
export function selectEntries(entries: readonly Cp2kEntry[], name: string, where: string): Cp2kEntry[] {
  const elements = [...new Set(entries.map(({ z }) => z))];
  if (elements.length === entries.length) return [...entries];
  const wanted = name.toUpperCase();
  const selected = elements.flatMap((z) => {
    const some = entries.filter((entry) => entry.z === z);
    const exact = some.filter(({ names }) => names.includes(wanted));
    return exact.length > 0 ? exact : some.filter(({ names }) => names.some((n) => n.replace(/-Q\d+$/, "") === wanted));
  });
  const twice = selected.find((entry) => selected.some((other) => other !== entry && other.z === entry.z));
  if (selected.length === 0 || twice)
    throw new BrineError(
      "input",
      twice
        ? `several entries are called ${name}; leave one in a file of its own`
        : `there are several sets in this file and none is called ${name}`,
      { where: twice ? `${where}:${twice.line}` : where },
    );
  return selected;
}

/** N of a name `…-qN`, if one has it. */
export function valenceOf({ names }: Cp2kEntry): number | undefined {
  const q = names.map((name) => /-Q(\d+)$/.exec(name)?.[1]).find((found) => found !== undefined);
  return q === undefined ? undefined : Number(q);
}

/** A number of an entry. Throws `corrupt` for anything else. */
export function cp2kNumber(word: string | undefined, where: string): number {
  const value = word === undefined ? Number.NaN : Number(word.replace(/[dD]/, "e"));
  if (!Number.isFinite(value))
    throw new BrineError("corrupt", word === undefined ? "the entry ends too early" : `"${word}" is not a number`, {
      where,
    });
  return value;
}

/** A whole number ≥ 0 of an entry. */
export function cp2kCount(word: string | undefined, where: string): number {
  const value = cp2kNumber(word, where);
  if (!Number.isInteger(value) || value < 0) throw new BrineError("corrupt", `"${word}" is not a count`, { where });
  return value;
}

/** A number with all digits of a double. */
export function fortranNumber(value: number): string {
  return value.toExponential(16).replace("e", "E");
}
