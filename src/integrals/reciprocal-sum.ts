/**
 * The Coulomb interaction of wide Gaussians of a crystal in reciprocal space, without G = 0:
 *
 *   K_cd = (4π/V) Σ_{G≠0} ĝ_c*(G) ĝ_d(G)/G²,   ĝ_c(G) = f_c (−i)^l S_lm(G) exp(−G²/4e) exp(−iG·R)
 *
 * Real and imaginary parts of half of all G are the rows of a matrix X, and K = XᵀX.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { block, gemm } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solidHarmonics } from "../math/solid-harmonics.js";
import { cellVolume } from "../structure/cell.js";
import { largestIntegers, reciprocalVectors, waveVector } from "../structure/reciprocal-lattice.js";
import { momentOf } from "./smeared-multipoles.js";

/** Rows of X that are held at once. */
const ROWS = 512;

/** Columns of one block of K: only blocks at and below the diagonal are multiplied. */
const COLUMNS = 256;

/** K: [functions, functions], symmetric; |G| < `cutoff` (1/bohr). Every shell of `basis` has one primitive. */
export function reciprocalCoulomb(basis: PlacedBasis, vectors: Float64Array, cutoff: number): Matrix {
  const result = matrix(basis.size, basis.size);
  const rows = matrix(ROWS, basis.size);
  const write = rowWriter(basis, vectors);
  let filled = 0;
  const flush = (): void => {
    addGram(block(rows, 0, 0, filled, basis.size), result);
    filled = 0;
  };
  for (const index of halfOfReciprocalLattice(vectors, cutoff)) {
    write(index, rows.data, filled * basis.size, (filled + 1) * basis.size);
    filled += 2;
    if (filled === ROWS) flush();
  }
  if (filled > 0) flush();
  for (let i = 0; i < basis.size; i++)
    for (let j = 0; j < i; j++) result.data[j * basis.size + i] = result.data[i * basis.size + j];
  return result;
}

/** Integers (n₁, n₂, n₃) of G = 2π Σ n_k b_k with 0 < |G| < cutoff, one of each pair ±G. */
function halfOfReciprocalLattice(vectors: Float64Array, cutoff: number): [number, number, number][] {
  const reciprocal = reciprocalVectors(vectors);
  const most = largestIntegers(vectors, cutoff);
  const found: [number, number, number][] = [];
  for (let a = 0; a <= most[0]; a++)
    for (let b = a > 0 ? -most[1] : 0; b <= most[1]; b++)
      for (let c = a > 0 || b > 0 ? -most[2] : 1; c <= most[2]; c++)
        if (Math.hypot(...waveVector(reciprocal, [a, b, c])) < cutoff) found.push([a, b, c]);
  return found;
}

type WriteRows = (
  index: readonly [number, number, number],
  into: Float64Array,
  real: number,
  imaginary: number,
) => void;

/** Writes √(8π/V)/|G| times real and imaginary part of ĝ(G) of all functions. */
function rowWriter(basis: PlacedBasis, vectors: Float64Array): WriteRows {
  const { shells } = basis;
  const reciprocal = reciprocalVectors(vectors);
  const scale = Math.sqrt((8 * Math.PI) / cellVolume(vectors));
  const lmax = Math.max(0, ...shells.map((shell) => shell.l));
  const harmonics = new Float64Array((lmax + 1) ** 2);
  const exponents = [...new Set(shells.map((shell) => shell.exponents[0]))];
  const exponentOf = Int32Array.from(shells, (shell) => exponents.indexOf(shell.exponents[0]));
  const radial = new Float64Array(exponents.length);
  const strengths = Float64Array.from(shells, strengthOf);
  return (index, into, real, imaginary) => {
    const [x, y, z] = waveVector(reciprocal, index);
    const square = x * x + y * y + z * z;
    solidHarmonics(lmax, x, y, z, harmonics);
    exponents.forEach((e, k) => (radial[k] = (scale / Math.sqrt(square)) * Math.exp((-0.25 * square) / e)));
    let atom = -1;
    let cosine = 0;
    let sine = 0;
    for (let s = 0; s < shells.length; s++) {
      const { l, first } = shells[s];
      if (shells[s].atom !== atom) {
        atom = shells[s].atom;
        const phase = x * shells[s].x + y * shells[s].y + z * shells[s].z;
        cosine = Math.cos(phase);
        sine = Math.sin(phase);
      }
      // (−i)^l (cos − i sin)
      const quarter = l & 2 ? -1 : 1;
      const size = strengths[s] * radial[exponentOf[s]] * quarter;
      const re = l & 1 ? -sine * size : cosine * size;
      const im = l & 1 ? -cosine * size : -sine * size;
      for (let m = 0; m <= 2 * l; m++) {
        const value = harmonics[l * l + m];
        into[real + first + m] = re * value;
        into[imaginary + first + m] = im * value;
      }
    }
  };
}

/** f of a shell of one primitive. */
function strengthOf({ l, exponents, factors }: PlacedShell): number {
  return factors[0] * momentOf(l, exponents[0]);
}

/** K ← K + XᵀX, blocks at and below the diagonal. */
function addGram(x: Matrix, into: Matrix): void {
  const n = into.columns;
  for (let first = 0; first < n; first += COLUMNS) {
    const rows = Math.min(COLUMNS, n - first);
    const columns = first + rows;
    gemm(
      true,
      false,
      1,
      block(x, 0, first, x.rows, rows),
      block(x, 0, 0, x.rows, columns),
      1,
      block(into, first, 0, rows, columns),
    );
  }
}
