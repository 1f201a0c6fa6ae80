/**
 * Radial quadrature of Treutler and Ahlrichs, mapping M4 (J. Chem. Phys. 102, 346 (1995),
 * doi:10.1063/1.469408), on Chebyshev nodes of the second kind:
 *
 *   r(x) = ξ/ln 2 · (1+x)^0.6 · ln(2/(1−x)),   x_i = cos(iπ/(n+1)),   ∫₀^∞ f dr ≈ Σ f(r_i) r'(x_i) √(1−x_i²) π/(n+1)
 *
 * ξ of the elements to Kr from the paper's table 1; 1.5 beyond, where the paper has none.
 */

// prettier-ignore
const XI = [
  1, 0.8, 0.9, 1.8, 1.4, 1.3, 1.1, 0.9, 0.9, 0.9, 0.9, 1.4, 1.3, 1.3, 1.2, 1.1, 1, 1, 1,
  1.5, 1.4, 1.3, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 1.1, 1.1, 1.1, 1.1, 1, 0.9, 0.9, 0.9, 0.9,
];

export interface RadialRule {
  /** Ascending, bohr. */
  readonly r: Float64Array;
  /** Weights of ∫ dr, without r². */
  readonly weights: Float64Array;
}

/** The rule of n points for the element of atomic number z. */
export function radialRule(n: number, z: number): RadialRule {
  const r = new Float64Array(n);
  const weights = new Float64Array(n);
  const scale = (XI[z] ?? 1.5) / Math.LN2;
  for (let k = 0; k < n; k++) {
    const angle = ((n - k) * Math.PI) / (n + 1);
    const plus = 1 + Math.cos(angle);
    const minus = 2 * Math.sin(angle / 2) ** 2; // 1 − x without cancellation
    const power = plus ** 0.6;
    const log = Math.log(2 / minus);
    r[k] = scale * power * log;
    weights[k] = ((scale * Math.PI) / (n + 1)) * Math.sin(angle) * power * ((0.6 * log) / plus + 1 / minus);
  }
  return { r, weights };
}
