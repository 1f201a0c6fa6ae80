/**
 * PBE exchange: ε_x = ε_x^unif F(s), F = 1 + κ − κ/(1 + μs²/κ), μ = βπ²/3, s² = σ/(4 (3π²)^⅔ ρ^(8/3)).
 * J. P. Perdew, K. Burke, M. Ernzerhof, Phys. Rev. Lett. 77, 3865 (1996).
 */
import type { PbeConstants } from "./pbe-correlation.js";
import { SLATER } from "./slater.js";
import { EMPTY, type GradientTerm, type XcOutput } from "./xc-term.js";

const KAPPA = 0.804;
const REDUCED = 1 / (4 * Math.cbrt(3 * Math.PI * Math.PI) ** 2);

export function pbeExchange({ beta }: PbeConstants): GradientTerm {
  const mu = (beta * Math.PI * Math.PI) / 3;
  return (rho, sigma, out, vsigma) => addPbeExchange(mu, rho, sigma, out, vsigma);
}

function addPbeExchange(
  mu: number,
  rho: Float64Array,
  sigma: Float64Array,
  { exc, vrho }: XcOutput,
  vsigma: Float64Array,
): void {
  for (let p = 0; p < rho.length; p++) {
    const n = rho[p];
    if (!(n >= EMPTY)) continue;
    const root = Math.cbrt(n);
    const perSigma = REDUCED / (root * root * n * n);
    const s2 = perSigma * Math.max(sigma[p], 0);
    const denominator = 1 / (1 + (mu / KAPPA) * s2);
    const factor = 1 + KAPPA - KAPPA * denominator;
    const slope = mu * denominator * denominator; // dF/ds²
    const uniform = SLATER * root;
    exc[p] += uniform * factor;
    vrho[p] += uniform * ((4 / 3) * factor - (8 / 3) * s2 * slope);
    vsigma[p] += n * uniform * slope * perSigma;
  }
}
