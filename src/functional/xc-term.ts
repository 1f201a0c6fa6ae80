/** What every functional is made of: terms that add their share at each point. Atomic units, closed shells. */

export interface XcOutput {
  /** Energy per electron. */
  readonly exc: Float64Array;
  /** ∂(ρ ε)/∂ρ. */
  readonly vrho: Float64Array;
  /** ∂(ρ ε)/∂σ; needed by gradient-dependent functionals. */
  readonly vsigma?: Float64Array;
}

/** Points with a smaller density (or a negative one, from a fit) are empty: all outputs are zero there. */
export const EMPTY = 1e-10;

/** Adds a local-density term. */
export type LocalTerm = (rho: Float64Array, out: XcOutput) => void;

/** Adds a gradient-dependent term; sigma is |∇ρ|² of the total density, taken as 0 where negative. */
export type GradientTerm = (rho: Float64Array, sigma: Float64Array, out: XcOutput, vsigma: Float64Array) => void;

/** Radius of the sphere that holds one electron: 4π r_s³ n / 3 = 1. */
export function wignerSeitzRadius(density: number): number {
  return Math.cbrt(3 / (4 * Math.PI * density));
}
