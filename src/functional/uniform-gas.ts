/**
 * Correlation of the uniform electron gas at any spin polarisation, as jets:
 *
 *   PW92, VWN5:  ε = ε₀ + α_c f/f″(0) (1 − ζ⁴) + (ε₁ − ε₀) f ζ⁴,   VWN(RPA):  ε = ε₀ + (ε₁ − ε₀) f
 *   f(ζ) = [(1+ζ)^(4/3) + (1−ζ)^(4/3) − 2]/(2^(4/3) − 2)
 *
 * J. P. Perdew, Y. Wang, Phys. Rev. B 45, 13244 (1992), whose G is −α_c in the third function;
 * S. H. Vosko, L. Wilk, M. Nusair, Can. J. Phys. 58, 1200 (1980).
 */
import { wignerSeitz, spinMean, type Formula } from "./correlation-formula.js";
import { add, affine, compose, multiply, power, subtract, type Jet } from "./jet.js";
import { PW92_A, PW92_A_PBE, pw92Energy, type Pw92Parameters } from "./pw92.js";
import { VWN5, VWN_RPA, vwnEnergy, type VwnParameters } from "./vwn.js";

/** ε_c and ∂ε_c/∂r_s. */
export interface UniformGas {
  readonly energy: Jet;
  readonly slope: Jet;
}

const POLARISED: Pw92Parameters = { alpha: 0.20548, beta: [14.1189, 6.1977, 3.3662, 0.62517] };
const STIFFNESS: Pw92Parameters = { alpha: 0.11125, beta: [10.357, 3.6231, 0.88026, 0.49671] };

/** A of the unpolarised and the polarised gas and of the stiffness, and f″(0). */
type Constants = readonly [number, number, number, number];
const PRINTED: Constants = [PW92_A, 0.015545, 0.016887, 1.709921];
const CURVATURE = 8 / (9 * (2 * Math.cbrt(2) - 2));
const MORE_DIGITS: Constants = [PW92_A_PBE, 0.01554535, 0.0168869, CURVATURE];

/** PW92 with the digits that PBE and r²SCAN use, with its derivative by r_s. */
export function uniformGas(rs: Jet, zeta: Jet | undefined): UniformGas {
  return pw92(rs, zeta, MORE_DIGITS);
}

/** PW92 with the constants as printed. */
export function printedUniformGas(rs: Jet, zeta: Jet | undefined): UniformGas {
  return pw92(rs, zeta, PRINTED);
}

export const pw92Formula: Formula = (n, zeta) => printedUniformGas(wignerSeitz(n), zeta).energy;

function pw92(rs: Jet, zeta: Jet | undefined, [a0, a1, a2, curvature]: Constants): UniformGas {
  const unpolarised = pw92Function(rs, a0);
  if (!zeta) return unpolarised;
  const polarised = pw92Function(rs, a1, POLARISED);
  const stiffness = pw92Function(rs, a2, STIFFNESS);
  const f = polarisation(zeta);
  const weight = multiply(f, power(zeta, 4));
  const stiff = affine(subtract(weight, f), 1 / curvature); // −f(1 − ζ⁴)/f″(0), since G = −α_c
  const mixed = (part: "energy" | "slope"): Jet =>
    interpolated(unpolarised[part], polarised[part], weight, multiply(stiffness[part], stiff));
  return { energy: mixed("energy"), slope: mixed("slope") };
}

function interpolated(unpolarised: Jet, polarised: Jet, weight: Jet, rest: Jet): Jet {
  return add(add(unpolarised, multiply(weight, subtract(polarised, unpolarised))), rest);
}

function pw92Function(rs: Jet, a: number, parameters?: Pw92Parameters): UniformGas {
  const [value, first, second] = tabulated(rs, (x, out) => pw92Energy(x, a, out, parameters));
  return { energy: compose(value, first, rs), slope: compose(first, second, rs) };
}

const VWN5_POLARISED: VwnParameters = { a: 0.01554535, b: 7.06042, c: 18.0578, x0: -0.325 };
const VWN5_STIFFNESS: VwnParameters = { a: -1 / (6 * Math.PI * Math.PI), b: 1.13107, c: 13.0045, x0: -0.0047584 };
const VWN_RPA_POLARISED: VwnParameters = { a: 0.01554535, b: 20.1231, c: 101.578, x0: -0.743294 };

export const vwn5Formula: Formula = (n, zeta) => {
  const rs = wignerSeitz(n);
  const unpolarised = vwnFunction(rs, VWN5);
  if (!zeta) return unpolarised;
  const f = polarisation(zeta);
  const weight = multiply(f, power(zeta, 4));
  const stiff = affine(subtract(f, weight), 1 / CURVATURE);
  return interpolated(
    unpolarised,
    vwnFunction(rs, VWN5_POLARISED),
    weight,
    multiply(vwnFunction(rs, VWN5_STIFFNESS), stiff),
  );
};

export const vwnRpaFormula: Formula = (n, zeta) => {
  const rs = wignerSeitz(n);
  const unpolarised = vwnFunction(rs, VWN_RPA);
  if (!zeta) return unpolarised;
  return add(unpolarised, multiply(polarisation(zeta), subtract(vwnFunction(rs, VWN_RPA_POLARISED), unpolarised)));
};

function vwnFunction(rs: Jet, parameters: VwnParameters): Jet {
  const [value, first] = tabulated(rs, (x, out) => vwnEnergy(x, parameters, out));
  return compose(value, first, rs);
}

/** f(ζ) */
function polarisation(zeta: Jet): Jet {
  return affine(spinMean(zeta, 4 / 3), 1 / (Math.cbrt(2) - 1), -1 / (Math.cbrt(2) - 1));
}

/** A function of r_s and its two derivatives at the points. */
function tabulated(rs: Jet, f: (x: number, out: Float64Array) => void): [Float64Array, Float64Array, Float64Array] {
  const out = new Float64Array(3);
  const [value, first, second] = [0, 1, 2].map(() => new Float64Array(rs.value.length));
  for (let p = 0; p < value.length; p++) {
    f(rs.value[p], out);
    value[p] = out[0];
    first[p] = out[1];
    second[p] = out[2];
  }
  return [value, first, second];
}
