/**
 * The way from bases and blocks of points to the WebAssembly kernels for Gaussians (kernels/gaussians.ts) and back.
 * Points go by pieces that fit into the scratch of the kernels, atoms one after the other.
 */
import type { PlacedShell } from "../basis/basis.js";
import type { Matrix } from "../math/matrix.js";
import { kernels, SCRATCH_SIZE, SCRATCH_START } from "../math/kernels.js";
import type { GridBlock } from "./grid-block.js";
import { harmonicGradients } from "../math/harmonic-gradients.js";

/** Points of a piece: nearly always a whole block. */
const PIECE = 512;
/** Of the kernels: points they work on together. */
const CHUNK = 64;

const POINTS_AT = SCRATCH_START;
const DENSITY_AT = POINTS_AT + 3 * PIECE;
const CENTRE_AT = DENSITY_AT + 4 * PIECE;
const TABLES_AT = CENTRE_AT + 4;
const SCRATCH_END = SCRATCH_START + SCRATCH_SIZE;

/** The shells of one atom that count on a block. */
export type AtomShells = readonly PlacedShell[];

/** Neighbouring shells of one atom together. */
export function byAtom(shells: readonly PlacedShell[]): AtomShells[] {
  const groups: PlacedShell[][] = [];
  for (const shell of shells) {
    const group = groups.at(-1);
    if (group && group[0].atom === shell.atom) group.push(shell);
    else groups.push([shell]);
  }
  return groups;
}

/** Writes the values of the atom's functions, and their gradients when given, to the rows from `row` on of [functions, count]. */
export function writeFunctions(
  shells: AtomShells,
  block: GridBlock,
  row: number,
  values: Matrix,
  gradient: readonly Matrix[] | undefined,
): void {
  const { functionsOfAtom, doubles } = kernels();
  const functions = shells.reduce((sum, { l }) => sum + 2 * l + 1, 0);
  const planes = gradient ? [values, ...gradient] : [values];
  const { count } = block;
  const tables = writeTables(shells, undefined);
  const outAt = tables.workAt + (6 + (tables.lmax + 1) ** 2) * CHUNK;
  const piece = Math.min(PIECE, 2 * Math.floor((SCRATCH_END - outAt) / (2 * functions * planes.length)) - 2);
  for (let first = 0; first < count; first += piece) {
    const n = Math.min(piece, count - first);
    writePoints(block, first, n);
    functionsOfAtom(
      n,
      8 * POINTS_AT,
      8 * PIECE,
      8 * CENTRE_AT,
      tables.lmax,
      8 * tables.shellsAt,
      shells.length,
      functions,
      8 * TABLES_AT,
      planes.length > 1 ? 1 : 0,
      8 * outAt,
      8 * tables.workAt,
    );
    planes.forEach(({ data }, plane) => {
      const from = outAt + plane * functions * n;
      if (n === count) data.set(doubles.subarray(from, from + functions * n), row * n);
      else
        for (let f = 0; f < functions; f++)
          data.set(doubles.subarray(from + f * n, from + (f + 1) * n), (row + f) * count + first);
    });
  }
}

/** Adds Σ c χ over the functions of each atom, and its gradient when given, to arrays over the points of the block. */
export function addExpansion(
  atoms: readonly AtomShells[],
  coefficients: Float64Array,
  block: GridBlock,
  rho: Float64Array,
  gradient: readonly Float64Array[] | undefined,
): void {
  const { addDensityOfAtom, doubles } = kernels();
  const rows = gradient ? [rho, ...gradient] : [rho];
  for (let first = 0; first < block.count; first += PIECE) {
    const n = Math.min(PIECE, block.count - first);
    writePoints(block, first, n);
    doubles.fill(0, DENSITY_AT, DENSITY_AT + 4 * PIECE);
    for (const shells of atoms) {
      const { lmax, shellsAt, workAt } = writeTables(shells, coefficients);
      addDensityOfAtom(
        n,
        8 * POINTS_AT,
        8 * PIECE,
        8 * CENTRE_AT,
        lmax,
        8 * shellsAt,
        shells.length,
        8 * TABLES_AT,
        rows.length > 1 ? 1 : 0,
        8 * DENSITY_AT,
        8 * workAt,
      );
    }
    rows.forEach((out, k) => {
      const from = DENSITY_AT + k * PIECE;
      for (let p = 0; p < n; p++) out[first + p] += doubles[from + p];
    });
  }
}

/** Functions whose rows are summed together; with blocks of 256 points they take a part of the second-level cache. */
const GROUP = 16;

/** Adds Σ h φ and Σ 2 h ∇φ over functions, rows of [functions, count], to arrays over the points. */
export function addHalf(
  half: Matrix,
  values: Matrix,
  gradient: readonly Matrix[],
  rho: Float64Array,
  slopes: readonly Float64Array[],
): void {
  const { addDensityOfRows, doubles } = kernels();
  const { rows, columns: count } = values;
  const stride = count + 2;
  const outAt = SCRATCH_START;
  const inAt = outAt + 4 * stride;
  const group = Math.min(GROUP, rows);
  const apart = group * count + 2;
  doubles.fill(0, outAt, inAt);
  const arrays = [half, values, ...gradient];
  for (let first = 0; first < rows; first += group) {
    const n = Math.min(group, rows - first);
    arrays.forEach(({ data }, k) => doubles.set(data.subarray(first * count, (first + n) * count), inAt + k * apart));
    addDensityOfRows(n, count, 8 * inAt, 8 * apart, 8 * outAt, 8 * stride);
  }
  [rho, ...slopes].forEach((out, k) => {
    const from = outAt + k * stride;
    for (let p = 0; p < count; p++) out[p] += doubles[from + p];
  });
}

function writePoints({ count, points }: GridBlock, first: number, n: number): void {
  const { doubles } = kernels();
  for (let axis = 0; axis < 3; axis++) {
    const at = POINTS_AT + axis * PIECE;
    doubles.set(points.subarray(axis * count + first, axis * count + first + n), at);
    if (n < PIECE) doubles[at + n] = 0;
  }
}

interface Tables {
  readonly lmax: number;
  readonly shellsAt: number;
  readonly workAt: number;
}

/** Centre, slopes of harmonics and shells, as the kernels want them. */
function writeTables(shells: AtomShells, coefficients: Float64Array | undefined): Tables {
  const { doubles } = kernels();
  const { x, y, z } = shells[0];
  doubles[CENTRE_AT] = x;
  doubles[CENTRE_AT + 1] = y;
  doubles[CENTRE_AT + 2] = z;
  const lmax = shells.reduce((most, { l }) => Math.max(most, l), 0);
  const slopes = slopeTable(lmax);
  doubles.set(slopes, TABLES_AT);
  const shellsAt = TABLES_AT + slopes.length;
  let at = shellsAt;
  for (const { l, first, exponents, factors } of shells) {
    doubles[at++] = l;
    doubles[at++] = exponents.length;
    for (let q = 0; q < exponents.length; q++) doubles[at++] = exponents[q];
    for (let q = 0; q < exponents.length; q++) doubles[at++] = factors[q];
    if (coefficients) for (let k = 0; k < 2 * l + 1; k++) doubles[at++] = coefficients[first + k];
  }
  return { lmax, shellsAt, workAt: at + (at & 1) };
}

const known: Float64Array[] = [];

/** [(lmax + 1)², 3, 4]: index, factor, index, factor of ∂S along x, y, z. */
function slopeTable(lmax: number): Float64Array {
  known[lmax] ??= Float64Array.from(
    Array.from({ length: lmax + 1 }, (_, l) => l).flatMap((l) =>
      harmonicGradients(l).flatMap((axes) =>
        axes.flatMap(({ firstIndex, first, secondIndex, second }) => [firstIndex, first, secondIndex, second]),
      ),
    ),
  );
  return known[lmax];
}
