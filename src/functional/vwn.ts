/**
 * Correlation of the uniform electron gas, in x = √r_s, X(x) = x² + bx + c, Q = √(4c − b²):
 *
 *   ε_c = A { ln(x²/X) + 2b/Q tan⁻¹(Q/(2x+b)) − b x₀/X(x₀) [ ln((x−x₀)²/X) + 2(b+2x₀)/Q tan⁻¹(Q/(2x+b)) ] }
 *
 * S. H. Vosko, L. Wilk, M. Nusair, Can. J. Phys. 58, 1200 (1980), formula 4.4: parameters of the fit to Ceperley and Alder
 * ("VWN5") and of the fit to the random-phase approximation ("VWN(RPA)", in B3LYP).
 */
import { EMPTY, type LocalTerm, wignerSeitzRadius } from "./xc-term.js";

export interface VwnParameters {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly x0: number;
}

export const VWN5: VwnParameters = { a: 0.0310907, b: 3.72744, c: 12.9352, x0: -0.10498 };
export const VWN_RPA: VwnParameters = { a: 0.0310907, b: 13.072, c: 42.7198, x0: -0.409286 };

/** Writes ε_c and dε_c/dr_s to `out`. */
export function vwnEnergy(rs: number, { a, b, c, x0 }: VwnParameters, out: Float64Array): void {
  const q = Math.sqrt(4 * c - b * b);
  const bracket = (b * x0) / (x0 * x0 + b * x0 + c);
  const x = Math.sqrt(rs);
  const polynomial = x * x + b * x + c;
  const slope = 2 * x + b;
  const angle = (2 / q) * Math.atan(q / slope);
  const turn = -4 / (slope * slope + q * q);
  out[0] =
    a *
    (Math.log((x * x) / polynomial) +
      b * angle -
      bracket * (Math.log((x - x0) ** 2 / polynomial) + (b + 2 * x0) * angle));
  const derivative =
    a * (2 / x - slope / polynomial + b * turn - bracket * (2 / (x - x0) - slope / polynomial + (b + 2 * x0) * turn));
  out[1] = derivative / (2 * x);
}

function vwnTerm(parameters: VwnParameters): LocalTerm {
  const energy = new Float64Array(2);
  return (rho, { exc, vrho }) => {
    for (let p = 0; p < rho.length; p++) {
      if (!(rho[p] >= EMPTY)) continue;
      const rs = wignerSeitzRadius(rho[p]);
      vwnEnergy(rs, parameters, energy);
      exc[p] += energy[0];
      vrho[p] += energy[0] - (rs / 3) * energy[1];
    }
  };
}

export const addVwn5 = vwnTerm(VWN5);
export const addVwnRpa = vwnTerm(VWN_RPA);
