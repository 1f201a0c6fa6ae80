/**
 * What one diagonalisation knows about the self-consistent density. Near the fixed point the map c_in → c_out of
 * the SCF is linear, and its derivative A follows from the orbitals at hand. With B_iaP = (ia|P):
 *
 *   X_PQ = −4 Σ_ia B_iaP B_iaQ /(ε_a − ε_i),  K = J + ∫χ_P χ_Q f_xc,  A = J⁻¹ X J⁻¹ K,  r = c_out − c_in,
 *   δ = (1 − A)⁻¹ r   (Newton step: c_in + δ is the self-consistent density to second order),
 *   E ≈ E_KS[D_out] − ½ rᵀK(r − δ).
 *
 * The output coefficients are those with the exact electron count, c_out = J⁻¹b + λJ⁻¹q, and so their derivative is
 * (1 − J⁻¹q qᵀ/qᵀJ⁻¹q) A: input and output then live in the same space.
 *
 * Both functionals expanded to second order about the fixed point give E_KS = E + ½ rᵀK(r − δ); what is left is
 * of third order in δ where the kernel f_xc is exact. RI version of coupled-perturbed Kohn–Sham (Gerratt & Mills,
 * J. Chem. Phys. 49, 1719 (1968)); the correction itself is derived in docs/theory.md. X is applied, never formed:
 * generalised conjugate residuals (Eisenstat, Elman & Schultz, SIAM J. Numer. Anal. 20, 345 (1983)) in the metric J
 * need some ten applications.
 */
import { BrineError } from "../errors.js";
import { choleskySolve, gemv } from "../math/linear-algebra.js";
import { axpy, dot, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";

export interface ResponseInput {
  /** X u: change of the projections (P|ρ) of the density with the coefficients of the potential. */
  readonly densityResponse: (potential: Float64Array) => Promise<Float64Array>;
  /** J. */
  readonly metric: Matrix;
  /** The Cholesky factor of J. */
  readonly factor: Matrix;
  /** K = J + ∫χ_P χ_Q f_xc. */
  readonly kernel: Matrix;
  /** q_P = ∫χ_P. */
  readonly charges: Float64Array;
  /** c_out − c_in. */
  readonly residual: Float64Array;
}

export interface Response {
  /** −½ rᵀK(r − δ), hartree. */
  readonly energy: number;
  /** δ. */
  readonly step: Float64Array;
}

/** What is left of the residual, times the residual, hartree: the error of the energy is half of it. */
const TOLERANCE = 1e-10;
/** And relative to the residual, for the step itself. */
const RELATIVE_TOLERANCE = 1e-5;
const MAX_ITERATIONS = 100;

/** Solves for the Newton step and the energy that it corrects. Throws `not-converged`. */
export async function linearResponse(input: ResponseInput, options?: RunOptions): Promise<Response> {
  const { kernel, residual } = input;
  const step = await newtonStep(input, options);
  const rest = residual.slice();
  axpy(-1, step, rest);
  return { energy: -0.5 * dot(residual, gemv(false, kernel, rest)), step };
}

/** A direction d, its image w = (1 − A) d with wᵀJw = 1, and Jw. */
interface Direction {
  readonly step: Float64Array;
  readonly image: Float64Array;
  readonly projections: Float64Array;
}

/** δ = (1 − A)⁻¹ r. */
async function newtonStep(input: ResponseInput, options?: RunOptions): Promise<Float64Array> {
  const { metric, residual } = input;
  const derivative = derivativeOfOutput(input);
  const step = new Float64Array(residual.length);
  const rest = residual.slice();
  const norm = (x: Float64Array): number => Math.sqrt(Math.max(0, dot(x, gemv(false, metric, x))));
  const start = norm(residual);
  const target = Math.min(RELATIVE_TOLERANCE * start, TOLERANCE / start);
  const directions: Direction[] = [];
  while (norm(rest) > target) {
    if (directions.length === MAX_ITERATIONS)
      throw new BrineError(
        "not-converged",
        `the linear response did not converge in ${MAX_ITERATIONS} iterations; leave the correction out (response: false)`,
      );
    await checkpoint(options);
    const image = rest.slice();
    axpy(-1, await derivative(rest), image);
    const direction = orthonormal(rest.slice(), image, directions, metric);
    const projection = dot(direction.projections, rest);
    axpy(projection, direction.step, step);
    axpy(-projection, direction.image, rest);
    directions.push(direction);
  }
  return step;
}

/** Makes the image orthogonal to those of the directions before, of norm 1, and the step along with it; overwrites both. */
function orthonormal(step: Float64Array, image: Float64Array, before: readonly Direction[], metric: Matrix): Direction {
  for (const known of before) {
    const overlap = dot(known.projections, image);
    axpy(-overlap, known.image, image);
    axpy(-overlap, known.step, step);
  }
  const projections = gemv(false, metric, image);
  const scale = 1 / Math.sqrt(dot(image, projections));
  for (const x of [step, image, projections]) for (let i = 0; i < x.length; i++) x[i] *= scale;
  return { step, image, projections };
}

/** A: change of c_out with c_in, electrons kept. */
function derivativeOfOutput({
  densityResponse,
  factor,
  kernel,
  charges,
}: ResponseInput): (change: Float64Array) => Promise<Float64Array> {
  const direction = choleskySolve(factor, charges);
  const electrons = dot(charges, direction);
  return async (change) => {
    const projections = await densityResponse(choleskySolve(factor, gemv(false, kernel, change)));
    axpy(-dot(direction, projections) / electrons, charges, projections);
    return choleskySolve(factor, projections);
  };
}

/** Above this energy correction per atom (hartree; 5 % of the atomisation energy of organic molecules) the range is left. */
const LINEAR_RANGE_PER_ATOM = 0.0075;
/** A positive correction beyond this (hartree per atom) contradicts the variational principle. */
const NOISE_PER_ATOM = 1e-6;

/** Whether a correction is within the range where second order is enough. */
export function withinLinearRange(correction: number, atoms: number): boolean {
  return correction > -LINEAR_RANGE_PER_ATOM * atoms && correction < NOISE_PER_ATOM * atoms;
}
