/**
 * Values of the functions of a periodic basis, χ(r) = Σ_T χ₀(r − T) over lattice vectors T, on the blocks of a uniform
 * grid. All images of a function that reach a block are summed into one row. The sums are in kernels/cubes.ts.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { CUBE_AT, CUBE_SIZE, kernels } from "../math/kernels.js";
import type { Matrix } from "../math/matrix.js";
import { shellReach } from "./function-reach.js";
import { reciprocalVectors } from "../structure/cell.js";
import type { UniformGrid } from "./uniform-grid.js";

/** Functions on a block. The values stay in place until the next ones with the same slot. */
export interface CubeFunctions {
  /** Index of the function of each row. */
  readonly alive: Int32Array;
  /** [alive, points of a block] */
  readonly values: Matrix;
}

/** A periodic basis ready for the blocks of one grid. */
export interface CubeBasis {
  readonly grid: UniformGrid;
  readonly atoms: readonly CubeAtom[];
  /** Exponents without repetition. */
  readonly exponents: Float64Array;
  /** [exponents, block] exp(−α |i a + j b + k c|²) */
  readonly tables: Float64Array;
  /** Distance from the first point of a block to its middle as a vector, and the radius of the block, bohr. */
  readonly middle: readonly [number, number, number];
  readonly radius: number;
}

interface CubeAtom {
  readonly position: readonly [number, number, number];
  readonly shells: readonly CubeShell[];
  /** Of its shell that goes farthest, bohr. */
  readonly reach: number;
}

interface CubeShell {
  readonly l: number;
  readonly first: number;
  readonly reach: number;
  readonly terms: readonly { readonly exponent: number; readonly factor: number; readonly reach: number }[];
}

/** An image of an atom near a block. */
export interface Image {
  readonly atom: CubeAtom;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly distance: number;
}

/** `negligible`: values below it (bohr^−3/2) count as zero. */
export function cubeBasis(basis: PlacedBasis, grid: UniformGrid, negligible: number): CubeBasis {
  const exponents = Float64Array.from(new Set(basis.shells.flatMap((shell) => [...shell.exponents]))).toSorted();
  const place = new Map(Array.from(exponents, (alpha, i) => [alpha, i]));
  const atoms = new Map<number, CubeShell[]>();
  const positions = new Map<number, readonly [number, number, number]>();
  for (const shell of basis.shells) {
    if (!atoms.has(shell.atom)) atoms.set(shell.atom, []);
    positions.set(shell.atom, [shell.x, shell.y, shell.z]);
    atoms.get(shell.atom)!.push(cubeShell(shell, place, negligible));
  }
  const [b1, b2, b3] = grid.block;
  const { steps } = grid;
  const corner = (axis: number): number =>
    0.5 * ((b1 - 1) * steps[axis] + (b2 - 1) * steps[3 + axis] + (b3 - 1) * steps[6 + axis]);
  const middle = [corner(0), corner(1), corner(2)] as const;
  return {
    grid,
    atoms: [...atoms].map(([atom, shells]) => ({
      position: positions.get(atom)!,
      shells,
      reach: Math.max(...shells.map((shell) => shell.reach)),
    })),
    exponents,
    tables: exponentialTables(exponents, grid),
    middle,
    radius: blockRadius(grid, middle),
  };
}

function cubeShell(shell: PlacedShell, place: Map<number, number>, negligible: number): CubeShell {
  const { l, first, exponents, factors } = shell;
  const terms = Array.from(exponents, (alpha, p) => ({
    exponent: place.get(alpha)!,
    factor: factors[p],
    reach: shellReach({ l, exponents: Float64Array.of(alpha), factors: Float64Array.of(factors[p]) }, negligible),
  })).filter(({ factor }) => factor !== 0);
  return { l, first, terms, reach: terms.reduce((most, { reach }) => Math.max(most, reach), 0) };
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

/** Images of atoms that may reach any block of a bar of blocks; `first` is the first point of the bar, `along` its extent. */
export function imagesNear(
  basis: CubeBasis,
  [x, y, z]: readonly [number, number, number],
  radius: number,
  candidates?: readonly Image[],
): Image[] {
  const result: Image[] = [];
  if (candidates) {
    for (const image of candidates) {
      const distance = Math.hypot(image.x - x, image.y - y, image.z - z);
      if (distance < image.atom.reach + radius) result.push({ ...image, distance });
    }
    return result;
  }
  const { cell } = basis.grid;
  const inverse = reciprocalVectors(cell);
  const heights = [0, 1, 2].map((k) => 1 / Math.hypot(...inverse.subarray(3 * k, 3 * k + 3)));
  for (const atom of basis.atoms) {
    const [ax, ay, az] = atom.position;
    const limit = atom.reach + radius;
    const range = [0, 1, 2].map((k) => {
      const f = inverse[3 * k] * (ax - x) + inverse[3 * k + 1] * (ay - y) + inverse[3 * k + 2] * (az - z);
      return [Math.ceil(-f - limit / heights[k]), Math.floor(-f + limit / heights[k])];
    });
    for (let i = range[0][0]; i <= range[0][1]; i++)
      for (let j = range[1][0]; j <= range[1][1]; j++)
        for (let k = range[2][0]; k <= range[2][1]; k++) {
          const ix = ax + i * cell[0] + j * cell[3] + k * cell[6];
          const iy = ay + i * cell[1] + j * cell[4] + k * cell[7];
          const iz = az + i * cell[2] + j * cell[5] + k * cell[8];
          const distance = Math.hypot(ix - x, iy - y, iz - z);
          if (distance < limit) result.push({ atom, x: ix, y: iy, z: iz, distance });
        }
  }
  return result;
}

/** The functions alive on the block whose first point is `first`, from the images near it. */
export function functionsOnCube(
  basis: CubeBasis,
  first: readonly [number, number, number],
  candidates: readonly Image[],
  slot: 0 | 1,
): CubeFunctions {
  const { grid, middle, radius } = basis;
  const [b1, b2, b3] = grid.block;
  const count = b1 * b2 * b3;
  const images = imagesNear(
    basis,
    [first[0] + middle[0], first[1] + middle[1], first[2] + middle[2]],
    radius,
    candidates,
  );
  const nearest = new Map<CubeAtom, number>();
  for (const { atom, distance } of images) {
    const known = nearest.get(atom);
    if (known === undefined || distance < known) nearest.set(atom, distance);
  }
  const rows = new Map<CubeShell, number>();
  const alive: number[] = [];
  for (const [atom, distance] of nearest)
    for (const shell of atom.shells)
      if (distance < shell.reach + radius) {
        rows.set(shell, alive.length);
        for (let m = 0; m <= 2 * shell.l; m++) alive.push(shell.first + m);
      }
  const { tables, values, size } = SLOTS[slot];
  if (alive.length * count > size)
    throw new BrineError(
      "unsupported",
      `${alive.length} functions reach one block of ${count} grid points, more than fit; the basis is too diffuse for this cell`,
    );
  useTables(basis, slot);
  const { doubles, functionsOnCube: evaluate } = kernels();
  doubles.set(grid.steps, LATTICE_AT);
  const written = new Set<CubeShell>();
  for (const image of images) {
    const { atom, distance } = image;
    let primitives = 0;
    const numbers = new Map<number, number>();
    const lists: number[][] = [[], []];
    const counts = [0, 0];
    let lmax = 0;
    for (const shell of atom.shells) {
      if (!(distance < shell.reach + radius)) continue;
      const terms = shell.terms.filter((term) => distance < term.reach + radius);
      if (terms.length === 0) continue;
      const add = written.has(shell) ? 1 : 0;
      written.add(shell);
      counts[add]++;
      lmax = Math.max(lmax, shell.l);
      lists[add].push(shell.l, terms.length, 8 * (values + rows.get(shell)! * count));
      for (const { exponent, factor } of terms) {
        let number = numbers.get(exponent);
        if (number === undefined) {
          number = primitives++;
          numbers.set(exponent, number);
          doubles[PRIMITIVES_AT + 2 * number] = basis.exponents[exponent];
          doubles[PRIMITIVES_AT + 2 * number + 1] = 8 * (tables + exponent * count);
        }
        lists[add].push(number, factor);
      }
    }
    doubles[LATTICE_AT + 9] = first[0] - image.x;
    doubles[LATTICE_AT + 10] = first[1] - image.y;
    doubles[LATTICE_AT + 11] = first[2] - image.z;
    for (const add of [0, 1]) {
      if (counts[add] === 0) continue;
      if (lists[add].length > SHELLS_SIZE)
        throw new BrineError("unsupported", "an atom has more shells than the uniform grid takes");
      doubles.set(lists[add], SHELLS_AT);
      evaluate(
        b1,
        b2,
        b3,
        8 * LATTICE_AT,
        lmax,
        8 * PRIMITIVES_AT,
        primitives,
        8 * SHELLS_AT,
        counts[add],
        8 * count,
        add,
        8 * WORK_AT,
      );
    }
  }
  return {
    alive: Int32Array.from(alive),
    values: {
      rows: alive.length,
      columns: count,
      data: doubles.subarray(values, values + alive.length * count),
    },
  };
}
