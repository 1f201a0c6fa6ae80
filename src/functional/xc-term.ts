/** What every functional is made of: terms that add their part at each point. Atomic units. */

/** Closed shells: total ρ, σ = |∇ρ|², τ = ½ Σ |∇ψ|² over all electrons, as in libxc. */
export interface XcOutput {
  /** Energy per electron. */
  readonly exc: Float64Array;
  /** ∂(ρ ε)/∂ρ. */
  readonly vrho: Float64Array;
  /** ∂(ρ ε)/∂σ; needed by gradient-dependent functionals. */
  readonly vsigma?: Float64Array;
  /** ∂(ρ ε)/∂τ; needed by functionals of the kinetic-energy density. */
  readonly vtau?: Float64Array;
}

/** Density of each spin at points, in libxc's polarised layout. */
export interface SpinPoints {
  /** α, β */
  readonly rho: readonly [Float64Array, Float64Array];
  /** ∇ρ_α·∇ρ_α, ∇ρ_α·∇ρ_β, ∇ρ_β·∇ρ_β */
  readonly sigma?: readonly [Float64Array, Float64Array, Float64Array];
  /** α, β */
  readonly tau?: readonly [Float64Array, Float64Array];
}

/** Energy and potentials of open shells at points, in libxc's polarised layout. */
export interface SpinXcOutput {
  /** Energy per electron. */
  readonly exc: Float64Array;
  /** Derivatives of ρ ε, ρ = ρ_α + ρ_β, by what {@link SpinPoints} has. */
  readonly vrho: readonly [Float64Array, Float64Array];
  /** ∂(ρ ε)/∂σ: αα, αβ, ββ. */
  readonly vsigma?: readonly [Float64Array, Float64Array, Float64Array];
  /** ∂(ρ ε)/∂τ: α, β. */
  readonly vtau?: readonly [Float64Array, Float64Array];
}

/** An exchange–correlation functional, evaluated at points. */
export interface Functional {
  /** Lower case: `pbe`. */
  readonly name: string;
  /** What it depends on: `lda` the density, `gga` its gradient too, `mgga` the kinetic-energy density as well. */
  readonly family: "lda" | "gga" | "mgga";
  /** Fraction of exact exchange, which comes on top of `evaluate`; absent for none. */
  readonly exactExchange?: number;
  /** Closed shells. Overwrites `out` at every point. Points with ρ < 1e-10 are empty: zeros. */
  evaluate(rho: Float64Array, sigma: Float64Array | undefined, out: XcOutput, tau?: Float64Array): void;
  /** Open shells. Overwrites `out` at every point. */
  evaluateSpin(points: SpinPoints, out: SpinXcOutput): void;
}

/** Points with a smaller density (or a negative one, from a fit) are empty: all outputs are zero there. */
export const EMPTY = 1e-10;

/** Adds a local-density term. */
export type LocalTerm = (rho: Float64Array, out: XcOutput) => void;

/** Adds a gradient-dependent term; sigma is |∇ρ|² of the total density, taken as 0 where negative. */
export type GradientTerm = (rho: Float64Array, sigma: Float64Array, out: XcOutput, vsigma: Float64Array) => void;

/** Adds a term that depends on the kinetic-energy density too. */
export type KineticTerm = (
  rho: Float64Array,
  sigma: Float64Array,
  tau: Float64Array,
  out: XcOutput,
  vsigma: Float64Array,
  vtau: Float64Array,
) => void;

/** Adds a term for open shells. */
export type SpinTerm = (points: SpinPoints, out: SpinXcOutput) => void;

/** Radius of the sphere that holds one electron: 4π r_s³ n / 3 = 1. */
export function wignerSeitzRadius(density: number): number {
  return Math.cbrt(3 / (4 * Math.PI * density));
}
