/**
 * The neighbourhood of every atom within a cutoff radius, by a cell list: time and memory linear in the number
 * of atoms. Periodic directions are covered by explicit images, so cells of any shape and size work, also those
 * smaller than the cutoff sphere.
 */
import { BrineError } from "../errors.js";
import { cross } from "../math/vectors.js";
import { elementSymbol } from "./elements.js";
import { reciprocalVectors } from "./reciprocal-lattice.js";
import { type Cell, type Structure, atomCount } from "./structure.js";

export interface Neighbourhood {
  /** Species of the atom at the centre. */
  readonly centre: number;
  /** Species of the neighbours; the centre itself is not listed, its periodic images are. */
  readonly species: Uint8Array;
  /** [neighbours, 3] r_j − r_i, bohr. */
  readonly displacements: Float64Array;
}

/** Atoms and their images near the cell; `owner` is the atom, `home` is true for the atom itself. */
interface Points {
  readonly count: number;
  readonly positions: Float64Array;
  readonly owner: Int32Array;
  /** Point index of each atom. */
  readonly home: Int32Array;
}

/** Periodic images closer than this (bohr) are a mistake in the cell or the positions. */
export const CLOSEST = 0.5;

/**
 * Neighbourhoods of all atoms in order, neighbours at distance < `cutoffRadius` (bohr), ordered by atom and
 * image. Atoms outside the cell count as the images they are. Throws `input` for positions that are not numbers,
 * flat cells, and atoms that coincide across a cell boundary.
 */
export function neighbourhoods(structure: Structure, cutoffRadius: number): Neighbourhood[] {
  if (!(cutoffRadius > 0 && Number.isFinite(cutoffRadius)))
    throw new BrineError("usage", `the cutoff radius must be positive, not ${cutoffRadius} bohr`);
  const wrong = structure.positions.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0) throw new BrineError("input", `the position of atom ${Math.floor(wrong / 3)} is not a number`);
  const points = structure.cell ? withImages(structure, structure.cell, cutoffRadius) : isolated(structure);
  const bins = sortIntoBins(points, cutoffRadius);
  const found = new Int32Array(points.count);
  return Array.from(structure.species, (_, atom) => neighbourhood(structure, atom, points, bins, cutoffRadius, found));
}

/** `found` is a place for the numbers of points. */
function neighbourhood(
  structure: Structure,
  atom: number,
  points: Points,
  bins: Bins,
  cutoffRadius: number,
  found: Int32Array,
): Neighbourhood {
  const { positions, owner } = points;
  const self = points.home[atom];
  const x = positions[3 * self];
  const y = positions[3 * self + 1];
  const z = positions[3 * self + 2];
  let count = 0;
  for (const near of bins.around(self))
    for (let k = bins.start[near]; k < bins.start[near + 1]; k++) {
      const p = bins.order[k];
      const r2 = (positions[3 * p] - x) ** 2 + (positions[3 * p + 1] - y) ** 2 + (positions[3 * p + 2] - z) ** 2;
      if (r2 >= cutoffRadius * cutoffRadius || p === self) continue;
      if (structure.cell && r2 < CLOSEST * CLOSEST) throw overlapping(structure, atom, owner[p], Math.sqrt(r2));
      found[count++] = p;
    }
  found.subarray(0, count).sort();
  const displacements = new Float64Array(3 * count);
  const species = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    const p = found[k];
    displacements[3 * k] = positions[3 * p] - x;
    displacements[3 * k + 1] = positions[3 * p + 1] - y;
    displacements[3 * k + 2] = positions[3 * p + 2] - z;
    species[k] = structure.species[owner[p]];
  }
  return { centre: structure.species[atom], species, displacements };
}

/** For atoms i and j that coincide, or images of them. */
export function overlapping({ species }: Structure, i: number, j: number, distance: number): BrineError {
  return new BrineError(
    "input",
    `atoms ${i} (${elementSymbol(species[i])}) and ${j} (${elementSymbol(species[j])}) or their periodic images overlap: ${distance.toFixed(3)} bohr apart; check cell and positions`,
  );
}

function isolated(structure: Structure): Points {
  const count = atomCount(structure);
  const owner = Int32Array.from({ length: count }, (_, i) => i);
  return { count, positions: structure.positions, owner, home: owner };
}

/** Wraps the atoms into the cell and adds the images within the cutoff of its faces. */
function withImages(structure: Structure, cell: Cell, cutoffRadius: number): Points {
  const vectors = completeCell(cell);
  const reciprocal = reciprocalVectors(vectors);
  const count = atomCount(structure);
  // A sphere of radius r_c spans this fraction of the cell between its opposite faces.
  const reach = [0, 1, 2].map((k) =>
    cell.periodic[k] ? cutoffRadius * Math.hypot(reciprocal[3 * k], reciprocal[3 * k + 1], reciprocal[3 * k + 2]) : 0,
  );
  const positions: number[] = [];
  const owner: number[] = [];
  const home = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const fraction = [0, 1, 2].map((k) => {
      let sum = 0;
      for (let d = 0; d < 3; d++) sum += structure.positions[3 * i + d] * reciprocal[3 * k + d];
      return cell.periodic[k] ? sum - Math.floor(sum) : sum;
    });
    const from = [0, 1, 2].map((k) => (cell.periodic[k] ? Math.ceil(-reach[k] - fraction[k]) : 0));
    const to = [0, 1, 2].map((k) => (cell.periodic[k] ? Math.floor(1 + reach[k] - fraction[k]) : 0));
    for (let a = from[0]; a <= to[0]; a++)
      for (let b = from[1]; b <= to[1]; b++)
        for (let c = from[2]; c <= to[2]; c++) {
          if (a === 0 && b === 0 && c === 0) home[i] = owner.length;
          owner.push(i);
          for (let d = 0; d < 3; d++)
            positions.push(
              (fraction[0] + a) * vectors[d] + (fraction[1] + b) * vectors[3 + d] + (fraction[2] + c) * vectors[6 + d],
            );
        }
  }
  return { count: owner.length, positions: Float64Array.from(positions), owner: Int32Array.from(owner), home };
}

/** The lattice vectors, with those of the directions that do not repeat replaced by unit normals to the others. */
function completeCell(cell: Cell): Float64Array {
  const vectors = cell.vectors.slice();
  const row = (k: number): Float64Array => vectors.subarray(3 * k, 3 * k + 3);
  const open = [0, 1, 2].filter((k) => !cell.periodic[k]);
  const [a, b] = [0, 1, 2].filter((k) => cell.periodic[k]);
  if (open.length === 3) vectors.set([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  if (open.length === 2) {
    const [x, y, z] = row(a);
    const axis =
      Math.abs(x) <= Math.abs(y) && Math.abs(x) <= Math.abs(z)
        ? [1, 0, 0]
        : Math.abs(y) <= Math.abs(z)
          ? [0, 1, 0]
          : [0, 0, 1];
    row(open[0]).set(unit(cross(row(a), axis)));
    row(open[1]).set(unit(cross(row(a), row(open[0]))));
  }
  if (open.length === 1) row(open[0]).set(unit(cross(row(a), row(b))));
  return vectors;
}

function unit(v: number[]): number[] {
  const norm = Math.hypot(...v);
  return v.map((x) => x / norm);
}

/** Cubes with the cutoff as edge; `order` lists the points bin by bin. */
interface Bins {
  readonly order: Int32Array;
  /** Offset into `order` of each occupied bin, one more at the end. */
  readonly start: Int32Array;
  /** Occupied bins in the 3 × 3 × 3 block around the bin of a point. */
  around(point: number): number[];
}

/** Bins along an edge; points farther out share the last one, which keeps bin numbers exact in a double. */
const MOST_BINS = 1e5;

function sortIntoBins({ count, positions }: Points, edge: number): Bins {
  const low = [Infinity, Infinity, Infinity];
  for (let k = 0; k < 3 * count; k++) low[k % 3] = Math.min(low[k % 3], positions[k]);
  const index = (p: number, d: number): number =>
    Math.min(MOST_BINS, Math.floor((positions[3 * p + d] - low[d]) / edge)) + 1;
  const width = MOST_BINS + 3;
  const name = (p: number): number => (index(p, 0) * width + index(p, 1)) * width + index(p, 2);
  const number = new Map<number, number>();
  const bin = Int32Array.from({ length: count }, (_, p) => {
    const known = number.get(name(p));
    if (known === undefined) number.set(name(p), number.size);
    return known ?? number.size - 1;
  });
  const start = new Int32Array(number.size + 1);
  for (const b of bin) start[b + 1]++;
  for (let b = 0; b < number.size; b++) start[b + 1] += start[b];
  const next = start.slice();
  const order = new Int32Array(count);
  bin.forEach((b, p) => (order[next[b]++] = p));
  return {
    order,
    start,
    around(point) {
      const centre = name(point);
      const result: number[] = [];
      for (let dx = -1; dx <= 1; dx++)
        for (let dy = -1; dy <= 1; dy++)
          for (let dz = -1; dz <= 1; dz++) {
            const near = number.get(centre + (dx * width + dy) * width + dz);
            if (near !== undefined) result.push(near);
          }
      return result;
    },
  };
}
