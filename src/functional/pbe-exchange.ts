/**
 * PBE exchange: ε_x = ε_x^unif F(s), F = 1 + κ − κ/(1 + μs²/κ), s² = σ/(4 (3π²)^⅔ ρ^(8/3)).
 * J. P. Perdew, K. Burke, M. Ernzerhof, Phys. Rev. Lett. 77, 3865 (1996).
 */
import { PBE_BETA } from "./pbe-correlation.js";
import { SLATER } from "./slater.js";
import { EMPTY, type GradientTerm } from "./xc-term.js";

const KAPPA = 0.804;
const MU = (PBE_BETA * Math.PI * Math.PI) / 3;
const REDUCED = 1 / (4 * Math.cbrt(3 * Math.PI * Math.PI) ** 2);

export const addPbeExchange: GradientTerm = (rho, sigma, { exc, vrho }, vsigma) => {
  for (let p = 0; p < rho.length; p++) {
    const n = rho[p];
    if (!(n >= EMPTY)) continue;
    const root = Math.cbrt(n);
    const perSigma = REDUCED / (root * root * n * n);
    const s2 = perSigma * Math.max(sigma[p], 0);
    const denominator = 1 / (1 + (MU / KAPPA) * s2);
    const factor = 1 + KAPPA - KAPPA * denominator;
    const slope = MU * denominator * denominator; // dF/ds²
    const uniform = SLATER * root;
    exc[p] += uniform * factor;
    vrho[p] += uniform * ((4 / 3) * factor - (8 / 3) * s2 * slope);
    vsigma[p] += n * uniform * slope * perSigma;
  }
};
