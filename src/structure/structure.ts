/** A set of atoms, isolated or periodic. */
import { BrineError } from "../errors.js";
import { elementSymbol } from "./elements.js";

/** Lattice vectors as rows (bohr) and the directions that repeat. */
export interface Cell {
  /** [3, 3], vectors as rows, bohr. */
  readonly vectors: Float64Array;
  /** Along which vectors the cell repeats; periodic levels need all three. */
  readonly periodic: readonly [boolean, boolean, boolean];
}

/** What else a file said about a structure, kept and written back. */
export type Info = Readonly<Record<string, string | number | boolean>>;

/** A molecule or a periodic cell, with its electrons. */
export interface Structure {
  /** Atomic numbers. */
  readonly species: Uint8Array;
  /** [atoms, 3], bohr. */
  readonly positions: Float64Array;
  /** Absent for molecules. */
  readonly cell?: Cell;
  /** Electrons missing from the neutral atoms. */
  readonly charge: number;
  /** Number of unpaired electrons. */
  readonly unpaired: number;
  /** What else its file said. */
  readonly info: Info;
}

/** Two nuclei closer than this (bohr) are taken for a mistake. */
const CLOSEST = 0.5;

export function atomCount(structure: Structure): number {
  return structure.species.length;
}

/** Electrons of the neutral atoms less the charge. `nuclearCharges` defaults to the atomic numbers. */
export function electronCount(structure: Structure, nuclearCharges: ArrayLike<number> = structure.species): number {
  let sum = -structure.charge;
  for (let i = 0; i < nuclearCharges.length; i++) sum += nuclearCharges[i];
  return sum;
}

/** The structure of these atoms alone, in the same cell. */
export function substructure(structure: Structure, atoms: readonly number[]): Structure {
  return {
    ...structure,
    species: Uint8Array.from(atoms, (i) => structure.species[i]),
    positions: Float64Array.from(atoms.flatMap((i) => [...structure.positions.subarray(3 * i, 3 * i + 3)])),
  };
}

/** Whether the structure repeats in any direction. */
export function isPeriodic({ cell }: Structure): boolean {
  return cell?.periodic.some(Boolean) === true;
}

/** Whether all that a calculation depends on is equal: atoms, cell, electrons. */
export function sameStructure(a: Structure, b: Structure): boolean {
  const equal = <T>(x: ArrayLike<T>, y: ArrayLike<T>): boolean =>
    x.length === y.length && Array.from(x).every((value, i) => value === y[i]);
  return (
    a.charge === b.charge &&
    a.unpaired === b.unpaired &&
    equal(a.species, b.species) &&
    equal(a.positions, b.positions) &&
    equal(a.cell?.vectors ?? [], b.cell?.vectors ?? []) &&
    equal(a.cell?.periodic ?? [], b.cell?.periodic ?? [])
  );
}

/** Hill formula: C, H, then alphabetical: `C2H6O`. */
export function formula(structure: Structure): string {
  const counts = new Map<string, number>();
  for (const z of structure.species) counts.set(elementSymbol(z), (counts.get(elementSymbol(z)) ?? 0) + 1);
  const rank = (symbol: string): string =>
    counts.has("C") && symbol === "C" ? "0" : counts.has("C") && symbol === "H" ? "1" : symbol;
  return [...counts]
    .toSorted(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .map(([symbol, n]) => (n === 1 ? symbol : symbol + n))
    .join("");
}

/** The distinct species, ascending. */
export function speciesOf(structures: Iterable<Structure>): number[] {
  const found = new Set<number>();
  for (const structure of structures) for (const z of structure.species) found.add(z);
  return [...found].toSorted((a, b) => a - b);
}

/**
 * Throws `input` for what no calculation can use: no atoms, NaN or infinite positions, atoms on top of
 * each other (isolated structures; periodic images are the neighbour list's business).
 */
export function checkStructure(structure: Structure): void {
  const { species, positions } = structure;
  if (species.length === 0) throw new BrineError("input", "the structure has no atoms");
  if (positions.length !== 3 * species.length)
    throw new BrineError("input", `${species.length} species but ${positions.length / 3} positions`);
  for (let i = 0; i < positions.length; i++)
    if (!Number.isFinite(positions[i]))
      throw new BrineError(
        "input",
        `atom ${Math.floor(i / 3)} (${elementSymbol(species[Math.floor(i / 3)])}) has a position that is not a number`,
      );
  for (let i = 0; i < species.length; i++)
    for (let j = 0; j < i; j++) {
      const r = Math.hypot(
        positions[3 * i] - positions[3 * j],
        positions[3 * i + 1] - positions[3 * j + 1],
        positions[3 * i + 2] - positions[3 * j + 2],
      );
      if (r < CLOSEST)
        throw new BrineError(
          "input",
          `atoms ${j} (${elementSymbol(species[j])}) and ${i} (${elementSymbol(species[i])}) overlap: ${r.toFixed(3)} bohr apart; check the positions and their unit (ångström)`,
        );
    }
}
