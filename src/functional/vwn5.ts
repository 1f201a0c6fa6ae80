/**
 * Correlation of the uniform electron gas, unpolarised, in x = √r_s, X(x) = x² + bx + c, Q = √(4c − b²):
 *
 *   ε_c = A { ln(x²/X) + 2b/Q tan⁻¹(Q/(2x+b)) − b x₀/X(x₀) [ ln((x−x₀)²/X) + 2(b+2x₀)/Q tan⁻¹(Q/(2x+b)) ] }
 *
 * S. H. Vosko, L. Wilk, M. Nusair, Can. J. Phys. 58, 1200 (1980), formula 4.4, parameters of the fit to Ceperley and Alder ("VWN5").
 */
import { EMPTY, type LocalTerm, wignerSeitzRadius } from "./xc-term.js";

const A = 0.0310907;
const B = 3.72744;
const C = 12.9352;
const X0 = -0.10498;
const Q = Math.sqrt(4 * C - B * B);
const BRACKET = (B * X0) / (X0 * X0 + B * X0 + C);

export const addVwn5: LocalTerm = (rho, { exc, vrho }) => {
  for (let p = 0; p < rho.length; p++) {
    if (!(rho[p] >= EMPTY)) continue;
    const x = Math.sqrt(wignerSeitzRadius(rho[p]));
    const polynomial = x * x + B * x + C;
    const slope = 2 * x + B;
    const angle = (2 / Q) * Math.atan(Q / slope);
    const turn = -4 / (slope * slope + Q * Q);
    const energy =
      A *
      (Math.log((x * x) / polynomial) +
        B * angle -
        BRACKET * (Math.log((x - X0) ** 2 / polynomial) + (B + 2 * X0) * angle));
    const derivative =
      A * (2 / x - slope / polynomial + B * turn - BRACKET * (2 / (x - X0) - slope / polynomial + (B + 2 * X0) * turn));
    exc[p] += energy;
    vrho[p] += energy - (x / 6) * derivative;
  }
};
