/**
 * Real Clebsch–Gordan coefficients for l1 + l2 + λ even: the Gaunt integrals
 *
 *   ∫ Y_λμ Y_l1m1 Y_l2m2 dΩ,   scaled so that   Σ_{m1 m2} C^μ_{m1 m2} C^μ'_{m1 m2} = δ_μμ'.
 *
 * For even l1 + l2 + λ the Gaunt integral is proportional to the coupling coefficient (Wigner–Eckart), with
 * the sign of C^0_{00} positive. The quadrature (Gauss–Legendre in cos θ, uniform in φ) is exact.
 */
import { BrineError } from "../errors.js";
import { gaussLegendre } from "./quadrature.js";
import { solidHarmonics } from "./solid-harmonics.js";

/** The nonzero coefficients as parallel lists, ordered by μ, then m1, then m2; indices count from 0 (m + l). */
export interface Coupling {
  readonly l1: number;
  readonly l2: number;
  readonly lambda: number;
  readonly mu: Int32Array;
  readonly m1: Int32Array;
  readonly m2: Int32Array;
  readonly values: Float64Array;
}

/** Whether l1 and l2 couple to λ with a real, parity-even coefficient. */
export function couples(l1: number, l2: number, lambda: number): boolean {
  return (l1 + l2 + lambda) % 2 === 0 && Math.abs(l1 - l2) <= lambda && lambda <= l1 + l2;
}

/** Below this a coefficient is rounding; the smallest true ones up to l = 12 are above 1e-6. */
const NOTHING = 1e-12;

const known = new Map<string, Coupling>();

/** C^{λμ}_{l1 m1 l2 m2}; cached. Throws `usage` when the three do not couple. */
export function clebschGordan(l1: number, l2: number, lambda: number): Coupling {
  const key = `${l1},${l2},${lambda}`;
  let coupling = known.get(key);
  if (!coupling) {
    if (!couples(l1, l2, lambda)) throw new BrineError("usage", `l = ${l1} and ${l2} do not couple to λ = ${lambda}`);
    coupling = sparse(l1, l2, lambda, gaunt(l1, l2, lambda));
    known.set(key, coupling);
  }
  return coupling;
}

/** All Gaunt integrals, [2λ+1, 2 l1+1, 2 l2+1]. */
function gaunt(l1: number, l2: number, lambda: number): Float64Array {
  const degree = l1 + l2 + lambda;
  const lmax = Math.max(l1, l2, lambda);
  const { nodes, weights } = gaussLegendre(degree / 2 + 1);
  const turns = degree + 1;
  const y = new Float64Array((lmax + 1) ** 2);
  const [n, n1, n2] = [2 * lambda + 1, 2 * l1 + 1, 2 * l2 + 1];
  const result = new Float64Array(n * n1 * n2);
  for (let k = 0; k < nodes.length; k++)
    for (let turn = 0; turn < turns; turn++) {
      const phi = (2 * Math.PI * turn) / turns;
      const sine = Math.sqrt(1 - nodes[k] ** 2);
      solidHarmonics(lmax, sine * Math.cos(phi), sine * Math.sin(phi), nodes[k], y);
      const weight = (weights[k] * 2 * Math.PI) / turns;
      for (let mu = 0; mu < n; mu++)
        for (let m1 = 0; m1 < n1; m1++) {
          const product = weight * y[lambda * lambda + mu] * y[l1 * l1 + m1];
          for (let m2 = 0; m2 < n2; m2++) result[(mu * n1 + m1) * n2 + m2] += product * y[l2 * l2 + m2];
        }
    }
  return result;
}

function sparse(l1: number, l2: number, lambda: number, dense: Float64Array): Coupling {
  let squares = 0;
  for (const value of dense) squares += value * value;
  const scale = Math.sqrt((2 * lambda + 1) / squares);
  const kept: number[] = [];
  for (let k = 0; k < dense.length; k++) if (Math.abs(dense[k] * scale) > NOTHING) kept.push(k);
  const [n1, n2] = [2 * l1 + 1, 2 * l2 + 1];
  return {
    l1,
    l2,
    lambda,
    mu: Int32Array.from(kept, (k) => Math.floor(k / (n1 * n2))),
    m1: Int32Array.from(kept, (k) => Math.floor(k / n2) % n1),
    m2: Int32Array.from(kept, (k) => k % n2),
    values: Float64Array.from(kept, (k) => dense[k] * scale),
  };
}
