/**
 * Becke's exchange of 1988, closed shells: with x = |∇ρ_σ|/ρ_σ^(4/3) = 2^⅓ √σ/ρ^(4/3),
 *
 *   ε_x = ε_x^unif − 2^(−⅓) β ρ^⅓ G,  G = x²/(1 + 6βx sinh⁻¹x),  β = 0.0042
 *   dG/d(x²) = (1 + 3βx sinh⁻¹x − 3βx²/√(1+x²))/(1 + 6βx sinh⁻¹x)²
 *
 * A. D. Becke, Phys. Rev. A 38, 3098 (1988), doi:10.1103/PhysRevA.38.3098.
 */
import { SLATER } from "./slater.js";
import { EMPTY, type GradientTerm } from "./xc-term.js";

const BETA = 0.0042;
const PREFACTOR = BETA / Math.cbrt(2);
const REDUCED = Math.cbrt(4);

export const addB88Exchange: GradientTerm = (rho, sigma, { exc, vrho }, vsigma) => {
  for (let p = 0; p < rho.length; p++) {
    const n = rho[p];
    if (!(n >= EMPTY)) continue;
    const root = Math.cbrt(n);
    const perSigma = REDUCED / (root * root * n * n);
    const x2 = perSigma * Math.max(sigma[p], 0);
    const x = Math.sqrt(x2);
    const angle = BETA * x * Math.asinh(x);
    const denominator = 1 / (1 + 6 * angle);
    const g = x2 * denominator;
    const slope = (1 + 3 * angle - (3 * BETA * x2) / Math.sqrt(1 + x2)) * denominator * denominator;
    const uniform = SLATER * root;
    const corrected = PREFACTOR * root;
    exc[p] += uniform - corrected * g;
    vrho[p] += (4 / 3) * (uniform - corrected * g) + (8 / 3) * corrected * x2 * slope;
    vsigma[p] -= n * corrected * slope * perSigma;
  }
};
