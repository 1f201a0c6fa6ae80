/**
 * Gaussian's formatted checkpoint files: geometry, basis, orbitals and the total SCF density.
 *
 * A line names a quantity (40 characters), its type and its value, or the number of values that follow. Shell types
 * are l, −1 for s and p together, −l for spherical and +l for Cartesian shells from d on; functions are ordered
 * m = 0, +1, −1, …, p as x, y, z; contraction coefficients multiply normalised primitives. Source:
 * https://gaussian.com/formchk and https://gaussian.com/interfacing.
 */
import type { Basis, Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { matrix, type Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";
import type { MoldenOrbital, MoldenSections } from "./molden-sections.js";
import { orbitalsInBrineOrder, type Orbital } from "./orbital-sections.js";

/** What a formatted checkpoint file of Gaussian holds. */
export interface Fchk {
  /** What stands in the first line. */
  readonly title: string;
  /** Such as `RB3LYP`. */
  readonly method: string;
  /** The atoms, with charge and unpaired electrons. */
  readonly structure: Structure;
  /** The orbital basis. */
  readonly basis: Basis;
  /** Those of spin α, or of both; then those of spin β where they differ. */
  readonly orbitals: readonly Orbital[];
  /** [functions, orbitals], brine's order and normalisation. */
  readonly coefficients: Matrix;
  /** Both spins together, brine's order. */
  readonly densityMatrix: Matrix;
  /** hartree */
  readonly energy?: number;
  /** e·bohr, as the file gives it. */
  readonly dipole?: readonly [number, number, number];
  /** The largest element of |CᵀSC − 1|. */
  readonly orthonormality: number;
}

type Values = ReadonlyMap<string, readonly number[]>;

/**
 * Throws `corrupt` for what is no checkpoint file or is cut off, `input` for one without orbitals or density,
 * `unsupported` for Cartesian shells from d on and effective cores.
 */
export function readFchk(text: string, source = "fchk file"): Fchk {
  const lines = text.split(/\r?\n/);
  const [, method = "", basisName = "fchk"] = (lines[1] ?? "").trim().split(/\s+/);
  const values = valuesOf(lines, source);
  const { places, dialect: _dialect, ...found } = orbitalsInBrineOrder(sectionsOf(values, source), basisName, source);
  const charge = one(values, "Charge", source);
  const unpaired = one(values, "Multiplicity", source) - 1;
  const energy = values.get("Total Energy")?.[0] ?? values.get("SCF Energy")?.[0];
  const dipole = values.get("Dipole Moment");
  return {
    title: lines[0].trim(),
    method,
    ...found,
    structure: { ...found.structure, charge, unpaired },
    densityMatrix: densityOf(list(values, "Total SCF Density", source), places, source),
    ...(energy === undefined ? {} : { energy }),
    ...(dipole === undefined ? {} : { dipole: [dipole[0], dipole[1], dipole[2]] as const }),
  };
}

/** All quantities that are numbers. */
function valuesOf(lines: readonly string[], source: string): Values {
  const values = new Map<string, readonly number[]>();
  for (let i = 2; i < lines.length; i++) {
    const head = /^(\S.{39}) {3}([IR])\s+(N=)?\s*(\S+)\s*$/.exec(lines[i]);
    if (!head) continue;
    const [, label, , isList, value] = head;
    if (!isList) {
      values.set(label.trim(), [numberOf(value, `${source}:${i + 1}`)]);
      continue;
    }
    const count = Number(value);
    const numbers: number[] = [];
    const start = i;
    while (numbers.length < count && i + 1 < lines.length) {
      i++;
      for (const word of lines[i].trim().split(/\s+/)) numbers.push(numberOf(word, `${source}:${i + 1}`));
    }
    if (numbers.length !== count)
      throw new BrineError("corrupt", `${label.trim()}: ${numbers.length} numbers of ${count}; the file is cut off`, {
        where: `${source}:${start + 1}`,
      });
    values.set(label.trim(), numbers);
  }
  if (!values.has("Number of atoms"))
    throw new BrineError("corrupt", "not a formatted checkpoint file: it gives no number of atoms", { where: source });
  return values;
}

function sectionsOf(values: Values, source: string): MoldenSections {
  const species = Uint8Array.from(list(values, "Atomic numbers", source));
  const charges = values.get("Nuclear charges");
  const core = charges?.findIndex((charge, atom) => charge !== species[atom]) ?? -1;
  if (core >= 0)
    throw new BrineError(
      "unsupported",
      `atom ${core} has a nuclear charge of ${charges?.[core]}, an effective core; brine reads all-electron orbitals only`,
      { where: source },
    );
  const types = list(values, "Shell types", source);
  return {
    atoms: { species, positions: Float64Array.from(list(values, "Current cartesian coordinates", source)) },
    shells: shellsOf(values, types, species.length, source),
    spherical: new Set(types.filter((type) => type < -1).map((type) => -type)),
    orbitals: orbitalsOf(values, source),
  };
}

function shellsOf(values: Values, types: readonly number[], atoms: number, source: string): Shell[][] {
  const shells: Shell[][] = Array.from({ length: atoms }, () => []);
  const counts = list(values, "Number of primitives per shell", source);
  const map = list(values, "Shell to atom map", source);
  const exponents = list(values, "Primitive exponents", source);
  const first = list(values, "Contraction coefficients", source);
  const second = values.get("P(S=P) Contraction coefficients");
  const mixed = types.find((type) => type > 1 && types.includes(-type));
  if (mixed !== undefined || map.some((atom, k) => atom < (map[k - 1] ?? 1) || atom > atoms))
    throw new BrineError(
      "unsupported",
      "the shells are Cartesian and spherical side by side, or not in the order of the atoms",
      { where: source },
    );
  let start = 0;
  types.forEach((type, k) => {
    const end = start + counts[k];
    const part = (from: readonly number[]): readonly number[] => from.slice(start, end);
    const of = shells[map[k] - 1];
    of.push({ l: type === -1 ? 0 : Math.abs(type), exponents: part(exponents), coefficients: part(first) });
    if (type === -1) of.push({ l: 1, exponents: part(exponents), coefficients: part(second ?? []) });
    start = end;
  });
  return shells;
}

/** Those of spin α, or of both spins with two electrons each; then those of spin β where they differ. */
function orbitalsOf(values: Values, source: string): MoldenOrbital[] {
  const alpha = one(values, "Number of alpha electrons", source);
  const beta = one(values, "Number of beta electrons", source);
  const functions = one(values, "Number of basis functions", source);
  const ofSpin = (spin: "Alpha" | "Beta", occupation: (i: number) => number): MoldenOrbital[] => {
    const coefficients = list(values, `${spin} MO coefficients`, source);
    return list(values, `${spin} Orbital Energies`, source).map((energy, i) => ({
      energy,
      occupation: occupation(i),
      spin: spin === "Alpha" ? "alpha" : "beta",
      coefficients: coefficients.slice(i * functions, (i + 1) * functions),
      line: 1,
    }));
  };
  if (!values.has("Beta MO coefficients")) return ofSpin("Alpha", (i) => Number(i < alpha) + Number(i < beta));
  return [...ofSpin("Alpha", (i) => Number(i < alpha)), ...ofSpin("Beta", (i) => Number(i < beta))];
}

/** From the lower triangle, row by row. */
function densityOf(packed: readonly number[], places: Int32Array, source: string): Matrix {
  const n = places.length;
  if (packed.length !== (n * (n + 1)) / 2)
    throw new BrineError("corrupt", `a density of ${packed.length} numbers for ${n} functions`, { where: source });
  const result = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const row = Math.max(places[i], places[j]);
      result.data[i * n + j] = packed[(row * (row + 1)) / 2 + Math.min(places[i], places[j])];
    }
  return result;
}

function list(values: Values, name: string, source: string): readonly number[] {
  const found = values.get(name);
  if (!found)
    throw new BrineError("input", `there is no "${name}" in the file; write it with formchk from a full checkpoint`, {
      where: source,
    });
  return found;
}

function one(values: Values, name: string, source: string): number {
  return list(values, name, source)[0];
}

function numberOf(word: string, where: string): number {
  const value = Number(word.replace(/[dD]/, "e"));
  if (!Number.isFinite(value)) throw new BrineError("corrupt", `"${word}" is not a number`, { where });
  return value;
}
