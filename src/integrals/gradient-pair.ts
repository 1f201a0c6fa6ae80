/**
 * The charge of two shells in a density matrix and its derivative when the first shell moves, as Hermite Gaussians:
 *
 *   Σ_ab D_ab φ_a φ_b = Σ_k Σ_tuv Q_{k,tuv} Λ_tuv(p_k, P_k),   ∂/∂A at fixed B: Q^A_{k,tuv}
 *
 * D is contracted first, so a derivative integral is never formed. Along the axis of the derivative
 * ∂_A [x_A^i exp(−αx_A²)] = 2α x_A^{i+1} exp(−αx_A²) − i x_A^{i−1} exp(−αx_A²), and E_t^ij of shell-pair.ts follows suit.
 * What remains when both shells move together is ∂_P, which raises a Hermite index.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import { solidHarmonicPolynomials } from "../math/solid-harmonics.js";
import { hermiteCount, hermiteIndex } from "./hermite.js";
import { expandAxis, survivingPairs } from "./shell-pair.js";

/** Arrays may be longer than said here, and hold until the next pair is asked for. */
export interface PairCharge {
  readonly first: PlacedShell;
  readonly second: PlacedShell;
  /** l_a + l_b; the derivative goes one higher. */
  readonly order: number;
  /** Number of Gaussians (p_k, P_k). */
  readonly count: number;
  readonly exponents: Float64Array;
  /** Exponents β_k of the second shell's primitives. */
  readonly secondExponents: Float64Array;
  /** [count, 3] */
  readonly centres: Float64Array;
  /** Q: [count, hermiteCount(order)] */
  readonly charge: Float64Array;
  /** ∂Q/∂A_x, ∂A_y, ∂A_z: [count, hermiteCount(order + 1)] each. */
  readonly derivative: readonly [Float64Array, Float64Array, Float64Array];
}

type Axes = readonly [Float64Array, Float64Array, Float64Array];

/** Room for the arrays of one pair after the other (anew for each would cost more than to fill them), by number. */
type Room = Float64Array[];

function zeros(room: Room, slot: number, length: number): Float64Array {
  const known = room[slot];
  if (known && known.length >= length) return known.fill(0, 0, length);
  return (room[slot] = new Float64Array(2 * length));
}

function axes(room: Room, slot: number, length: number): Axes {
  return [zeros(room, slot, length), zeros(room, slot + 1, length), zeros(room, slot + 2, length)];
}

/**
 * The charge of each unordered pair of shells in turn, both orders of a ≠ b counted; pairs without overlap are left
 * out. Only the symmetric part of `density` counts. Throws `mismatch` when its size is not that of `basis`.
 */
export function* pairCharges(basis: PlacedBasis, density: Matrix): Generator<PairCharge> {
  if (density.rows !== basis.size || density.columns !== basis.size)
    throw new BrineError(
      "mismatch",
      `a ${density.rows} × ${density.columns} density matrix for a basis of ${basis.size} functions`,
    );
  const room: Room = [];
  for (let i = 0; i < basis.shells.length; i++)
    for (let j = 0; j <= i; j++) {
      const a = basis.shells[i];
      const b = basis.shells[j];
      const survivors = survivingPairs(a, b);
      if (survivors.length > 0) yield pairCharge(a, b, survivors, cartesianDensity(a, b, density), room);
    }
}

function pairCharge(
  a: PlacedShell,
  b: PlacedShell,
  survivors: readonly [number, number][],
  density: Float64Array,
  room: Room,
): PairCharge {
  const order = a.l + b.l;
  const count = survivors.length;
  const hermites = hermiteCount(order);
  const raised = hermiteCount(order + 1);
  const pair: PairCharge = {
    first: a,
    second: b,
    order,
    count,
    exponents: zeros(room, 0, count),
    secondExponents: zeros(room, 1, count),
    centres: zeros(room, 2, 3 * count),
    charge: zeros(room, 3, count * hermites),
    derivative: axes(room, 4, count * raised),
  };
  const length = (a.l + 2) * (b.l + 1) * (order + 2);
  const e = axes(room, 7, length);
  const slope = axes(room, 10, length);
  const from = [a.x, a.y, a.z];
  const to = [b.x, b.y, b.z];
  survivors.forEach(([i, j], k) => {
    const alpha = a.exponents[i];
    const beta = b.exponents[j];
    pair.exponents[k] = alpha + beta;
    pair.secondExponents[k] = beta;
    for (let axis = 0; axis < 3; axis++) {
      pair.centres[3 * k + axis] = (alpha * from[axis] + beta * to[axis]) / (alpha + beta);
      expandAxis(a.l + 1, b.l, alpha, beta, from[axis] - to[axis], e[axis]);
      differentiateAxis(a.l, b.l, alpha, e[axis], slope[axis]);
    }
    const factor = a.factors[i] * b.factors[j];
    addCharge(chargeTerms(a.l, b.l, -1), density, e, factor, k * hermites, pair.charge);
    addCharge(chargeTerms(a.l, b.l, 0), density, [slope[0], e[1], e[2]], factor, k * raised, pair.derivative[0]);
    addCharge(chargeTerms(a.l, b.l, 1), density, [e[0], slope[1], e[2]], factor, k * raised, pair.derivative[1]);
    addCharge(chargeTerms(a.l, b.l, 2), density, [e[0], e[1], slope[2]], factor, k * raised, pair.derivative[2]);
  });
  return pair;
}

/** ∂E_t^ij/∂A = 2α E_t^{i+1,j} − i E_t^{i−1,j} for i ≤ la, laid out as `e` (which goes to la + 1). */
function differentiateAxis(la: number, lb: number, alpha: number, e: Float64Array, slope: Float64Array): void {
  const step = (lb + 1) * (la + lb + 2); // from i to i + 1
  for (let i = 0; i <= la; i++)
    for (let at = i * step; at < (i + 1) * step; at++)
      slope[at] = 2 * alpha * e[at + step] - (i > 0 ? i * e[at - step] : 0);
}

/** Number of monomials of degree l. */
const monomials = (l: number): number => ((l + 1) * (l + 2)) / 2;

/** D_ab (+ D_ba for a ≠ b) between monomials instead of solid harmonics: [monomials(l_a), monomials(l_b)]. */
function cartesianDensity(a: PlacedShell, b: PlacedShell, density: Matrix): Float64Array {
  const result = new Float64Array(monomials(a.l) * monomials(b.l));
  const stride = density.stride ?? density.columns;
  const { data } = density;
  solidHarmonicPolynomials(a.l).forEach((left, ma) =>
    solidHarmonicPolynomials(b.l).forEach((right, mb) => {
      const mu = a.first + ma;
      const nu = b.first + mb;
      const d = a === b ? data[mu * stride + nu] : data[mu * stride + nu] + data[nu * stride + mu];
      for (const f of left) {
        const row = (hermiteIndex(f.i, f.j, f.k) - hermiteCount(a.l - 1)) * monomials(b.l);
        for (const s of right) result[row + hermiteIndex(s.i, s.j, s.k) - hermiteCount(b.l - 1)] += d * f.c * s.c;
      }
    }),
  );
  return result;
}

/** The sum over monomials: Q[tuv] += D[pair] Ex[x] Ey[y] Ez[z]. */
interface ChargeTerms {
  readonly target: Int32Array;
  readonly pair: Int32Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly z: Int32Array;
}

const chargeTermsCache = new Map<number, ChargeTerms>();

/** `raised` is the axis along which E is differentiated and goes one index higher, −1 for none. */
function chargeTerms(la: number, lb: number, raised: number): ChargeTerms {
  const key = (la * 64 + lb) * 4 + raised + 1;
  const known = chargeTermsCache.get(key);
  if (known) return known;
  const [target, pair, x, y, z]: number[][] = [[], [], [], [], []];
  const row = (i: number, j: number): number => (i * (lb + 1) + j) * (la + lb + 2);
  const up = [0, 1, 2].map((axis) => (axis === raised ? 1 : 0));
  monomialsOf(la).forEach((f, a) =>
    monomialsOf(lb).forEach((s, b) => {
      for (let t = 0; t <= f[0] + s[0] + up[0]; t++)
        for (let u = 0; u <= f[1] + s[1] + up[1]; u++)
          for (let v = 0; v <= f[2] + s[2] + up[2]; v++) {
            target.push(hermiteIndex(t, u, v));
            pair.push(a * monomials(lb) + b);
            x.push(row(f[0], s[0]) + t);
            y.push(row(f[1], s[1]) + u);
            z.push(row(f[2], s[2]) + v);
          }
    }),
  );
  const terms = {
    target: Int32Array.from(target),
    pair: Int32Array.from(pair),
    x: Int32Array.from(x),
    y: Int32Array.from(y),
    z: Int32Array.from(z),
  };
  chargeTermsCache.set(key, terms);
  return terms;
}

/** Exponents of the monomials of degree l in the order of {@link hermiteIndex}. */
function monomialsOf(l: number): [number, number, number][] {
  const result: [number, number, number][] = [];
  for (let rest = 0; rest <= l; rest++) for (let v = 0; v <= rest; v++) result.push([l - rest, rest - v, v]);
  return result;
}

function addCharge(
  terms: ChargeTerms,
  density: Float64Array,
  [ex, ey, ez]: Axes,
  factor: number,
  offset: number,
  out: Float64Array,
): void {
  const { target, pair, x, y, z } = terms;
  for (let i = 0; i < target.length; i++)
    out[offset + target[i]] += factor * density[pair[i]] * ex[x[i]] * ey[y[i]] * ez[z[i]];
}
