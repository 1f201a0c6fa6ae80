/**
 * Integrals of two primitives x^i y^j z^k exp(−αr²) at the origin and at d, all Cartesian factors up to l_a and l_b at
 * once. They are products of one-dimensional integrals:
 *
 *   S = s_x s_y s_z,   T = k_x s_y s_z + s_x k_y s_z + s_x s_y k_z,   s_ij = E_0^ij √(π/p),
 *   k_ij = −2β² s_{i,j+2} + β(2j+1) s_ij − ½j(j−1) s_{i,j−2},
 *
 * and a potential given by its integrals U_tuv with the Hermite Gaussians at P = βd/p is Σ E_t E_u E_v U_tuv (McMurchie &
 * Davidson, J. Comput. Phys. 26, 218 (1978)).
 */
import { hermiteCount, hermiteIndex } from "./hermite.js";
import { expandAxis } from "./shell-pair.js";
import { CARTESIAN, type PrimitiveSet } from "./primitive-set.js";

/** Two primitives of two elements. */
export interface PrimitivePair {
  /** Their numbers in the sets of the elements. */
  readonly first: number;
  readonly second: number;
  readonly alpha: number;
  readonly beta: number;
  /** Highest l of each. */
  readonly la: number;
  readonly lb: number;
  readonly amplitudesA: readonly number[];
  readonly amplitudesB: readonly number[];
}

export function primitivePairs(a: PrimitiveSet, b: PrimitiveSet): PrimitivePair[] {
  return [...a.exponents].flatMap((alpha, first) =>
    [...b.exponents].map((beta, second) => ({
      first,
      second,
      alpha,
      beta,
      la: a.momenta[first],
      lb: b.momenta[second],
      amplitudesA: a.amplitudes[first],
      amplitudesB: b.amplitudes[second],
    })),
  );
}

/** A bound of |χ_a χ_b| exp(p|r − P|²) near P at distance r of the centres: the size of a product of two functions. */
export function productSize({ alpha, beta, la, lb, amplitudesA, amplitudesB }: PrimitivePair, r: number): number {
  const p = alpha + beta;
  const width = Math.sqrt((la + lb + 1) / p);
  return (
    Math.exp(((-alpha * beta) / p) * r * r) *
    powerSum(amplitudesA, (beta * r) / p + width) *
    powerSum(amplitudesB, (alpha * r) / p + width)
  );
}

/** Σ_l a_l r^l. */
function powerSum(a: readonly number[], r: number): number {
  return a.reduceRight((sum, amplitude) => sum * r + amplitude, 0);
}

/** The distance of the centres beyond which `size`(r) stays below `negligible`, to 0.1 bohr. */
export function reachOf(size: (r: number) => number, negligible: number): number {
  let low = 0;
  let high = 1;
  while (size(high) > negligible) {
    low = high;
    high *= 2;
  }
  while (high - low > 0.1) {
    const middle = 0.5 * (low + high);
    if (size(middle) > negligible) low = middle;
    else high = middle;
  }
  return high;
}

/** Integrals of Cartesian factors: [those up to l_a, those up to l_b]. */
export interface CartesianIntegrals {
  readonly overlap: Float64Array;
  readonly kinetic: Float64Array;
  readonly potential: Float64Array;
}

const MOST = hermiteCount(4) ** 2;

export function cartesianIntegrals(): CartesianIntegrals {
  return { overlap: new Float64Array(MOST), kinetic: new Float64Array(MOST), potential: new Float64Array(MOST) };
}

/** E of the three axes, and s, k of each: [i, j]. */
const E = [0, 1, 2].map(() => new Float64Array(512));
const S = [0, 1, 2].map(() => new Float64Array(64));
const K = [0, 1, 2].map(() => new Float64Array(64));

/** Position of (t, u, v) by t, u and v: HERMITE_AT[(9t + u) 9 + v]. */
const SIDE = 9;
const HERMITE_AT = Int32Array.from({ length: SIDE ** 3 }, (_, k) =>
  hermiteIndex(Math.floor(k / SIDE ** 2), Math.floor(k / SIDE) % SIDE, k % SIDE),
);

/** Writes the integrals of the pair with the second centre at `d` [3] to `out`; `u` holds U_tuv up to l_a + l_b. */
export function writePrimitivePair(
  { alpha, beta, la, lb }: PrimitivePair,
  d: ArrayLike<number>,
  u: Float64Array,
  out: CartesianIntegrals,
): void {
  for (let axis = 0; axis < 3; axis++) {
    expandAxis(la, lb + 2, alpha, beta, -d[axis], E[axis]);
    writeAxis(la, lb, beta, Math.sqrt(Math.PI / (alpha + beta)), E[axis], S[axis], K[axis]);
  }
  const [ex, ey, ez] = E;
  const [sx, sy, sz] = S;
  const [kx, ky, kz] = K;
  const { x, y, z } = CARTESIAN;
  const { overlap, kinetic, potential } = out;
  const rows = hermiteCount(la);
  const columns = hermiteCount(lb);
  const width = la + lb + 3;
  for (let a = 0, at = 0; a < rows; a++)
    for (let b = 0; b < columns; b++, at++) {
      const i = x[a] * (lb + 3) + x[b];
      const j = y[a] * (lb + 3) + y[b];
      const k = z[a] * (lb + 3) + z[b];
      overlap[at] = sx[i] * sy[j] * sz[k];
      kinetic[at] = kx[i] * sy[j] * sz[k] + sx[i] * ky[j] * sz[k] + sx[i] * sy[j] * kz[k];
      let sum = 0;
      for (let t = 0; t <= x[a] + x[b]; t++) {
        let inner = 0;
        for (let m = 0; m <= y[a] + y[b]; m++) {
          let innermost = 0;
          const row = (t * SIDE + m) * SIDE;
          for (let n = 0; n <= z[a] + z[b]; n++) innermost += ez[k * width + n] * u[HERMITE_AT[row + n]];
          inner += ey[j * width + m] * innermost;
        }
        sum += ex[i * width + t] * inner;
      }
      potential[at] = sum;
    }
}

/** s and k of one axis from E: [la + 1, lb + 3]; k for j ≤ lb only. */
function writeAxis(
  la: number,
  lb: number,
  beta: number,
  root: number,
  e: Float64Array,
  s: Float64Array,
  k: Float64Array,
): void {
  const width = la + lb + 3;
  const row = lb + 3;
  for (let i = 0; i <= la; i++) {
    for (let j = 0; j < row; j++) s[i * row + j] = root * e[(i * row + j) * width];
    for (let j = 0; j <= lb; j++) {
      const at = i * row + j;
      const below = j > 1 ? 0.5 * j * (j - 1) * s[at - 2] : 0;
      k[at] = beta * (2 * j + 1) * s[at] - 2 * beta * beta * s[at + 2] - below;
    }
  }
}
