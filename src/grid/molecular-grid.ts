/**
 * Quadrature over all space around a molecule as a sum over atoms of radial times spherical rules,
 *
 *   ∫ f d³r ≈ Σ_A Σ_i Σ_k w_A(r) · 4π r_i² w_i w_k f(R_A + r_i n_k),
 *
 * each weighted by the atom's share of space (A. D. Becke, J. Chem. Phys. 88, 2547 (1988)). The spheres keep
 * the orientation of the coordinate axes, so an energy changes slightly when a molecule is turned.
 */
import { BrineError } from "../errors.js";
import { lebedev } from "../math/lebedev.js";
import { isPeriodic, type Structure } from "../structure/structure.js";
import { applyPartition, type BeckePartition, beckePartition } from "./becke-partition.js";
import type { GridBlock } from "./grid-block.js";
import { type AtomGrid, atomGrid, sphereSize } from "./grid-levels.js";
import { compactBlocks } from "./compact-blocks.js";

/** Points of smaller weight (bohr³) are left out. */
const NEGLIGIBLE = 1e-14;
/** L of the partition, bohr; energies differ from those of L = ∞ by less than 1e-7 hartree from level 3 on. */
const PARTITION_REACH = 5;

/** A grid of `level` 1 (coarse) … 9 (fine) in blocks of at most 256 neighbouring points. Throws `unsupported` for a periodic structure. */
export function molecularGrid(structure: Structure, level: number): GridBlock[] {
  return compactBlocks(atomCentredGrid(structure, (z) => atomGrid(z, level), PARTITION_REACH));
}

/** How `molecularGrid` divides space. */
export function molecularPartition(structure: Structure): BeckePartition {
  return beckePartition(structure, PARTITION_REACH);
}

/** All points as one block, atom by atom, with atomic grids and a reach of the partition (bohr) of one's own. */
export function atomCentredGrid(
  structure: Structure,
  gridOf: (z: number) => AtomGrid,
  partitionReach: number,
): GridBlock {
  if (isPeriodic(structure)) throw new BrineError("unsupported", "a molecular grid does not fit a periodic structure");
  const partition = beckePartition(structure, partitionReach);
  const parts: GridBlock[] = [];
  for (let atom = 0; atom < structure.species.length; atom++) {
    parts.push(gridOfAtom(partition, atom, gridOf(structure.species[atom])));
  }
  return concatenate(parts);
}

function gridOfAtom(partition: BeckePartition, atom: number, grid: AtomGrid): GridBlock {
  const { radial } = grid;
  const sizes = Array.from(radial.r, (r) => sphereSize(grid, r));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const points = new Float64Array(3 * count);
  const weights = new Float64Array(count);
  const [x, y, z] = partition.positions.subarray(3 * atom, 3 * atom + 3);
  let next = 0;
  for (let i = 0; i < sizes.length; i++) {
    const sphere = lebedev(sizes[i]);
    const r = radial.r[i];
    const shell = 4 * Math.PI * r * r * radial.weights[i];
    for (let k = 0; k < sphere.count; k++) {
      points[next] = x + r * sphere.x[k];
      points[count + next] = y + r * sphere.y[k];
      points[2 * count + next] = z + r * sphere.z[k];
      weights[next++] = shell * sphere.weights[k];
    }
  }
  applyPartition(partition, atom, points, weights, count);
  return { count, points, weights };
}

/** The points of all parts, one for each atom, whose weight counts. */
function concatenate(parts: readonly GridBlock[]): GridBlock {
  let count = 0;
  for (const part of parts) for (let p = 0; p < part.count; p++) if (Math.abs(part.weights[p]) > NEGLIGIBLE) count++;
  const points = new Float64Array(3 * count);
  const weights = new Float64Array(count);
  const owners = new Int32Array(count);
  let next = 0;
  parts.forEach((part, atom) => {
    for (let p = 0; p < part.count; p++) {
      if (!(Math.abs(part.weights[p]) > NEGLIGIBLE)) continue;
      for (let axis = 0; axis < 3; axis++) points[axis * count + next] = part.points[axis * part.count + p];
      owners[next] = atom;
      weights[next++] = part.weights[p];
    }
  });
  return { count, points, weights, owners };
}
