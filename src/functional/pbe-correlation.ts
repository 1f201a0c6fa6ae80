/**
 * PBE correlation, unpolarised: ε_c = ε_c^PW92 + H,
 *
 *   H = γ ln(1 + β/γ q),  q = T (1 + AT)/(1 + AT + A²T²),  T = t² = π σ/(16 k_F ρ²),  A = β/γ / (exp(−ε_c^PW92/γ) − 1)
 *   ∂q/∂T = (1 + 2u)/(1+u+u²)²,  ∂q/∂A = −T² u (2 + u)/(1+u+u²)²,  u = AT
 *
 * J. P. Perdew, K. Burke, M. Ernzerhof, Phys. Rev. Lett. 77, 3865 (1996); β with the digits of their program.
 */
import { PW92_A_PBE, pw92Energy } from "./pw92.js";
import { EMPTY, type GradientTerm, wignerSeitzRadius } from "./xc-term.js";

export const PBE_BETA = 0.06672455060314922;
export const GAMMA = (1 - Math.LN2) / (Math.PI * Math.PI);
const RATIO = PBE_BETA / GAMMA;

const uniform = new Float64Array(3);

export const addPbeCorrelation: GradientTerm = (rho, sigma, { exc, vrho }, vsigma) => {
  for (let p = 0; p < rho.length; p++) {
    const n = rho[p];
    if (!(n >= EMPTY)) continue;
    const rs = wignerSeitzRadius(n);
    pw92Energy(rs, PW92_A_PBE, uniform);
    const energy = uniform[0];
    const energySlope = -(rs / 3) * uniform[1]; // ρ dε/dρ
    const fermi = Math.cbrt(3 * Math.PI * Math.PI * n);
    const perSigma = Math.PI / (16 * fermi * n * n);
    const t = perSigma * Math.max(sigma[p], 0);
    const grown = Math.expm1(-energy / GAMMA);
    const a = RATIO / grown;
    const aSlope = ((a * a) / PBE_BETA) * (grown + 1); // dA/dε
    const u = a * t;
    const denominator = 1 / (1 + u + u * u);
    const q = t * (1 + u) * denominator;
    const qt = (1 + 2 * u) * denominator * denominator;
    const qa = -t * t * u * (2 + u) * denominator * denominator;
    const outer = PBE_BETA / (1 + RATIO * q); // dH/dq
    const h = GAMMA * Math.log1p(RATIO * q);
    exc[p] += energy + h;
    vrho[p] += energy + h + energySlope + outer * (qt * (-7 / 3) * t + qa * aSlope * energySlope);
    vsigma[p] += n * outer * qt * perSigma;
  }
};
