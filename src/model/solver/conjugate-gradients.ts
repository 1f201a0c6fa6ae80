/** Preconditioned conjugate gradients for A x = b, A and the preconditioner symmetric positive definite. */
import { axpy, dot } from "../../math/matrix.js";

/** L/T below this is rounding. */
const SMALLEST_SHARE = 1e-13;

export interface LinearSystem {
  /** A x; the result is not kept by the caller of `apply` beyond the next call. */
  apply(x: Float64Array): Promise<Float64Array>;
  readonly rightHandSide: Float64Array;
  precondition(r: Float64Array): Float64Array;
  /** T of the function xᵀA x − 2 bᵀx + T that is minimised; above zero. */
  readonly constant: number;
}

export interface IterativeSolution {
  readonly x: Float64Array;
  readonly iterations: number;
  /** |r|/√T in the norm of the preconditioner. */
  readonly residual: number;
  readonly converged: boolean;
}

/** Where an iteration stands: it goes on from here as if it had never stopped. */
export interface GradientState {
  /** The solution so far: [weights]. */
  readonly x: Float64Array;
  /** The residual. */
  readonly r: Float64Array;
  /** The search direction. */
  readonly p: Float64Array;
  /** rᵀ P⁻¹ r. */
  readonly rz: number;
  /** How many there were. */
  readonly iterations: number;
}

/**
 * Iterates from `start` (zero when absent) until |r| < `tolerance` √L, L = xᵀA x − 2 bᵀx + T and |r| in the norm
 * of the preconditioner. |r|² is about what L can still fall by, so that the solution is as good for data that are
 * learnt to a part in ten thousand as for those that are learnt to a tenth, whatever their units, number and η.
 */
export async function conjugateGradients(
  system: LinearSystem,
  tolerance: number,
  maxIterations: number,
  start?: Float64Array | GradientState,
  onIteration?: (state: GradientState, residual: number) => Promise<void>,
): Promise<IterativeSolution> {
  const { rightHandSide: b, constant } = system;
  if (dot(b, b) === 0) return { x: new Float64Array(b.length), iterations: 0, residual: 0, converged: true };
  const begin = start && !(start instanceof Float64Array) ? start : await firstState(system, start);
  const { x, r, p } = begin;
  let { rz, iterations } = begin;
  let residual = Math.sqrt(Math.max(rz, 0) / constant);
  const goal = (): number => tolerance * Math.sqrt(Math.max(1 - (dot(b, x) + dot(r, x)) / constant, SMALLEST_SHARE));
  while (residual >= goal() && iterations < maxIterations) {
    const ap = await system.apply(p);
    const step = rz / dot(p, ap);
    axpy(step, p, x);
    axpy(-step, ap, r);
    const z = system.precondition(r);
    const next = dot(r, z);
    const ratio = next / rz;
    for (let i = 0; i < p.length; i++) p[i] = z[i] + ratio * p[i];
    rz = next;
    residual = Math.sqrt(Math.max(rz, 0) / constant);
    iterations++;
    await onIteration?.({ x, r, p, rz, iterations }, residual);
    if (!Number.isFinite(residual)) break;
  }
  return { x, iterations, residual, converged: residual < goal() };
}

async function firstState(system: LinearSystem, start?: Float64Array): Promise<GradientState> {
  const x = start?.slice() ?? new Float64Array(system.rightHandSide.length);
  const r = system.rightHandSide.slice();
  if (start) axpy(-1, await system.apply(x), r);
  const p = system.precondition(r).slice();
  return { x, r, p, rz: dot(r, p), iterations: 0 };
}
