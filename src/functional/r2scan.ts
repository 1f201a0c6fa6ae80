/**
 * What exchange and correlation of r²SCAN share: p = s² = σ/(4(3π²)^⅔ n^(8/3)) and
 *
 *   ᾱ = (τ − τ_W)/(τ_U + η τ_W),  τ_W = σ/(8n),  τ_U = ³⁄₁₀ (3π²)^⅔ n^(5/3) d_s(ζ),  η = 0.001
 *
 * J. W. Furness, A. D. Kaplan, J. Ning, J. P. Perdew, J. Sun, J. Phys. Chem. Lett. 11, 8208 (2020),
 * doi:10.1021/acs.jpclett.0c02405.
 */
import { add, affine, divide, exponential, multiply, power, subtract, type Jet } from "./jet.js";

export const ETA = 0.001;
const FERMI_SQUARED = Math.cbrt(3 * Math.PI * Math.PI) ** 2;

/** p, the squared reduced gradient. */
export function reducedGradient(n: Jet, sigma: Jet): Jet {
  return affine(multiply(sigma, power(n, -8 / 3)), 1 / (4 * FERMI_SQUARED));
}

/** ᾱ; `ds` is d_s(ζ) = ½[(1+ζ)^(5/3) + (1−ζ)^(5/3)], absent for closed shells. */
export function isoOrbitalIndicator(n: Jet, sigma: Jet, tau: Jet, ds?: Jet): Jet {
  const single = affine(divide(sigma, n), 1 / 8);
  const closed = affine(power(n, 5 / 3), 0.3 * FERMI_SQUARED);
  const uniform = ds ? multiply(closed, ds) : closed;
  return divide(subtract(tau, single), add(uniform, affine(single, ETA)));
}

/** exp(−p²/d_p2⁴) with d_p2 = 0.361. */
export function damped(p: Jet): Jet {
  return exponential(affine(multiply(p, p), -1 / 0.361 ** 4));
}
