import type { Structure } from "../dist/structure/structure.js";

/** Atomic numbers and positions, bohr; neutral and without unpaired electrons unless `more` says otherwise. */
export function structureOf(
  species: readonly number[],
  positions: ArrayLike<number>,
  more: Partial<Structure> = {},
): Structure {
  return {
    species: Uint8Array.from(species),
    positions: Float64Array.from(positions),
    charge: 0,
    unpaired: 0,
    info: {},
    ...more,
  };
}
