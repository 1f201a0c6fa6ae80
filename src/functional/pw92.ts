/**
 * Correlation of the uniform electron gas, unpolarised:
 *
 *   ε_c = −2A (1 + α₁ r_s) ln(1 + 1/Q),   Q = 2A (β₁ r_s^½ + β₂ r_s + β₃ r_s^(3/2) + β₄ r_s²)
 *
 * J. P. Perdew, Y. Wang, Phys. Rev. B 45, 13244 (1992). A is printed as 0.031091; PBE uses more digits.
 */
import { EMPTY, type LocalTerm, wignerSeitzRadius } from "./xc-term.js";

/** α₁ and β₁ … β₄ of one of the three functions of the paper. */
export interface Pw92Parameters {
  readonly alpha: number;
  readonly beta: readonly [number, number, number, number];
}

const UNPOLARISED: Pw92Parameters = { alpha: 0.2137, beta: [7.5957, 3.5876, 1.6382, 0.49294] };
/** A as printed in the paper. */
export const PW92_A = 0.031091;
/** A with the digits that PBE uses ("PW92 mod"). */
export const PW92_A_PBE = 0.0310907;

/** Writes ε_c, dε_c/dr_s and d²ε_c/dr_s² to `out`. */
export function pw92Energy(
  rs: number,
  a: number,
  out: Float64Array,
  { alpha, beta }: Pw92Parameters = UNPOLARISED,
): void {
  const root = Math.sqrt(rs);
  const q = 2 * a * root * (beta[0] + root * (beta[1] + root * (beta[2] + root * beta[3])));
  const q1 = 2 * a * (beta[0] / (2 * root) + beta[1] + 1.5 * beta[2] * root + 2 * beta[3] * rs);
  const q2 = 2 * a * (-beta[0] / (4 * rs * root) + (0.75 * beta[2]) / root + 2 * beta[3]);
  const product = q * (q + 1);
  const log = Math.log1p(1 / q);
  const log1 = -q1 / product;
  const log2 = (-q2 + (q1 * q1 * (2 * q + 1)) / product) / product;
  const linear = 1 + alpha * rs;
  out[0] = -2 * a * linear * log;
  out[1] = -2 * a * (alpha * log + linear * log1);
  out[2] = -2 * a * (2 * alpha * log1 + linear * log2);
}

const energy = new Float64Array(3);

export const addPw92: LocalTerm = (rho, { exc, vrho }) => {
  for (let p = 0; p < rho.length; p++) {
    if (!(rho[p] >= EMPTY)) continue;
    const rs = wignerSeitzRadius(rho[p]);
    pw92Energy(rs, PW92_A, energy);
    exc[p] += energy[0];
    vrho[p] += energy[0] - (rs / 3) * energy[1];
  }
};
