/**
 * Blocks (species a, λ) of the coefficients c_{i,nλμ}. In a block a row is an atom and a component μ, a
 * column is a channel n (the shells of the auxiliary basis with l = λ). The coefficients of a structure
 * in block order are its blocks one after another, each [atoms of the species, 2λ + 1, channels].
 */
import { functionCount, shellsOf, type Basis } from "../basis/basis.js";
import type { Structure } from "../structure/structure.js";

export interface Block {
  readonly species: number;
  readonly lambda: number;
  /** Number of shells with l = λ. */
  readonly channels: number;
  /** Offset among the functions of one atom of the function μ = −λ of each channel. */
  readonly offsets: Int32Array;
}

/** Blocks of `species` (ascending), λ ascending; l's without shells are left out. */
export function blocksOf(auxiliary: Basis, species: readonly number[]): Block[] {
  return species.flatMap((z) => {
    const offsets = new Map<number, number[]>();
    let offset = 0;
    for (const { l } of shellsOf(auxiliary, z)) {
      offsets.set(l, [...(offsets.get(l) ?? []), offset]);
      offset += 2 * l + 1;
    }
    return [...offsets]
      .toSorted(([a], [b]) => a - b)
      .map(([lambda, list]) => ({ species: z, lambda, channels: list.length, offsets: Int32Array.from(list) }));
  });
}

/** `8/2`: names a block in files and messages. */
export function blockKey(block: Block): string {
  return `${block.species}/${block.lambda}`;
}

/** Largest λ among the blocks of each species. */
export function largestLambda(blocks: readonly Block[], species: number): number {
  return Math.max(...blocks.filter((block) => block.species === species).map((block) => block.lambda));
}

/** Atoms of `structure` that belong to `species`, ascending. */
export function atomsOfSpecies(structure: Structure, species: number): number[] {
  const atoms: number[] = [];
  for (let i = 0; i < structure.species.length; i++) if (structure.species[i] === species) atoms.push(i);
  return atoms;
}

export interface BlockOrder {
  /** [functions]: index in brine's order of each coefficient in block order. */
  readonly functions: Int32Array;
  /** [blocks + 1]: where each block starts in block order. */
  readonly first: Int32Array;
}

/** How the coefficients of one structure are put into block order. */
export function blockOrder(blocks: readonly Block[], auxiliary: Basis, structure: Structure): BlockOrder {
  const atomFirst: number[] = [];
  let size = 0;
  for (const z of structure.species) {
    atomFirst.push(size);
    size += functionCount(shellsOf(auxiliary, z));
  }
  const functions = new Int32Array(size);
  const first = new Int32Array(blocks.length + 1);
  let position = 0;
  for (let b = 0; b < blocks.length; b++) {
    const { species, lambda, offsets } = blocks[b];
    for (const atom of atomsOfSpecies(structure, species))
      for (let mu = 0; mu <= 2 * lambda; mu++)
        for (const offset of offsets) functions[position++] = atomFirst[atom] + offset + mu;
    first[b + 1] = position;
  }
  return { functions, first };
}
