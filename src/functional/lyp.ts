/**
 * Correlation of Lee, Yang and Parr, with a = 0.04918, b = 0.132, c = 0.2533, d = 0.349, in the form without Laplacians:
 *
 *   nε = −4a/(1 + d n^(−⅓)) ρ_αρ_β/n − ab ω { ρ_αρ_β [ 2^(11/3) C_F (ρ_α^(8/3) + ρ_β^(8/3)) + (47 − 7δ)/18 σ
 *        − (45 − δ)/18 (σ_αα + σ_ββ) − (δ − 11)/9 (ρ_α σ_αα + ρ_β σ_ββ)/n ]
 *        − ⅔ n² σ + (⅔ n² − ρ_α²) σ_ββ + (⅔ n² − ρ_β²) σ_αα },
 *   ω = exp(−c n^(−⅓)) n^(−11/3)/(1 + d n^(−⅓)),  δ = c n^(−⅓) + d n^(−⅓)/(1 + d n^(−⅓)),  σ = σ_αα + 2σ_αβ + σ_ββ
 *
 * C. Lee, W. Yang, R. G. Parr, Phys. Rev. B 37, 785 (1988), doi:10.1103/PhysRevB.37.785; B. Miehlich, A. Savin,
 * H. Stoll, H. Preuss, Chem. Phys. Lett. 157, 200 (1989), doi:10.1016/0009-2614(89)87234-3.
 */
import { gather, nonEmpty, scatter } from "./correlation-formula.js";
import { add, affine, divide, exponential, multiply, power, subtract, variable, type Jet } from "./jet.js";
import type { GradientTerm, SpinTerm } from "./xc-term.js";

const [A, B, C, D] = [0.04918, 0.132, 0.2533, 0.349];
const FERMI = 0.3 * Math.cbrt(3 * Math.PI * Math.PI) ** 2;

export const addLyp: GradientTerm = (rho, sigma, { exc, vrho }, vsigma) => {
  const points = nonEmpty(rho);
  const n = variable(gather(rho, points), 0, 2);
  const spin = affine(n, 0.5);
  const total = variable(gather(sigma, points), 1, 2);
  const quarter = affine(total, 0.25);
  const energy = energyDensity(n, spin, spin, total, quarter, quarter);
  scatter(divide(energy, n).value, points, exc);
  scatter(energy.slopes[0], points, vrho);
  scatter(energy.slopes[1], points, vsigma);
};

export const addSpinLyp: SpinTerm = ({ rho, sigma }, { exc, vrho, vsigma }) => {
  if (!sigma || !vsigma) return;
  const points = nonEmpty(...rho);
  const [up, down] = rho.map((values, k) => variable(gather(values, points), k, 5));
  const [upUp, mixed, downDown] = sigma.map((values, k) =>
    variable(
      Float64Array.from(points, (p) => values[p]),
      2 + k,
      5,
    ),
  );
  const n = add(up, down);
  const energy = energyDensity(n, up, down, add(add(upUp, downDown), affine(mixed, 2)), upUp, downDown);
  scatter(divide(energy, n).value, points, exc);
  [...vrho, ...vsigma].forEach((target, k) => scatter(energy.slopes[k], points, target));
};

function energyDensity(n: Jet, up: Jet, down: Jet, sigma: Jet, upUp: Jet, downDown: Jet): Jet {
  const length = power(n, -1 / 3);
  const damping = affine(length, D, 1);
  const delta = add(affine(length, C), divide(affine(length, D), damping));
  const omega = divide(multiply(exponential(affine(length, -C)), power(n, -11 / 3)), damping);
  const pairs = multiply(up, down);
  const n2 = affine(multiply(n, n), 2 / 3);
  const kinetic = affine(add(power(up, 8 / 3), power(down, 8 / 3)), 2 ** (11 / 3) * FERMI);
  const same = add(upUp, downDown);
  const uneven = divide(add(multiply(up, upUp), multiply(down, downDown)), n);
  const bracket = subtract(
    subtract(
      add(kinetic, multiply(affine(delta, -7 / 18, 47 / 18), sigma)),
      multiply(affine(delta, -1 / 18, 45 / 18), same),
    ),
    multiply(affine(delta, 1 / 9, -11 / 9), uneven),
  );
  const rest = subtract(
    add(multiply(subtract(n2, multiply(up, up)), downDown), multiply(subtract(n2, multiply(down, down)), upUp)),
    multiply(n2, sigma),
  );
  const local = affine(divide(divide(pairs, n), damping), -4 * A);
  return add(local, affine(multiply(omega, add(multiply(pairs, bracket), rest)), -A * B));
}
