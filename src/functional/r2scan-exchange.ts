/**
 * r²SCAN exchange, closed shells: ε_x = ε_x^unif(n) F(p, ᾱ),
 *
 *   F = {h₁ + f_x(ᾱ)(h₀ − h₁)} g,  g = 1 − exp(−a₁ p^(−¼)),  h₀ = 1.174,  h₁ = 1 + k₁ − k₁/(1 + x/k₁),
 *   x = [C_η C₂ exp(−p²/d_p2⁴) + μ] p,  C_η = 20/27 + 5η/3,  C₂ = −f_x′(1)(1 − h₀),  μ = 10/81
 *
 * Source: r2scan.ts.
 */
import { closedShellTerm, type Formula } from "./correlation-formula.js";
import { add, affine, apply, multiply, power, type Jet } from "./jet.js";
import { damped, ETA, isoOrbitalIndicator, reducedGradient } from "./r2scan.js";
import { slopeAtOne, switched, type Switch } from "./r2scan-switch.js";
import { SLATER } from "./slater.js";

const EXCHANGE: Switch = {
  c1: 0.667,
  c2: 0.8,
  d: 1.24,
  polynomial: [1, -0.667, -0.4445555, -0.663086601049, 1.45129704449, -0.887998041597, 0.234528941479, -0.023185843322],
};
const H0 = 1.174;
const K1 = 0.065;
const A1 = 4.9479;
const MU = 10 / 81;
const CURVATURE = -(20 / 27 + (5 * ETA) / 3) * slopeAtOne(EXCHANGE) * (1 - H0);

const formula: Formula = (n, _zeta, sigma, tau) => {
  const p = reducedGradient(n, sigma);
  const x = multiply(affine(damped(p), CURVATURE, MU), p);
  const h1 = apply(
    x,
    (value) => 1 + K1 - K1 / (1 + value / K1),
    (value) => 1 / (1 + value / K1) ** 2,
  );
  const f = switched(isoOrbitalIndicator(n, sigma, tau), EXCHANGE);
  const enhancement = add(h1, multiply(f, affine(h1, -1, H0)));
  return multiply(affine(power(n, 1 / 3), SLATER), multiply(enhancement, largeGradient(p)));
};

/** g; its slope vanishes faster than any power of p at p = 0. */
function largeGradient(p: Jet): Jet {
  return apply(
    p,
    (x) => (x > 0 ? -Math.expm1(-A1 * x ** -0.25) : 1),
    (x) => (x > 1e-16 ? -0.25 * A1 * x ** -1.25 * Math.exp(-A1 * x ** -0.25) : 0),
  );
}

export const addR2scanExchange = closedShellTerm(formula);
