/**
 * PBE correlation at any spin polarisation: ε_c = ε_c^PW92(r_s, ζ) + H,
 *
 *   H = γφ³ ln(1 + β/γ q),  q = T(1 + AT)/(1 + AT + A²T²),  T = π σ/(16 φ² k_F n²),  A = β/γ / (exp(−ε_c^PW92/(γφ³)) − 1)
 *   φ = ½[(1+ζ)^⅔ + (1−ζ)^⅔]
 *
 * J. P. Perdew, K. Burke, M. Ernzerhof, Phys. Rev. Lett. 77, 3865 (1996).
 */
import { spinMean, wignerSeitz, type Formula } from "./correlation-formula.js";
import { add, affine, apply, divide, multiply, power } from "./jet.js";
import { GAMMA, PBE, type PbeConstants } from "./pbe-correlation.js";
import { printedUniformGas, uniformGas } from "./uniform-gas.js";

/** T n^(7/3)/σ for φ = 1. */
const REDUCED = Math.PI / (16 * Math.cbrt(3 * Math.PI * Math.PI));

export function pbeCorrelationFormula(constants: PbeConstants): Formula {
  const { beta } = constants;
  return (n, zeta, sigma) => {
    const { energy } = (constants === PBE ? uniformGas : printedUniformGas)(wignerSeitz(n), zeta);
    const phi = zeta && spinMean(zeta, 2 / 3);
    const scale = phi ? affine(power(phi, 3), GAMMA) : affine(n, 0, GAMMA);
    const unpolarised = affine(multiply(sigma, power(n, -7 / 3)), REDUCED);
    const t = phi ? divide(unpolarised, power(phi, 2)) : unpolarised;
    const ratio = divide(energy, scale);
    const grown = apply(
      ratio,
      (x) => Math.expm1(-x),
      (x) => -Math.exp(-x),
    );
    const u = divide(affine(t, beta / GAMMA), grown); // AT
    const q = divide(multiply(t, affine(u, 1, 1)), affine(add(u, multiply(u, u)), 1, 1));
    const log = apply(affine(q, beta / GAMMA), Math.log1p, (x) => 1 / (1 + x));
    return add(energy, multiply(scale, log));
  };
}
