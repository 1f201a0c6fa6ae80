/** Cuts the atoms of a structure into groups of neighbours: across its longest side, again and again (a k-d tree). */

/**
 * Groups (of atoms, each in ascending order) whose `sizes` sum to about `most` or less, an atom at least. `positions`
 * is [atoms, 3].
 */
export function compactGroups(positions: Float64Array, sizes: ArrayLike<number>, most: number): number[][] {
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
