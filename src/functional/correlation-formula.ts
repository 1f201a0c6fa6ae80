/**
 * Terms from a formula ε(n, ζ, σ, τ) for the energy per electron in terms of the total density, the spin polarisation
 * ζ = (ρ_α − ρ_β)/n, the total σ = |∇n|² and the total τ: written once in jets, for closed shells (no ζ) and open ones.
 * Empty points are left out beforehand.
 */
import { add, affine, apply, divide, multiply, power, subtract, variable, type Jet } from "./jet.js";
import { EMPTY, type KineticTerm, type SpinTerm } from "./xc-term.js";

/** `zeta` is absent for closed shells; `sigma` and `tau` are there when the points have them. */
export type Formula = (n: Jet, zeta: Jet | undefined, sigma: Jet, tau: Jet) => Jet;

/** The term of closed shells of a formula that depends on n, σ and τ. */
export function closedShellTerm(formula: Formula): KineticTerm {
  return (rho, sigma, tau, { exc, vrho }, vsigma, vtau) => {
    const points = nonEmpty(rho);
    const n = variable(gather(rho, points), 0, 3);
    const energy = formula(n, undefined, variable(gather(sigma, points), 1, 3), variable(gather(tau, points), 2, 3));
    scatter(energy.value, points, exc);
    const { slopes } = multiply(n, energy);
    scatter(slopes[0], points, vrho);
    scatter(slopes[1], points, vsigma);
    scatter(slopes[2], points, vtau);
  };
}

/** The term of open shells. */
export function spinTerm(formula: Formula): SpinTerm {
  return ({ rho, sigma, tau }, { exc, vrho, vsigma, vtau }) => {
    const points = nonEmpty(rho[0], rho[1]);
    const up = variable(gather(rho[0], points), 0, 4);
    const down = variable(gather(rho[1], points), 1, 4);
    const n = add(up, down);
    const zero = new Float64Array(rho[0].length);
    const sigmaTotal = sigma ? total(sigma[0], sigma[1], sigma[1], sigma[2]) : zero;
    const tauTotal = tau ? total(tau[0], tau[1]) : zero;
    const zeta = divide(subtract(up, down), n);
    const energy = formula(
      n,
      zeta,
      variable(gather(sigmaTotal, points), 2, 4),
      variable(gather(tauTotal, points), 3, 4),
    );
    scatter(energy.value, points, exc);
    const { slopes } = multiply(n, energy);
    scatter(slopes[0], points, vrho[0]);
    scatter(slopes[1], points, vrho[1]);
    if (vsigma) [1, 2, 1].forEach((factor, k) => scatter(slopes[2], points, vsigma[k], factor));
    if (vtau) vtau.forEach((target) => scatter(slopes[3], points, target));
  };
}

/** Where 1 ± ζ is smaller than this it counts as this: powers below 1 have no slope at full polarisation. */
const POLARISED = 1e-10;

/** ½[(1+ζ)^p + (1−ζ)^p]. */
export function spinMean(zeta: Jet, exponent: number): Jet {
  const side = (sign: 1 | -1): Jet =>
    apply(
      affine(zeta, sign, 1),
      (x) => Math.max(x, POLARISED) ** exponent,
      (x) => (x > POLARISED ? exponent * x ** (exponent - 1) : 0),
    );
  return affine(add(side(1), side(-1)), 0.5);
}

/** r_s = (3/(4πn))^⅓. */
export function wignerSeitz(n: Jet): Jet {
  return affine(power(n, -1 / 3), Math.cbrt(3 / (4 * Math.PI)));
}

/** Indices of the points that are not empty. */
export function nonEmpty(...densities: readonly Float64Array[]): Int32Array {
  const points: number[] = [];
  for (let p = 0; p < densities[0].length; p++) {
    let n = 0;
    for (const density of densities) n += Math.max(density[p], 0);
    if (n >= EMPTY) points.push(p);
  }
  return Int32Array.from(points);
}

/** The values at the points, negative ones as 0. */
export function gather(values: Float64Array, points: Int32Array): Float64Array {
  return Float64Array.from(points, (p) => Math.max(values[p], 0));
}

/** Adds at the points. */
export function scatter(values: Float64Array | null, points: Int32Array, into: Float64Array, factor = 1): void {
  if (values) for (let k = 0; k < points.length; k++) into[points[k]] += factor * values[k];
}

function total(...parts: readonly Float64Array[]): Float64Array {
  return parts[0].map((_, p) => parts.reduce((sum, part) => sum + part[p], 0));
}
