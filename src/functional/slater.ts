/**
 * Exchange of the uniform electron gas: ε_x = −¾ (3ρ/π)^⅓, v_x = 4/3 ε_x (P. A. M. Dirac, 1930).
 */
import { EMPTY, type LocalTerm } from "./xc-term.js";

/** ε_x ρ^(−1/3). */
export const SLATER = -0.75 * Math.cbrt(3 / Math.PI);

export const addSlater: LocalTerm = (rho, { exc, vrho }) => {
  for (let p = 0; p < rho.length; p++) {
    if (!(rho[p] >= EMPTY)) continue;
    const energy = SLATER * Math.cbrt(rho[p]);
    exc[p] += energy;
    vrho[p] += (4 / 3) * energy;
  }
};
