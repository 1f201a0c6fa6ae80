/**
 * The short-range local potential of all cores of a crystal, U_tuv = Σ_A ∫ Λ_tuv(p, P) V_A, at points near one atom:
 * the cores within reach are listed once an atom, nearest first.
 */
import { potentialOf, type Pseudopotentials } from "../basis/pseudopotential.js";
import { hermiteCount } from "./hermite.js";
import { speciesOf, type Structure } from "../structure/structure.js";
import { addLocalIntegral, localIntegral, localReach, type LocalIntegral } from "./gth-local.js";
import type { LatticeImages } from "../structure/lattice-images.js";

/** Cores near an atom, by distance from it. */
export interface NearCores {
  /** Displacements from the atom, [cores] each. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly distance: Float64Array;
  /** Number of the element among those of the structure. */
  readonly element: Uint8Array;
}

/** The cores within `radius` of atom `atom`, all images. */
export function coresNear(structure: Structure, images: LatticeImages, atom: number, radius: number): NearCores {
  const { species, positions } = structure;
  const elements = speciesOf([structure]);
  const found: { r: number; d: Float64Array; element: number }[] = [];
  species.forEach((z, core) => {
    const d = [0, 1, 2].map((k) => positions[3 * core + k] - positions[3 * atom + k]);
    const near = images.within(d[0], d[1], d[2], radius);
    for (let k = 0; k < near.length; k += 3) {
      const vector = near.subarray(k, k + 3);
      found.push({ r: Math.hypot(...vector), d: vector, element: elements.indexOf(z) });
    }
  });
  found.sort((a, b) => a.r - b.r);
  return {
    x: Float64Array.from(found, ({ d }) => d[0]),
    y: Float64Array.from(found, ({ d }) => d[1]),
    z: Float64Array.from(found, ({ d }) => d[2]),
    distance: Float64Array.from(found, ({ r }) => r),
    element: Uint8Array.from(found, ({ element }) => element),
  };
}

/** Contributions to an integral below this are left out. */
const NEGLIGIBLE = 1e-14;

/** Sizes e^−40 … e^10 of products of functions, for which reaches are tabulated. */
const LOWEST = -40;
const HIGHEST = 10;

/** The potentials of all elements with the Hermite Gaussians of one exponent. */
export interface CoreIntegrals {
  readonly order: number;
  /** [elements] */
  readonly integrals: readonly LocalIntegral[];
  /** [elements][size]: squared reach by the logarithm of the size. */
  readonly reaches: readonly Float64Array[];
  /** [size]: the longest reach of all elements. */
  readonly longest: Float64Array;
}

export function coreIntegrals(
  pseudopotentials: Pseudopotentials,
  structure: Structure,
  p: number,
  order: number,
): CoreIntegrals {
  const integrals = speciesOf([structure]).map((z) => localIntegral(potentialOf(pseudopotentials, z), p, order));
  const sizes = Array.from({ length: HIGHEST - LOWEST + 1 }, (_, k) => Math.exp(LOWEST + k));
  const reaches = integrals.map((integral) =>
    Float64Array.from(sizes, (size) => localReach(integral, size, NEGLIGIBLE) ** 2),
  );
  const longest = Float64Array.from(sizes, (_, k) => Math.sqrt(Math.max(...reaches.map((reach) => reach[k]))));
  return { order, integrals, reaches, longest };
}

const sizeIndex = (size: number): number => Math.min(HIGHEST - LOWEST, Math.max(0, Math.ceil(Math.log(size) - LOWEST)));

/** How far from P cores count for a product of functions of that size. */
export function coreReach({ longest }: CoreIntegrals, size: number): number {
  return longest[sizeIndex(size)];
}

/** Overwrites the first elements of `u` with U_tuv, t + u + v ≤ order, for a product of functions of `size` at (x, y, z) from the atom. */
export function writeCorePotential(
  { order, integrals, reaches, longest }: CoreIntegrals,
  cores: NearCores,
  x: number,
  y: number,
  z: number,
  size: number,
  u: Float64Array,
): void {
  u.fill(0, 0, hermiteCount(order));
  const index = sizeIndex(size);
  const farthest = Math.hypot(x, y, z) + longest[index];
  for (let c = 0; c < cores.distance.length && cores.distance[c] < farthest; c++) {
    const dx = x - cores.x[c];
    const dy = y - cores.y[c];
    const dz = z - cores.z[c];
    const element = cores.element[c];
    if (dx * dx + dy * dy + dz * dz < reaches[element][index]) addLocalIntegral(integrals[element], dx, dy, dz, u);
  }
}
