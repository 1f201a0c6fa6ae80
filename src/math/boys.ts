/**
 * Boys functions, the radial part of every Coulomb integral over Gaussians:
 *
 *   F_m(T) = ∫₀¹ t^(2m) exp(−T t²) dt
 *
 * The highest order comes from a Taylor expansion about the nearest grid point, the lower ones from
 * F_m = (2T F_{m+1} + e^−T)/(2m+1), which is stable downwards. For large T, F_m = (2m−1)!!/(2T)^m · √(π/T)/2.
 * McMurchie & Davidson, J. Comput. Phys. 26, 218 (1978), section IV.
 */
import { BrineError } from "../errors.js";

/** Highest order. */
export const BOYS_ORDER_MAX = 24;

const STEPS_PER_UNIT = 16;
/** Terms of the Taylor expansions; with |δ| ≤ 1/32 the first one left out is below 6e-15. */
const TERMS = 7;
const STRIDE = BOYS_ORDER_MAX + TERMS;

/** Beyond this T the asymptotic form of F_m is exact to double precision for every m ≤ order. */
const asymptoticFrom = (order: number): number => 36 + 2.5 * order;
const ASYMPTOTIC = Float64Array.from({ length: BOYS_ORDER_MAX + 1 }, (_, m) => asymptoticFrom(m));
const GRID = Math.ceil(asymptoticFrom(BOYS_ORDER_MAX) * STEPS_PER_UNIT) + 2;

/** F_m(T_i): [grid, order]. */
const TABLE = new Float64Array(GRID * STRIDE);
const EXPONENTIAL = new Float64Array(GRID);

/** F_order(T) by its series e^−T Σ_k (2T)^k / ((2m+1)(2m+3)…(2m+2k+1)): all terms positive. */
function bySeries(order: number, t: number): number {
  let term = 1 / (2 * order + 1);
  let sum = term;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (2 * t) / (2 * order + 2 * k + 1);
    sum += term;
  }
  return Math.exp(-t) * sum;
}

for (let i = 0; i < GRID; i++) {
  const t = i / STEPS_PER_UNIT;
  const row = i * STRIDE;
  const exponential = Math.exp(-t);
  EXPONENTIAL[i] = exponential;
  TABLE[row + STRIDE - 1] = bySeries(STRIDE - 1, t);
  for (let m = STRIDE - 2; m >= 0; m--) TABLE[row + m] = (2 * t * TABLE[row + m + 1] + exponential) / (2 * m + 1);
}

const ODD_INVERSE = Float64Array.from({ length: BOYS_ORDER_MAX + 1 }, (_, m) => 1 / (2 * m + 1));
const HALF_ROOT_PI = 0.5 * Math.sqrt(Math.PI);

/**
 * Writes F_0(T) … F_order(T), T ≥ 0, to `out`; relative error about 1e-14. `order` is not checked here
 * (this runs in the innermost loops): see {@link checkBoysOrder}.
 */
export function boys(order: number, t: number, out: Float64Array): void {
  if (t >= ASYMPTOTIC[order]) {
    const inverse = 1 / t;
    let value = HALF_ROOT_PI * Math.sqrt(inverse);
    out[0] = value;
    for (let m = 1; m <= order; m++) {
      value *= (m - 0.5) * inverse;
      out[m] = value;
    }
    return;
  }
  const i = (t * STEPS_PER_UNIT + 0.5) | 0;
  const delta = i / STEPS_PER_UNIT - t; // d^k F_m / dT^k = (−1)^k F_{m+k}
  const k = i * STRIDE + order;
  const top =
    TABLE[k] +
    delta *
      (TABLE[k + 1] +
        (delta / 2) *
          (TABLE[k + 2] +
            (delta / 3) *
              (TABLE[k + 3] +
                (delta / 4) * (TABLE[k + 4] + (delta / 5) * (TABLE[k + 5] + (delta / 6) * TABLE[k + 6])))));
  out[order] = top;
  if (order === 0) return;
  const exponential =
    EXPONENTIAL[i] *
    (1 + delta * (1 + (delta / 2) * (1 + (delta / 3) * (1 + (delta / 4) * (1 + (delta / 5) * (1 + delta / 6))))));
  let value = top;
  for (let m = order - 1; m >= 0; m--) {
    value = (2 * t * value + exponential) * ODD_INVERSE[m];
    out[m] = value;
  }
}

/** Throws `unsupported` when the sum of angular momenta of an integral is beyond the tables. */
export function checkBoysOrder(order: number): void {
  if (order > BOYS_ORDER_MAX)
    throw new BrineError(
      "unsupported",
      `integrals with a sum of angular momenta of ${order} (at most ${BOYS_ORDER_MAX}); use a basis with lower angular momenta`,
    );
}
