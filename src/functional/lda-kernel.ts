/**
 * Second derivative of the local-density energy, f_xc = d²(ρ ε_xc)/dρ², of Slater exchange and PW92
 * correlation: the exchange–correlation part of a response kernel.
 *
 *   exchange: −⅓ (3/π)^⅓ ρ^(−2/3);   correlation: −r_s/(9ρ) (2 ε_c' − r_s ε_c''), derivatives by r_s
 */
import { PW92_A, pw92Energy } from "./pw92.js";
import { SLATER } from "./slater.js";
import { EMPTY, wignerSeitzRadius } from "./xc-term.js";

/** f_xc at each density, hartree·bohr³; zero where the density is below 1e-10. */
export function ldaKernel(rho: Float64Array): Float64Array {
  const kernel = new Float64Array(rho.length);
  const energy = new Float64Array(3);
  for (let p = 0; p < rho.length; p++) {
    const n = rho[p];
    if (!(n >= EMPTY)) continue;
    const rs = wignerSeitzRadius(n);
    pw92Energy(rs, PW92_A, energy);
    kernel[p] = ((4 / 9) * SLATER * Math.cbrt(n) - (rs / 9) * (2 * energy[1] - rs * energy[2])) / n;
  }
  return kernel;
}
