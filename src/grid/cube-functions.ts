/**
 * Values of the functions of a periodic basis, χ(r) = Σ_T χ₀(r − T) over lattice vectors T, on the blocks of a uniform
 * grid. All images of a function that reach a block are summed into one row. The sums are in kernels/cubes.ts.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { CUBE_AT, CUBE_SIZE, kernels } from "../math/kernels.js";
import type { Matrix } from "../math/matrix.js";
import { shellReach } from "./function-reach.js";
import { byAtom } from "./gaussian-kernels.js";
import { latticeImages } from "../structure/lattice-images.js";
import type { UniformGrid } from "./uniform-grid.js";

/** Functions on a block. The values stay in place until the next ones with the same slot. */
export interface CubeFunctions {
  readonly slot: 0 | 1;
  /** Index of the function of each row. */
  readonly alive: Int32Array;
  /** [alive, points of a block] */
  readonly values: Matrix;
}

/** Functions in the order of their largest values, descending. */
export interface OrderedFunctions extends CubeFunctions {
  readonly largest: Float64Array;
}

/** A periodic basis ready for the blocks of one grid. */
export interface CubeBasis {
  readonly grid: UniformGrid;
  readonly atoms: readonly CubeAtom[];
  /** Exponents without repetition, ascending. */
  readonly exponents: Float64Array;
  /** [exponents, block] exp(−α |i a + j b + k c|²) */
  readonly tables: Float64Array;
  /** From the first point of a block to its middle, and from there to its corners, bohr. */
  readonly middle: readonly [number, number, number];
  readonly radius: number;
}

interface CubeAtom {
  readonly position: readonly [number, number, number];
  /** First function of the atom. */
  readonly first: number;
  readonly kind: Kind;
}

/** What the atoms of an element share. */
interface Kind {
  /** Of its function that goes farthest, bohr. */
  readonly reach: number;
  /** By decreasing distance; an image within reach of several belongs to the last of them. */
  readonly layers: readonly Layer[];
}

/** What is left of an atom at some distance: shells that reach it, with those of their primitives that do. */
interface Layer {
  readonly reach: number;
  readonly lmax: number;
  /** Functions relative to the first of the atom. */
  readonly functions: readonly number[];
  /** Places of its exponents. */
  readonly primitives: readonly number[];
  /** l, number of terms, room for an address, and terms of each shell, for the kernel. */
  readonly shells: Float64Array;
  /** Of each shell: where the address goes, and its first row among the functions of each layer (−1 where it is not in one). */
  readonly places: readonly { readonly at: number; readonly rows: readonly number[] }[];
}

/** Images of atoms of a basis: number of the atom and place, bohr. Images of one atom stand together. */
export interface Images {
  readonly atoms: Int32Array;
  /** [images, 3] */
  readonly positions: Float64Array;
}

/**
 * `negligible`: values below it (bohr^−3/2) count as zero. Throws `unsupported` for exponents that are too sharp for the
 * grid: exp(−αd²) of the first point of a block must not underflow where another point counts.
 */
export function cubeBasis(basis: PlacedBasis, grid: UniformGrid, negligible: number): CubeBasis {
  const exponents = Float64Array.from(new Set(basis.shells.flatMap((shell) => [...shell.exponents]))).toSorted();
  const kinds = new Map<string, Kind>();
  const atoms = byAtom(basis.shells).map((shells): CubeAtom => {
    const { x, y, z, first } = shells[0];
    const relative = shells.map((shell) => ({ ...shell, first: shell.first - first }));
    const key = JSON.stringify(
      relative.map((shell) => [shell.l, shell.first, [...shell.exponents], [...shell.factors]]),
    );
    if (!kinds.has(key)) kinds.set(key, kindOf(relative, exponents, negligible));
    return { position: [x, y, z], first, kind: kinds.get(key)! };
  });
  const [b1, b2, b3] = grid.block;
  const { steps } = grid;
  const half = (axis: number): number =>
    0.5 * ((b1 - 1) * steps[axis] + (b2 - 1) * steps[3 + axis] + (b3 - 1) * steps[6 + axis]);
  const middle = [half(0), half(1), half(2)] as const;
  const sharpest = exponents.at(-1) ?? 0;
  if ((2 * blockRadius(grid, middle) * Math.sqrt(sharpest) + REACH) ** 2 > UNDERFLOW)
    throw new BrineError(
      "unsupported",
      `functions with exponents up to ${sharpest.toPrecision(3)} are too sharp for this grid; raise the cutoff, or leave them out (NAME:uncontracted:30)`,
    );
  return {
    grid,
    atoms,
    exponents,
    tables: exponentialTables(exponents, grid),
    middle,
    radius: blockRadius(grid, middle),
  };
}

/** √α r where a primitive is negligible, and αr² where exp(−αr²) underflows in the kernel. */
const REACH = 4.5;
const UNDERFLOW = 700;

function kindOf(shells: readonly PlacedShell[], exponents: Float64Array, negligible: number): Kind {
  const reaches = shells.map(({ l, exponents: alphas, factors }) =>
    Array.from(alphas, (alpha, p) =>
      shellReach({ l, exponents: Float64Array.of(alpha), factors: Float64Array.of(factors[p]) }, negligible),
    ),
  );
  const distances = [...new Set(reaches.flat())].toSorted((a, b) => b - a);
  const within = (reach: number): Layer["places"][number]["rows"] => {
    let row = 0;
    return shells.map(({ l }, k) => {
      if (!reaches[k].some((r) => r >= reach)) return -1;
      row += 2 * l + 1;
      return row - 2 * l - 1;
    });
  };
  const rows = distances.map(within);
  const layers = distances.map((reach): Layer => {
    const primitives: number[] = [];
    const numbers: number[] = [];
    const places: { at: number; rows: number[] }[] = [];
    const functions: number[] = [];
    let lmax = 0;
    shells.forEach(({ l, first, exponents: alphas, factors }, k) => {
      const terms = [...alphas.keys()].filter((p) => reaches[k][p] >= reach);
      if (terms.length === 0) return;
      lmax = Math.max(lmax, l);
      for (let m = 0; m <= 2 * l; m++) functions.push(first + m);
      places.push({ at: numbers.length + 2, rows: rows.map((of) => of[k]) });
      numbers.push(l, terms.length, 0);
      for (const p of terms) {
        const exponent = exponents.indexOf(alphas[p]);
        if (!primitives.includes(exponent)) primitives.push(exponent);
        numbers.push(primitives.indexOf(exponent), factors[p]);
      }
    });
    return { reach, lmax, functions, primitives, shells: Float64Array.from(numbers), places };
  });
  return { reach: distances[0] ?? 0, layers };
}

function exponentialTables(exponents: Float64Array, { block: [b1, b2, b3], steps }: UniformGrid): Float64Array {
  const points = b1 * b2 * b3;
  const result = new Float64Array(exponents.length * points);
  let at = 0;
  for (const alpha of exponents)
    for (let i = 0; i < b1; i++)
      for (let j = 0; j < b2; j++)
        for (let k = 0; k < b3; k++) {
          let square = 0;
          for (let axis = 0; axis < 3; axis++)
            square += (i * steps[axis] + j * steps[3 + axis] + k * steps[6 + axis]) ** 2;
          result[at++] = Math.exp(-alpha * square);
        }
  return result;
}

/** From the middle of a block to its farthest corner. */
function blockRadius({ block, steps }: UniformGrid, middle: readonly [number, number, number]): number {
  let radius = 0;
  for (const i of [0, block[0] - 1])
    for (const j of [0, block[1] - 1])
      for (const k of [0, block[2] - 1])
        radius = Math.max(
          radius,
          Math.hypot(...middle.map((m, axis) => i * steps[axis] + j * steps[3 + axis] + k * steps[6 + axis] - m)),
        );
  return radius;
}

/** Offset and size of the room of one slot, in doubles. */
const LATTICE_AT = CUBE_AT;
const PRIMITIVES_AT = LATTICE_AT + 12;
const MOST_PRIMITIVES = 64;
const SHELLS_AT = PRIMITIVES_AT + 2 * MOST_PRIMITIVES;
const SHELLS_SIZE = 4096;
const WORK_AT = SHELLS_AT + SHELLS_SIZE;
const WORK_SIZE = 64 * (6 + 49 + 2 * MOST_PRIMITIVES);
const TABLES_AT = WORK_AT + WORK_SIZE;
const TABLES_SIZE = 2 * MOST_PRIMITIVES * 512;
const VALUES_AT = TABLES_AT + TABLES_SIZE;
const VALUES_SIZE = CUBE_AT + CUBE_SIZE - VALUES_AT;

/** Slots share the room for values: the first gets a third of it. */
const SLOTS = [
  { tables: TABLES_AT, values: VALUES_AT, size: Math.floor(VALUES_SIZE / 6) * 2 },
  {
    tables: TABLES_AT + MOST_PRIMITIVES * 512,
    values: VALUES_AT + Math.floor(VALUES_SIZE / 6) * 2,
    size: Math.floor(VALUES_SIZE / 6) * 4,
  },
] as const;

const inUse: (CubeBasis | undefined)[] = [];

/** Makes the tables of a basis those of a slot. Throws `unsupported` for too many exponents. */
function useTables(basis: CubeBasis, slot: 0 | 1): void {
  if (inUse[slot] === basis) return;
  if (basis.exponents.length > MOST_PRIMITIVES)
    throw new BrineError(
      "unsupported",
      `a basis with ${basis.exponents.length} different exponents is more than the uniform grid takes (${MOST_PRIMITIVES})`,
    );
  kernels().doubles.set(basis.tables, SLOTS[slot].tables);
  inUse[slot] = basis;
}

/** Images of atoms that reach a sphere around (x, y, z), bohr. */
export function imagesNear(basis: CubeBasis, x: number, y: number, z: number, radius: number): Images {
  const lattice = latticeImages(basis.grid.cell);
  const atoms: number[] = [];
  const positions: number[] = [];
  basis.atoms.forEach(({ position: [ax, ay, az], kind }, number) => {
    const near = lattice.within(ax - x, ay - y, az - z, kind.reach + radius);
    for (let k = 0; k < near.length; k += 3) {
      atoms.push(number);
      positions.push(x + near[k], y + near[k + 1], z + near[k + 2]);
    }
  });
  return { atoms: Int32Array.from(atoms), positions: Float64Array.from(positions) };
}

/** The functions alive on the block whose first point is `first`, from the images near it. */
export function functionsOnCube(
  basis: CubeBasis,
  first: readonly [number, number, number],
  { atoms, positions }: Images,
  slot: 0 | 1,
): CubeFunctions {
  const { grid, middle, radius } = basis;
  const count = grid.block[0] * grid.block[1] * grid.block[2];
  const [x, y, z] = [first[0] + middle[0], first[1] + middle[1], first[2] + middle[2]];
  const { values, size } = SLOTS[slot];
  useTables(basis, slot);
  const { doubles } = kernels();
  doubles.set(grid.steps, LATTICE_AT);
  const distance = (image: number): number =>
    Math.sqrt(
      (positions[3 * image] - x) ** 2 + (positions[3 * image + 1] - y) ** 2 + (positions[3 * image + 2] - z) ** 2,
    );
  const alive: number[] = [];
  for (let from = 0, to = 0; from < atoms.length; from = to) {
    const atom = basis.atoms[atoms[from]];
    const { layers, reach } = atom.kind;
    let nearest = from;
    let least = Infinity;
    for (to = from; to < atoms.length && atoms[to] === atoms[from]; to++) {
      const d = distance(to);
      if (d < least) [least, nearest] = [d, to];
    }
    if (!(least < reach + radius)) continue;
    const outer = layerAt(layers, least - radius);
    const at = alive.length;
    if ((at + layers[outer].functions.length) * count > size) throw tooMany(count);
    for (const f of layers[outer].functions) alive.push(atom.first + f);
    // The nearest image has all functions of the others and is written first.
    writeImage(basis, first, positions, nearest, layers[outer], outer, values + at * count, 0, slot);
    for (let image = from; image < to; image++) {
      const d = image === nearest ? Infinity : distance(image);
      if (d < reach + radius)
        writeImage(
          basis,
          first,
          positions,
          image,
          layers[layerAt(layers, d - radius)],
          outer,
          values + at * count,
          1,
          slot,
        );
    }
  }
  return {
    slot,
    alive: Int32Array.from(alive),
    values: { rows: alive.length, columns: count, data: doubles.subarray(values, values + alive.length * count) },
  };
}

/** The innermost layer that reaches as far. */
function layerAt(layers: readonly Layer[], distance: number): number {
  let layer = 0;
  while (layer + 1 < layers.length && layers[layer + 1].reach > distance) layer++;
  return layer;
}

function tooMany(count: number): BrineError {
  return new BrineError(
    "unsupported",
    `too many functions reach one block of ${count} grid points for the memory of the kernels; the basis is too diffuse for this cell`,
  );
}

/** Functions on a block by their largest values (descending), in single precision and memory of their own. */
export interface Packed {
  readonly slot: 0 | 1;
  readonly alive: Int32Array;
  /** [alive] largest magnitude of each function on the block. */
  readonly largest: Float64Array;
  readonly values: Float32Array;
}

/** `room` takes the values. */
export function packed({ slot, alive, values: { columns: count, data } }: CubeFunctions, room: Float32Array): Packed {
  const { singles, narrow } = kernels();
  const largest = Float64Array.from(alive, (_, row) => largestOf(data, row * count, (row + 1) * count));
  const order = Int32Array.from(alive.keys()).toSorted((i, j) => largest[j] - largest[i] || i - j);
  order.forEach((row, to) => {
    narrow(data.byteOffset + 8 * row * count, 8 * WORK_AT, count);
    room.set(singles.subarray(2 * WORK_AT, 2 * WORK_AT + count), to * count);
  });
  return {
    slot,
    alive: order.map((row) => alive[row]),
    largest: Float64Array.from(order, (row) => largest[row]),
    values: room.subarray(0, data.length),
  };
}

function largestOf(data: Float64Array, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++) most = Math.max(most, Math.abs(data[i]));
  return most;
}

/** Packed functions back in their slot. */
export function unpacked({ slot, alive, largest, values }: Packed): OrderedFunctions {
  const { doubles, singles, widen } = kernels();
  const at = SLOTS[slot].values;
  for (let from = 0; from < values.length; from += STAGE) {
    const part = values.subarray(from, from + STAGE);
    singles.set(part, 2 * WORK_AT);
    widen(8 * WORK_AT, 8 * (at + from), part.length);
  }
  const data = doubles.subarray(at, at + values.length);
  const columns = alive.length === 0 ? 0 : values.length / alive.length;
  return { slot, alive, largest, values: { rows: alive.length, columns, data } };
}

/** Numbers that go through the work area at a time, from one precision to the other. */
const STAGE = 4096;

/** Values of the shells of one image, in the rows that they have in layer `outer` from `rowsAt` on. */
function writeImage(
  { grid, exponents }: CubeBasis,
  first: readonly [number, number, number],
  positions: Float64Array,
  image: number,
  { shells, places, primitives, lmax }: Layer,
  outer: number,
  rowsAt: number,
  add: 0 | 1,
  slot: 0 | 1,
): void {
  const { doubles, functionsOnCube: evaluate } = kernels();
  const [b1, b2, b3] = grid.block;
  const count = b1 * b2 * b3;
  for (let axis = 0; axis < 3; axis++) doubles[LATTICE_AT + 9 + axis] = first[axis] - positions[3 * image + axis];
  for (let p = 0; p < primitives.length; p++) {
    doubles[PRIMITIVES_AT + 2 * p] = exponents[primitives[p]];
    doubles[PRIMITIVES_AT + 2 * p + 1] = 8 * (SLOTS[slot].tables + primitives[p] * count);
  }
  if (shells.length > SHELLS_SIZE)
    throw new BrineError("unsupported", "an atom has more shells than the uniform grid takes");
  for (let i = 0; i < shells.length; i++) doubles[SHELLS_AT + i] = shells[i];
  for (const { at, rows } of places) doubles[SHELLS_AT + at] = 8 * (rowsAt + rows[outer] * count);
  evaluate(
    b1,
    b2,
    b3,
    8 * LATTICE_AT,
    lmax,
    8 * PRIMITIVES_AT,
    primitives.length,
    8 * SHELLS_AT,
    places.length,
    8 * count,
    add,
    8 * WORK_AT,
  );
}
