/**
 * How fine a molecular grid is: radial points and, in shells around the nucleus, the sizes of the Lebedev
 * spheres. Near the nucleus the density is nearly spherical and far out it is small, so both get few
 * angular points (pruning; P. M. W. Gill, B. G. Johnson, J. A. Pople, Chem. Phys. Lett. 209, 506 (1993)).
 */
import { BrineError } from "../errors.js";
import { braggRadius } from "./bragg-radii.js";

export interface AtomGrid {
  readonly radial: number;
  /** Outer radius of each region but the last, in Bragg radii. */
  readonly boundaries: readonly number[];
  /** Lebedev points in each region: one more than boundaries. */
  readonly spheres: readonly number[];
}

const LIGHT = [0.25, 0.5, 1, 4.5];
const SECOND_ROW = [0.1667, 0.5, 0.9, 3.5];
const HEAVY = [0.1, 0.4, 0.8, 2.5];

/** Radial points of H–He, Li–Ne and the rest, and the spheres of the five regions, for levels 1 … 9. */
const LEVELS: readonly (readonly [radial: readonly [number, number, number], spheres: readonly number[]])[] = [
  [[20, 25, 35], [14, 26, 50, 110, 50]],
  [[25, 32, 45], [14, 38, 86, 194, 110]],
  [[30, 40, 55], [14, 50, 110, 302, 194]],
  [[40, 50, 65], [26, 50, 194, 434, 302]],
  [[50, 60, 75], [26, 86, 302, 590, 434]],
  [[60, 70, 90], [50, 110, 434, 770, 590]],
  [[70, 85, 105], [50, 194, 590, 974, 770]],
  [[80, 100, 120], [86, 302, 770, 1202, 974]],
  [[100, 120, 150], [110, 434, 974, 1454, 1202]],
];

/** The grid of an atom of the element z at a level 1 (coarse) … 9 (fine). Throws `usage` for another level. */
export function atomGrid(z: number, level: number): AtomGrid {
  const entry = LEVELS[level - 1];
  if (!entry) throw new BrineError("usage", `grid level ${level} does not exist; levels go from 1 (coarse) to ${LEVELS.length} (fine)`);
  const [radial, spheres] = entry;
  const row = z <= 2 ? 0 : z <= 10 ? 1 : 2;
  return { radial: radial[row], boundaries: [LIGHT, SECOND_ROW, HEAVY][row], spheres };
}

/** Number of Lebedev points on the sphere of radius r (bohr) around an atom of element z. */
export function sphereSize(grid: AtomGrid, z: number, r: number): number {
  const scaled = r / braggRadius(z);
  let region = 0;
  while (region < grid.boundaries.length && scaled > grid.boundaries[region]) region++;
  return grid.spheres[region];
}
