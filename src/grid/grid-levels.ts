/**
 * How fine the grid of an atom is: radial points and, in shells around the nucleus, the sizes of the Lebedev
 * spheres. Near the nucleus the density is nearly spherical and far out it is small, so both get few angular
 * points (pruning; P. M. W. Gill, B. G. Johnson, J. A. Pople, Chem. Phys. Lett. 209, 506 (1993)).
 *
 * The sizes were chosen by the PBE energy of fixed density matrices, one shell at a time. Points an atom of a
 * QM9 molecule of 15 atoms and largest error, 1e-6 hartree, over H2O, HF, N2, NH3, CH4, CH2O, CH3OH, HCl, H2S, PH3
 * and three QM9 molecules of 15 to 22 atoms (levels 5 to 7: one; 8: H2O and NH3 against level 9) in two or three
 * orientations, def2-SVP or TZVP:
 *
 *   level     1     2     3     4     5      6      7      8      9
 *   points 1200  2000  3200  5600  9000  14000  21500  32000  49000
 *   error   250   140    16     8     1    0.2    0.1  0.002
 *
 * Molecules of 3 to 6 atoms stay below 10 at level 3; so do H2O, CH3OH and OH− in aug-cc-pVDZ. The error grows with
 * the number of atoms (1.4 an atom at most: 42 for C9H20). Atoms beyond neon bind at 3.5 to 4.5 bohr, where they need
 * larger spheres: at level 3 PSCl3, H2S, SiH4, HCl, SO2, Cl2 and NaCl then stay below 15 and AlF3 is at 21 against level 7,
 * in two orientations (with the spheres of carbon 68 and 134 for PSCl3 and NaCl).
 */
import { BrineError } from "../errors.js";
import { type RadialRule, radialRule } from "./radial-rule.js";

export interface AtomGrid {
  readonly radial: RadialRule;
  /** Outer radius of each shell of equal spheres but the last, bohr. */
  readonly boundaries: readonly number[];
  /** Lebedev points of the spheres in each shell: one more than boundaries. */
  readonly spheres: readonly number[];
}

const BOUNDARIES = [0.1, 0.25, 0.45, 0.7, 1, 1.4, 2, 3, 4.5];

/** Sizes of spheres, all without negative weights; levels above 3 take the next larger ones. */
const SIZES = [6, 14, 26, 50, 86, 110, 146, 194, 302, 434, 590, 770, 974, 1202, 1454];

interface Level {
  /** Radial points of H–He, Li–Ne, Na–Ar and the rest. */
  readonly radial: readonly [number, number, number, number];
  /** Places in SIZES for each shell, of H–He, of Li–Ne and of all others. */
  readonly light: readonly number[];
  readonly heavy: readonly number[];
  readonly heavier: readonly number[];
}

const LIGHT = [0, 1, 2, 3, 4, 6, 8, 7, 6, 4];
const HEAVY = [0, 1, 2, 3, 4, 6, 8, 8, 7, 5];
const HEAVIER = [0, 1, 2, 3, 4, 6, 7, 9, 9, 7];
const finer = (steps: number, radial: Level["radial"]): Level => {
  const larger = (places: readonly number[]): number[] => places.map((k) => Math.min(k + steps, SIZES.length - 1));
  return { radial, light: larger(LIGHT), heavy: larger(HEAVY), heavier: larger(HEAVIER) };
};

const coarser = (radial: Level["radial"], light: readonly number[], heavy: readonly number[]): Level => {
  return { radial, light, heavy, heavier: heavy };
};

const LEVELS: readonly Level[] = [
  coarser([20, 28, 36, 44], [0, 0, 1, 2, 3, 5, 6, 5, 3, 2], [0, 0, 1, 2, 3, 5, 7, 6, 5, 3]),
  coarser([22, 32, 40, 48], [0, 1, 2, 3, 4, 6, 7, 6, 4, 3], [0, 1, 2, 3, 4, 6, 8, 7, 6, 4]),
  finer(0, [30, 42, 50, 58]),
  finer(1, [35, 48, 56, 64]),
  finer(2, [40, 55, 64, 72]),
  finer(3, [46, 62, 72, 80]),
  finer(4, [54, 70, 80, 90]),
  finer(5, [62, 80, 90, 100]),
  finer(6, [75, 95, 105, 115]),
];

/** The grid of an atom of the element z at a level 1 (coarse) … 9 (fine). Throws `usage` for another level. */
export function atomGrid(z: number, level: number): AtomGrid {
  const entry = LEVELS[level - 1];
  if (!entry)
    throw new BrineError(
      "usage",
      `grid level ${level} does not exist; levels go from 1 (coarse) to ${LEVELS.length} (fine)`,
    );
  const row = z <= 2 ? 0 : z <= 10 ? 1 : z <= 18 ? 2 : 3;
  const places = [entry.light, entry.heavy, entry.heavier, entry.heavier][row];
  return { radial: radialRule(entry.radial[row], z), boundaries: BOUNDARIES, spheres: places.map((k) => SIZES[k]) };
}

/** Number of Lebedev points on the sphere of radius r (bohr). */
export function sphereSize(grid: AtomGrid, r: number): number {
  let shell = 0;
  while (shell < grid.boundaries.length && r > grid.boundaries[shell]) shell++;
  return grid.spheres[shell];
}
