/**
 * Real solid harmonics S_lm(r) = r^l Y_lm(r̂), Y_lm orthonormal on the sphere, without Condon–Shortley
 * phase, m = −l … l (l = 1: y, z, x).
 *
 *   S_lm = Q_l^|m|(z, r²) · √2 {Im, 1/√2, Re}(x + iy)^|m|   for m < 0, = 0, > 0
 *   Q_l^m = √((4l²−1)/(l²−m²)) [ z Q_{l−1}^m − √(((l−1)²−m²)/(4(l−1)²−1)) r² Q_{l−2}^m ],  Q_m^m = √((2m+1)/2m) Q_{m−1}^{m−1}
 *
 * Normalised Legendre recursion, stable upwards in l (Holmes & Featherstone, J. Geodesy 76, 279 (2002)).
 */

/** Index of (l, m) in an array of all harmonics up to some l. */
export function harmonicIndex(l: number, m: number): number {
  return l * l + l + m;
}

const raise = (l: number, m: number): number => Math.sqrt((4 * l * l - 1) / (l * l - m * m));
const lower = (l: number, m: number): number => Math.sqrt(((l - 1) ** 2 - m * m) / (4 * (l - 1) ** 2 - 1));

const TABLE_LMAX = 24;
const RAISE = new Float64Array((TABLE_LMAX + 1) ** 2);
const LOWER = new Float64Array((TABLE_LMAX + 1) ** 2);
/** Q_m^m/Q_{m−1}^{m−1}, with √2 from m = 1 on. */
const DIAGONAL = Float64Array.from(
  { length: TABLE_LMAX + 1 },
  (_, m) => Math.sqrt((2 * m + 1) / (2 * m)) * (m === 1 ? Math.SQRT2 : 1),
);
const Y_00 = Math.sqrt(1 / (4 * Math.PI));
for (let l = 1; l <= TABLE_LMAX; l++)
  for (let m = 0; m < l; m++) {
    RAISE[l * (TABLE_LMAX + 1) + m] = raise(l, m);
    LOWER[l * (TABLE_LMAX + 1) + m] = l - 1 > m ? lower(l, m) : 0;
  }

/** Writes S_lm(x, y, z) for all l ≤ lmax (at most 24) to `out[offset + l² + l + m]`. */
export function solidHarmonics(lmax: number, x: number, y: number, z: number, out: Float64Array, offset = 0): void {
  const r2 = x * x + y * y + z * z;
  let diagonal = Y_00; // Q_m^m, with √2 for m > 0
  let re = 1; // (x + iy)^m
  let im = 0;
  for (let m = 0; m <= lmax; m++) {
    if (m > 0) {
      diagonal *= DIAGONAL[m];
      const next = re * x - im * y;
      im = re * y + im * x;
      re = next;
    }
    let before = 0;
    let q = diagonal;
    for (let l = m; l <= lmax; l++) {
      if (l > m) {
        const k = l * (TABLE_LMAX + 1) + m;
        const next = RAISE[k] * (z * q - LOWER[k] * r2 * before);
        before = q;
        q = next;
      }
      const centre = offset + l * l + l;
      out[centre + m] = q * re;
      if (m > 0) out[centre - m] = q * im;
    }
  }
}

/** c x^i y^j z^k. */
export interface Monomial {
  readonly i: number;
  readonly j: number;
  readonly k: number;
  readonly c: number;
}

type Polynomial = Map<string, number>;

function addProduct(
  target: Polynomial,
  p: Polynomial,
  factor: number,
  [i, j, k]: readonly [number, number, number],
): void {
  for (const [key, c] of p) {
    const [a, b, d] = key.split(",").map(Number);
    const shifted = `${a + i},${b + j},${d + k}`;
    target.set(shifted, (target.get(shifted) ?? 0) + factor * c);
  }
}

const polynomials = new Map<number, readonly (readonly Monomial[])[]>();

/** S_lm, m = −l … l, as polynomials in x, y, z; every monomial has degree l. */
export function solidHarmonicPolynomials(l: number): readonly (readonly Monomial[])[] {
  const known = polynomials.get(l);
  if (known) return known;
  const result: Monomial[][] = Array.from({ length: 2 * l + 1 }, () => []);
  let re: Polynomial = new Map([["0,0,0", 1]]);
  let im: Polynomial = new Map();
  let diagonal = Math.sqrt(1 / (4 * Math.PI));
  for (let m = 0; m <= l; m++) {
    if (m > 0) {
      diagonal *= Math.sqrt((2 * m + 1) / (2 * m)) * (m === 1 ? Math.SQRT2 : 1);
      const nextRe: Polynomial = new Map();
      const nextIm: Polynomial = new Map();
      addProduct(nextRe, re, 1, [1, 0, 0]);
      addProduct(nextRe, im, -1, [0, 1, 0]);
      addProduct(nextIm, re, 1, [0, 1, 0]);
      addProduct(nextIm, im, 1, [1, 0, 0]);
      [re, im] = [nextRe, nextIm];
    }
    let before: Polynomial = new Map();
    let q: Polynomial = new Map([["0,0,0", diagonal]]);
    for (let k = m + 1; k <= l; k++) {
      const next: Polynomial = new Map();
      addProduct(next, q, raise(k, m), [0, 0, 1]);
      if (k - 1 > m)
        for (const square of [
          [2, 0, 0],
          [0, 2, 0],
          [0, 0, 2],
        ] as const)
          addProduct(next, before, -raise(k, m) * lower(k, m), square);
      before = q;
      q = next;
    }
    for (const [part, angular] of [
      [m, re],
      [-m, im],
    ] as const) {
      if (m === 0 && angular === im) continue;
      const product: Polynomial = new Map();
      for (const [key, c] of angular) {
        const [a, b, d] = key.split(",").map(Number);
        addProduct(product, q, c, [a, b, d]);
      }
      for (const [key, c] of product) {
        const [a, b, d] = key.split(",").map(Number);
        if (Math.abs(c) > 1e-14) result[l + part].push({ i: a, j: b, k: d, c });
      }
    }
  }
  polynomials.set(l, result);
  return result;
}
