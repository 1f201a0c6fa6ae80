/** Cuts the atoms of a structure into groups of neighbours: across its longest side, again and again (a k-d tree). */
import { reciprocalVectors } from "./reciprocal-lattice.js";
import type { Structure } from "./structure.js";

/**
 * Groups (of atoms, each in ascending order) whose `sizes` sum to about `most` or less, an atom at least. Those of a
 * crystal do not depend on which images of its atoms are given.
 */
export function compactGroups(structure: Structure, sizes: ArrayLike<number>, most: number): number[][] {
  const positions = insideCell(structure);
  const split = (atoms: number[]): number[][] => {
    const total = atoms.reduce((sum, i) => sum + sizes[i], 0);
    const parts = Math.min(Math.ceil(total / most), atoms.length);
    if (parts <= 1) return [atoms.toSorted((i, j) => i - j)];
    const along = longestSide(positions, atoms);
    const ordered = atoms.toSorted((i, j) => positions[3 * i + along] - positions[3 * j + along] || i - j);
    const wanted = (total * (parts >> 1)) / parts;
    let left = 0;
    for (let sum = 0; left < atoms.length - 1 && (left === 0 || sum + sizes[ordered[left]] / 2 <= wanted); left++)
      sum += sizes[ordered[left]];
    return [...split(ordered.slice(0, left)), ...split(ordered.slice(left))];
  };
  return split(Array.from(sizes, (_, i) => i));
}

/** The axis along which the atoms lie farthest apart. */
function longestSide(positions: Float64Array, atoms: readonly number[]): number {
  const sides = [0, 1, 2].map((axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (const i of atoms) {
      low = Math.min(low, positions[3 * i + axis]);
      high = Math.max(high, positions[3 * i + axis]);
    }
    return high - low;
  });
  return sides.indexOf(Math.max(...sides));
}

/** Just below a whole number of lattice vectors is taken for it. */
const ROUNDING = 1e-9;

/** Positions of the images within the cell, in the directions that repeat. */
function insideCell({ positions, cell }: Structure): Float64Array {
  const inside = positions.slice();
  if (!cell?.periodic.some(Boolean)) return inside;
  const { vectors, periodic } = cell;
  const reciprocal = reciprocalVectors(vectors);
  for (let i = 0; i < positions.length; i += 3)
    for (let k = 0; k < 3; k++) {
      if (!periodic[k]) continue;
      let fraction = 0;
      for (let d = 0; d < 3; d++) fraction += reciprocal[3 * k + d] * positions[i + d];
      const whole = Math.floor(fraction + ROUNDING);
      for (let d = 0; d < 3; d++) inside[i + d] -= whole * vectors[3 * k + d];
    }
  return inside;
}
