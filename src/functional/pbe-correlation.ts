/**
 * PBE correlation, unpolarised: ε_c = ε_c^PW92 + H,
 *
 *   H = γ ln(1 + β/γ q),  q = T (1 + AT)/(1 + AT + A²T²),  T = t² = π σ/(16 k_F ρ²),  A = β/γ / (exp(−ε_c^PW92/γ) − 1)
 *   ∂q/∂T = (1 + 2u)/(1+u+u²)²,  ∂q/∂A = −T² u (2 + u)/(1+u+u²)²,  u = AT
 *
 * J. P. Perdew, K. Burke, M. Ernzerhof, Phys. Rev. Lett. 77, 3865 (1996). β and the A of PW92 with the digits of their
 * program, as libxc has them, or as printed, which CP2K's own PBE has: 7e-7 hartree an atom of water apart.
 */
import { PW92_A, PW92_A_PBE, pw92Energy } from "./pw92.js";
import { EMPTY, type GradientTerm, wignerSeitzRadius, type XcOutput } from "./xc-term.js";

export const PBE_BETA = 0.06672455060314922;
export const GAMMA = (1 - Math.LN2) / (Math.PI * Math.PI);

export interface PbeConstants {
  readonly beta: number;
  /** A of unpolarised PW92. */
  readonly a: number;
}

export const PBE: PbeConstants = { beta: PBE_BETA, a: PW92_A_PBE };
/** As printed in the papers, and in CP2K. */
export const PBE_PRINTED: PbeConstants = { beta: 0.066725, a: PW92_A };

const uniform = new Float64Array(3);

export function pbeCorrelation(constants: PbeConstants): GradientTerm {
  return (rho, sigma, out, vsigma) => addPbeCorrelation(constants, rho, sigma, out, vsigma);
}

function addPbeCorrelation(
  { beta, a: uniformA }: PbeConstants,
  rho: Float64Array,
  sigma: Float64Array,
  { exc, vrho }: XcOutput,
  vsigma: Float64Array,
): void {
  const ratio = beta / GAMMA;
  for (let p = 0; p < rho.length; p++) {
    const n = rho[p];
    if (!(n >= EMPTY)) continue;
    const rs = wignerSeitzRadius(n);
    pw92Energy(rs, uniformA, uniform);
    const energy = uniform[0];
    const energySlope = -(rs / 3) * uniform[1]; // ρ dε/dρ
    const fermi = Math.cbrt(3 * Math.PI * Math.PI * n);
    const perSigma = Math.PI / (16 * fermi * n * n);
    const t = perSigma * Math.max(sigma[p], 0);
    const grown = Math.expm1(-energy / GAMMA);
    const a = ratio / grown;
    const aSlope = ((a * a) / beta) * (grown + 1); // dA/dε
    const u = a * t;
    const denominator = 1 / (1 + u + u * u);
    const q = t * (1 + u) * denominator;
    const qt = (1 + 2 * u) * denominator * denominator;
    const qa = -t * t * u * (2 + u) * denominator * denominator;
    const outer = beta / (1 + ratio * q); // dH/dq
    const h = GAMMA * Math.log1p(ratio * q);
    exc[p] += energy + h;
    vrho[p] += energy + h + energySlope + outer * (qt * (-7 / 3) * t + qa * aSlope * energySlope);
    vsigma[p] += n * outer * qt * perSigma;
  }
}
