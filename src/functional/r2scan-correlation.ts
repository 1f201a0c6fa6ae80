/**
 * r²SCAN correlation: ε_c = ε¹ + f_c(ᾱ)(ε⁰ − ε¹), between the limits of slowly varying densities and of one orbital,
 *
 *   ε¹ = ε_PW92(r_s, ζ) + γφ³ ln(1 + w₁[1 − (1 + 4(y − Δy))^(−¼)]),  w₁ = exp(−ε_PW92/(γφ³)) − 1,
 *   y = β(r_s)/(γw₁) T,  T = (3π²/16)^⅔ p/(φ² r_s),  β(r_s) = β(1 + 0.1 r_s)/(1 + 0.1778 r_s),
 *   Δy = f_c′(1)/(27 γ d_s φ³ w₁) {20 r_s ∂(ε_l − ε_PW92)/∂r_s − 45 η (ε_l − ε_PW92)} p exp(−p²/d_p2⁴),
 *   ε⁰ = g_c (ε_l⁰ + b₁ ln(1 + w₀[1 − (1 + 4χp)^(−¼)])),  w₀ = exp(−ε_l⁰/b₁) − 1,
 *   ε_l⁰ = −b₁/(1 + b₂√r_s + b₃r_s),  ε_l = g_c ε_l⁰,  g_c = {1 − 2.363[d_x(ζ) − 1]}(1 − ζ¹²)
 *
 * Source: r2scan.ts.
 */
import { closedShellTerm, spinMean, spinTerm, wignerSeitz, type Formula } from "./correlation-formula.js";
import { add, affine, apply, divide, multiply, power, subtract, type Jet } from "./jet.js";
import { GAMMA, PBE_BETA } from "./pbe-correlation.js";
import { damped, ETA, isoOrbitalIndicator, reducedGradient } from "./r2scan.js";
import { slopeAtOne, switched, type Switch } from "./r2scan-switch.js";
import { uniformGas, type UniformGas } from "./uniform-gas.js";

const CORRELATION: Switch = {
  c1: 0.64,
  c2: 1.5,
  d: 0.7,
  polynomial: [1, -0.64, -0.4352, -1.535685604549, 3.061560252175, -1.915710236206, 0.516884468372, -0.051848879792],
};
const [B1, B2, B3] = [0.0285764, 0.0889, 0.125541];
const CHI = 0.12802585262625815;
const REDUCED = Math.cbrt((3 * Math.PI * Math.PI) / 16) ** 2;

const formula: Formula = (n, zeta, sigma, tau) => {
  const rs = wignerSeitz(n);
  const p = reducedGradient(n, sigma);
  const ds = zeta && spinMean(zeta, 5 / 3);
  const one = oneOrbitalGas(rs, zeta);
  const slowly = slowlyVarying(rs, zeta, ds, p, one);
  const f = switched(isoOrbitalIndicator(n, sigma, tau, ds), CORRELATION);
  return add(slowly, multiply(f, subtract(oneOrbital(rs, zeta, p), slowly)));
};

/** ε_l⁰ and its derivative by r_s. */
function lowDensityGas(rs: Jet): UniformGas {
  const root = power(rs, 0.5);
  const denominator = affine(add(affine(root, B2), affine(rs, B3)), 1, 1);
  const energy = divide(affine(rs, 0, -B1), denominator);
  // ε² (b₂/(2√r_s) + b₃)/b₁
  const slope = affine(multiply(multiply(energy, energy), affine(power(root, -1), B2 / 2, B3)), 1 / B1);
  return { energy, slope };
}

/** ε_l and its derivative by r_s. */
function oneOrbitalGas(rs: Jet, zeta: Jet | undefined): UniformGas {
  const { energy, slope } = lowDensityGas(rs);
  const g = zeta && polarisationFactor(zeta);
  return g ? { energy: multiply(energy, g), slope: multiply(slope, g) } : { energy, slope };
}

/** g_c */
function polarisationFactor(zeta: Jet): Jet {
  return multiply(affine(spinMean(zeta, 4 / 3), -2.363, 3.363), affine(power(zeta, 12), -1, 1));
}

/** ε⁰ */
function oneOrbital(rs: Jet, zeta: Jet | undefined, p: Jet): Jet {
  const { energy } = lowDensityGas(rs);
  const w0 = grown(affine(energy, 1 / B1));
  const h0 = affine(logarithm(multiply(w0, saturation(affine(p, CHI)))), B1);
  const sum = add(energy, h0);
  return zeta ? multiply(sum, polarisationFactor(zeta)) : sum;
}

/** ε¹ */
function slowlyVarying(rs: Jet, zeta: Jet | undefined, ds: Jet | undefined, p: Jet, one: UniformGas): Jet {
  const gas = uniformGas(rs, zeta);
  const phi = zeta && spinMean(zeta, 2 / 3);
  const scale = phi ? affine(power(phi, 3), GAMMA) : affine(rs, 0, GAMMA);
  const w1 = grown(divide(gas.energy, scale));
  const beta = divide(affine(rs, 0.1 * PBE_BETA, PBE_BETA), affine(rs, 0.1778, 1));
  const closed = divide(affine(p, REDUCED / GAMMA), rs);
  const t = phi ? divide(closed, multiply(phi, phi)) : closed;
  const y = divide(multiply(beta, t), w1);
  const slopes = multiply(rs, affine(subtract(one.slope, gas.slope), 20));
  const energies = affine(subtract(one.energy, gas.energy), -45 * ETA);
  const denominator = ds ? multiply(multiply(ds, scale), w1) : multiply(scale, w1);
  const numerator = multiply(add(slopes, energies), multiply(p, damped(p)));
  const dy = affine(divide(numerator, denominator), slopeAtOne(CORRELATION) / 27);
  const h1 = multiply(scale, logarithm(multiply(w1, saturation(subtract(y, dy)))));
  return add(gas.energy, h1);
}

/** exp(−x) − 1 */
function grown(x: Jet): Jet {
  return apply(
    x,
    (value) => Math.expm1(-value),
    (value) => -Math.exp(-value),
  );
}

function logarithm(x: Jet): Jet {
  return apply(x, Math.log1p, (value) => 1 / (1 + value));
}

/** 1 − (1 + 4x)^(−¼) */
function saturation(x: Jet): Jet {
  return apply(
    x,
    (value) => -Math.expm1(-0.25 * Math.log1p(4 * value)),
    (value) => (1 + 4 * value) ** -1.25,
  );
}

export const addR2scanCorrelation = closedShellTerm(formula);
export const addSpinR2scanCorrelation = spinTerm(formula);
