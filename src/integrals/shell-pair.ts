/**
 * Products of the functions of two shells as Hermite Gaussians.
 *
 * Along one axis  x_A^i x_B^j exp(−αx_A² −βx_B²) = Σ_t E_t^ij Λ_t(x; p = α+β, P),
 *   E_0^00 = exp(−αβ/p X_AB²),  E_t^{i+1,j} = E_{t−1}^ij/(2p) + X_PA E_t^ij + (t+1) E_{t+1}^ij
 * (McMurchie & Davidson, J. Comput. Phys. 26, 218 (1978), eqs. 2.17–2.20); the three axes are multiplied, and
 * monomials combined to real solid harmonics, contraction factors included.
 */
import type { PlacedShell } from "../basis/basis.js";
import { checkBoysOrder } from "../math/boys.js";
import { solidHarmonicPolynomials } from "../math/solid-harmonics.js";
import { hermiteCount, hermiteIndex } from "./hermite.js";
import type { HermiteExpansion } from "./hermite-expansion.js";

/** Functions are numbered m_a (2 l_b + 1) + m_b. */
export interface ShellPair extends HermiteExpansion {
  /** Exponents β_k of the second shell's primitives. */
  readonly secondExponents: Float64Array;
}

/**
 * Primitive pairs with an estimated ∫|χ_a χ_b| below this are left out. The potentials of normalised functions
 * are of order 10, so any integral is right to about 1e-13.
 */
const NEGLIGIBLE = 1e-15;

/** Expands the products of shells `a` and `b`; `count` is 0 when all of them are negligible. */
export function shellPair(a: PlacedShell, b: PlacedShell): ShellPair {
  const survivors = survivingPairs(a, b);
  const count = survivors.length;
  const order = a.l + b.l;
  checkBoysOrder(order);
  const functions = (2 * a.l + 1) * (2 * b.l + 1);
  const hermites = hermiteCount(order);
  const pair = {
    order,
    lowestOrder: 0,
    functions,
    count,
    exponents: new Float64Array(count),
    secondExponents: new Float64Array(count),
    centres: new Float64Array(3 * count),
    coefficients: new Float64Array(functions * count * hermites),
  };
  const terms = productTerms(a.l, b.l);
  const axisLength = (a.l + 1) * (b.l + 1) * (order + 1);
  const axes = [new Float64Array(axisLength), new Float64Array(axisLength), new Float64Array(axisLength)] as const;
  const from = [a.x, a.y, a.z];
  const to = [b.x, b.y, b.z];
  survivors.forEach(([i, j], k) => {
    const alpha = a.exponents[i];
    const beta = b.exponents[j];
    const p = alpha + beta;
    pair.exponents[k] = p;
    pair.secondExponents[k] = beta;
    for (let axis = 0; axis < 3; axis++) {
      pair.centres[3 * k + axis] = (alpha * from[axis] + beta * to[axis]) / p;
      expandAxis(a.l, b.l, alpha, beta, from[axis] - to[axis], axes[axis]);
    }
    addProducts(terms, axes, a.factors[i] * b.factors[j], k * hermites, count * hermites, pair.coefficients);
  });
  return pair;
}

/** Primitives (i of a, j of b) whose product counts. */
export function survivingPairs(a: PlacedShell, b: PlacedShell): [number, number][] {
  const r = Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
  const survivors: [number, number][] = [];
  for (let i = 0; i < a.exponents.length; i++)
    for (let j = 0; j < b.exponents.length; j++) {
      const factor = Math.abs(a.factors[i] * b.factors[j]);
      if (factor * absoluteOverlap(a.l, a.exponents[i], b.l, b.exponents[j], r) > NEGLIGIBLE) survivors.push([i, j]);
    }
  return survivors;
}

/** An estimate of ∫|χ_a χ_b| for r^l exp(−αr²) and r^l exp(−βr²) on centres at distance `r`. */
export function absoluteOverlap(la: number, alpha: number, lb: number, beta: number, r: number): number {
  const p = alpha + beta;
  const width = Math.sqrt((la + lb + 1) / p);
  return (
    Math.exp((-alpha * beta * r * r) / p) *
    (Math.PI / p) ** 1.5 *
    ((beta * r) / p + width) ** la *
    ((alpha * r) / p + width) ** lb
  );
}

/** E_t^ij along one axis, [i, j, t], with X_AB = A − B. */
export function expandAxis(
  la: number,
  lb: number,
  alpha: number,
  beta: number,
  separation: number,
  e: Float64Array,
): void {
  const p = alpha + beta;
  const toA = (-beta / p) * separation; // P − A
  const toB = (alpha / p) * separation;
  const half = 0.5 / p;
  const width = la + lb + 1;
  const row = (i: number, j: number): number => (i * (lb + 1) + j) * width;
  e.fill(0);
  e[0] = Math.exp(((-alpha * beta) / p) * separation * separation);
  for (let i = 0; i <= la; i++) {
    if (i > 0) raiseAxis(e, row(i - 1, 0), row(i, 0), i, half, toA);
    for (let j = 1; j <= lb; j++) raiseAxis(e, row(i, j - 1), row(i, j), i + j, half, toB);
  }
}

function raiseAxis(e: Float64Array, from: number, to: number, degree: number, half: number, shift: number): void {
  for (let t = 0; t <= degree; t++) {
    const below = t > 0 ? half * e[from + t - 1] : 0;
    const same = t < degree ? shift * e[from + t] : 0;
    const above = t + 1 < degree ? (t + 1) * e[from + t + 1] : 0;
    e[to + t] = below + same + above;
  }
}

/** The sum over monomials of S_a S_b: E[function, tuv] += c Ex[x] Ey[y] Ez[z]. */
interface ProductTerms {
  readonly hermites: number;
  readonly target: Int32Array;
  readonly function: Int32Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly z: Int32Array;
  readonly c: Float64Array;
}

const productTermsCache = new Map<number, ProductTerms>();

function productTerms(la: number, lb: number): ProductTerms {
  const key = la * 64 + lb;
  const known = productTermsCache.get(key);
  if (known) return known;
  const [target, func, x, y, z]: number[][] = [[], [], [], [], []];
  const c: number[] = [];
  const width = la + lb + 1;
  const row = (i: number, j: number): number => (i * (lb + 1) + j) * width;
  solidHarmonicPolynomials(la).forEach((first, ma) =>
    solidHarmonicPolynomials(lb).forEach((second, mb) => {
      for (const f of first)
        for (const s of second)
          for (let t = 0; t <= f.i + s.i; t++)
            for (let u = 0; u <= f.j + s.j; u++)
              for (let v = 0; v <= f.k + s.k; v++) {
                func.push(ma * (2 * lb + 1) + mb);
                target.push(hermiteIndex(t, u, v));
                x.push(row(f.i, s.i) + t);
                y.push(row(f.j, s.j) + u);
                z.push(row(f.k, s.k) + v);
                c.push(f.c * s.c);
              }
    }),
  );
  const terms = {
    hermites: hermiteCount(la + lb),
    target: Int32Array.from(target),
    function: Int32Array.from(func),
    x: Int32Array.from(x),
    y: Int32Array.from(y),
    z: Int32Array.from(z),
    c: Float64Array.from(c),
  };
  productTermsCache.set(key, terms);
  return terms;
}

function addProducts(
  terms: ProductTerms,
  [ex, ey, ez]: readonly [Float64Array, Float64Array, Float64Array],
  factor: number,
  offset: number,
  stride: number,
  out: Float64Array,
): void {
  const { target, x, y, z, c } = terms;
  const functionOf = terms.function;
  for (let i = 0; i < c.length; i++)
    out[functionOf[i] * stride + offset + target[i]] += factor * c[i] * ex[x[i]] * ey[y[i]] * ez[z[i]];
}
