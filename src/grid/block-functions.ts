/**
 * Values and gradients of basis functions on the points of a block,
 *
 *   χ = R(r²) S_lm(r),   R = Σ_p f_p exp(−α_p r²),   ∇χ = R ∇S_lm + S_lm R' r,   R' = −2 Σ_p α_p f_p exp(−α_p r²)
 *
 * with r from the atom. Shells that are negligible on the whole block are left out; the harmonics of an
 * atom are shared by its shells. Rows are functions, so that every loop runs over contiguous points.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { solidHarmonics } from "../math/solid-harmonics.js";
import { shellReaches } from "./function-reach.js";
import { byAtom, writeFunctions } from "./gaussian-kernels.js";
import type { GridBlock } from "./grid-block.js";

export interface BlockFunctions {
  /** Indices of the functions that are not negligible on the block, ascending. */
  readonly alive: Int32Array;
  /** [alive, count]. */
  readonly values: Matrix;
  /** ∂x, ∂y, ∂z, each [alive, count]. */
  readonly gradient?: readonly [Matrix, Matrix, Matrix];
}

/** The functions of `basis` alive on `block`, with their gradients when `derivatives` is 1. */
export function functionsOnBlock(basis: PlacedBasis, block: GridBlock, derivatives: 0 | 1): BlockFunctions {
  const shells = aliveShells(basis, block);
  const alive = new Int32Array(shells.reduce((sum, shell) => sum + 2 * shell.l + 1, 0));
  let row = 0;
  for (const { l, first } of shells) for (let k = 0; k < 2 * l + 1; k++) alive[row++] = first + k;
  const empty = (): Matrix => matrix(alive.length, block.count);
  const values = empty();
  const gradient = derivatives === 1 ? ([empty(), empty(), empty()] as const) : undefined;
  row = 0;
  for (const ofAtom of byAtom(shells)) {
    writeFunctions(ofAtom, block, row, values, gradient);
    for (const { l } of ofAtom) row += 2 * l + 1;
  }
  return gradient ? { alive, values, gradient } : { alive, values };
}

/** Shells that are not negligible on the block. */
export function aliveShells(basis: PlacedBasis, block: GridBlock): PlacedShell[] {
  const { count, points } = block;
  const middle = [0, 1, 2].map((axis) => {
    let low = Infinity;
    let high = -Infinity;
    for (let p = axis * count; p < (axis + 1) * count; p++) {
      if (points[p] < low) low = points[p];
      if (points[p] > high) high = points[p];
    }
    return 0.5 * (low + high);
  });
  let radius = 0;
  for (let p = 0; p < count; p++)
    radius = Math.max(
      radius,
      (points[p] - middle[0]) ** 2 + (points[count + p] - middle[1]) ** 2 + (points[2 * count + p] - middle[2]) ** 2,
    );
  radius = Math.sqrt(radius);
  const reaches = shellReaches(basis);
  return basis.shells.filter(
    (shell, k) => Math.hypot(shell.x - middle[0], shell.y - middle[1], shell.z - middle[2]) < reaches[k] + radius,
  );
}

/** Displacements from one atom and its solid harmonics on the points. */
export interface Centre {
  readonly dx: Float64Array;
  readonly dy: Float64Array;
  readonly dz: Float64Array;
  readonly squared: Float64Array;
  /** [(lmax+1)², count]. */
  readonly harmonics: Float64Array;
}

export function harmonicsAround(shells: readonly PlacedShell[], block: GridBlock): Centre {
  const { count, points } = block;
  const { x, y, z } = shells[0];
  const lmax = shells.reduce((most, shell) => Math.max(most, shell.l), 0);
  const size = (lmax + 1) ** 2;
  const [dx, dy, dz, squared] = [0, 1, 2, 3].map(() => new Float64Array(count));
  const harmonics = new Float64Array(size * count);
  const single = new Float64Array(size);
  for (let p = 0; p < count; p++) {
    dx[p] = points[p] - x;
    dy[p] = points[count + p] - y;
    dz[p] = points[2 * count + p] - z;
    squared[p] = dx[p] * dx[p] + dy[p] * dy[p] + dz[p] * dz[p];
    solidHarmonics(lmax, dx[p], dy[p], dz[p], single);
    for (let k = 0; k < size; k++) harmonics[k * count + p] = single[k];
  }
  return { dx, dy, dz, squared, harmonics };
}

/** Terms with α r² beyond this are below 1e-24 and left out. */
export const LARGEST_EXPONENT = 56;
