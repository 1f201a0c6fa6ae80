/**
 * The self-consistent field: D → F[D] → D until FDS = SDF.
 *
 * Converged when the energy changes by less than the tolerance and the largest element of Xᵀ(FDS − SDF)X is
 * below √tolerance / 3; the energy is second order in that gradient. Steps go downhill far from convergence
 * (augmented-diis.ts) and are Pulay's near it (diis.ts); one that raised the energy is halved, and empty orbitals
 * are raised when all that does not lead anywhere, and at once where a closed shell has next to no gap.
 */
import { BrineError } from "../errors.js";
import { multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { createDiis, type Diis } from "./diis.js";
import type { Occupation, Occupy } from "./occupations.js";
import { evaluateTerms, type Term } from "./term.js";

export interface KohnShamProblem<Result extends Occupation = Occupation> {
  readonly overlap: Matrix;
  /** XᵀSX = 1. */
  readonly orthogonaliser: Matrix;
  readonly terms: readonly Term[];
  readonly occupy: Occupy<Result>;
  /** 2 for closed shells (the default), 1 where each spin has its own orbitals. */
  readonly electronsPerOrbital?: 1 | 2;
}

/** What helps where the SCF does not settle by itself; results do not depend on it. */
export interface ScfControls {
  /** Empty orbitals are raised by this from the first step on, hartree (0). */
  readonly levelShift?: number;
  /** Share of the last Fock matrix that is kept in each step far from convergence, 0 to 1 (0). */
  readonly damping?: number;
}

export interface ScfSettings extends ScfControls {
  /** Hartree. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** What came before on the same problem and counts. */
  readonly before?: ScfHistory;
}

export interface ScfHistory {
  readonly iterations: number;
  /** hartree */
  readonly energy: number;
  readonly diis: Diis;
}

export interface ScfResult<Result extends Occupation> {
  readonly energy: number;
  readonly components: Readonly<Record<string, number>>;
  /** Orbitals and density that the energy belongs to. */
  readonly occupation: Result;
  /** F of that density. */
  readonly fock: Matrix;
  /** Evaluations of the Fock matrix, those that came before included. */
  readonly iterations: number;
}

/** Largest element of the orbital gradient that goes with an energy tolerance (hartree). */
export function gradientTolerance(tolerance: number): number {
  return Math.sqrt(tolerance) / 3;
}

/** An energy rise beyond this (hartree) is overshooting and not noise of the grid. */
const OVERSHOOT = 1e-5;

/** Above this gradient steps go downhill (augmented-diis.ts) instead of by Pulay's extrapolation, unless orbitals are shifted. */
const FAR = 0.1;
/** After so many iterations with a gradient still this large, occupied and empty orbitals keep changing places. */
const PATIENCE = 25;
const TROUBLED = 1e-2;
/** Then empty ones are raised, hartree; any shift becomes less and less towards convergence, which it slows down. */
const USUAL_SHIFT = 0.3;
const SHIFT_PER_GRADIENT = 100;
/** Below this gap of the first orbitals (hartree) they would change places from the first step on: bonds that are broken. */
const SMALL_GAP = 1e-3;

/** Iterates from the Fock matrix `start`. Throws `not-converged`. */
export async function selfConsistentField<Result extends Occupation>(
  problem: KohnShamProblem<Result>,
  start: Matrix,
  settings: ScfSettings,
  options?: RunOptions,
): Promise<ScfResult<Result>> {
  const { tolerance, maxIterations, before, levelShift = 0, damping = 0 } = settings;
  const done = before?.iterations ?? 0;
  const diis = before?.diis ?? createDiis();
  let fock = start;
  const energies = [before?.energy ?? Number.NaN];
  let gradient = Number.NaN;
  let gap: number | undefined;
  let shift = 0;
  let troubled = false;
  for (let iteration = done + 1; iteration <= maxIterations; iteration++) {
    const occupation = problem.occupy(fock);
    const value = await evaluateTerms(problem.terms, occupation, options);
    if (!Number.isFinite(value.energy))
      throw new BrineError("input", "the SCF energy is not a number; check the structure");
    const error = orbitalGradient(problem, value.fock, occupation.density);
    gradient = largest(error);
    const change = value.energy - energies[energies.length - 1];
    energies.push(value.energy);
    gap = occupation.gap === undefined ? undefined : occupation.gap - shift;
    troubled ||= iteration === 1 && breaksBonds(problem, occupation);
    await checkpoint(options, { stage: "SCF", done: iteration, note: `gradient ${gradient.toExponential(0)}` });
    if (Math.abs(change) < tolerance && gradient < gradientTolerance(tolerance))
      return {
        energy: value.energy,
        components: value.components,
        occupation,
        fock: value.fock,
        iterations: iteration,
      };
    if (!troubled && iteration - done >= PATIENCE && gradient > TROUBLED) {
      troubled = true;
      diis.forget(0);
    }
    shift = Math.min(Math.max(levelShift, troubled ? USUAL_SHIFT : 0), SHIFT_PER_GRADIENT * gradient);
    const next = shifted(
      problem,
      diis.extrapolate(value.fock, error, occupation.density, gradient > FAR && shift === 0),
      occupation.density,
      shift,
    );
    if (change > OVERSHOOT) {
      diis.forget(2);
      fock = mixed(next, fock, Math.max(0.5, damping));
    } else fock = damping > 0 && gradient > TROUBLED ? mixed(next, fock, damping) : next;
  }
  throw new BrineError(
    "not-converged",
    `the SCF did not converge in ${maxIterations} iterations: ${lastState(energies, gradient, gap)}; ${advice(gradient)}`,
  );
}

/** Closed shells that are filled with next to no gap. */
function breaksBonds({ electronsPerOrbital = 2 }: KohnShamProblem, { gap, entropyEnergy }: Occupation): boolean {
  return electronsPerOrbital === 2 && entropyEnergy === undefined && gap !== undefined && gap < SMALL_GAP;
}

/** Xᵀ(FDS − SDF)X. */
export function orbitalGradient(
  { overlap, orthogonaliser: x }: KohnShamProblem,
  fock: Matrix,
  density: Matrix,
): Matrix {
  const left = multiplyTransposed(true, false, x, fock);
  const right = multiply(density, multiply(overlap, x));
  const product = multiply(left, right);
  const n = product.rows;
  const result = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) result.data[i * n + j] = product.data[i * n + j] - product.data[j * n + i];
  return result;
}

/** The largest absolute element. */
export function largest(a: Matrix): number {
  let result = 0;
  for (const value of a.data) result = Math.max(result, Math.abs(value));
  return result;
}

/**
 * F + σ(S − SDS/f) for f electrons in a full orbital: empty orbitals of D go up by σ (Saunders & Hillier,
 * Int. J. Quantum Chem. 7, 699 (1973)).
 */
function shifted(
  { overlap, electronsPerOrbital = 2 }: KohnShamProblem,
  fock: Matrix,
  density: Matrix,
  shift: number,
): Matrix {
  if (shift === 0) return fock;
  const occupied = multiply(overlap, multiply(density, overlap));
  return matrix(
    fock.rows,
    fock.columns,
    fock.data.map((value, i) => value + shift * (overlap.data[i] - occupied.data[i] / electronsPerOrbital)),
  );
}

/** (1 − share)·a + share·b */
function mixed(a: Matrix, b: Matrix, share: number): Matrix {
  return matrix(
    a.rows,
    a.columns,
    a.data.map((value, i) => value + share * (b.data[i] - value)),
  );
}

function lastState(energies: readonly number[], gradient: number, gap?: number): string {
  const last = energies
    .slice(1)
    .slice(-3)
    .map((energy) => energy.toFixed(6));
  const gapText = gap === undefined || !Number.isFinite(gap) ? "" : `, gap ${gap.toFixed(4)} hartree`;
  return `last energies ${last.join(", ")} hartree, gradient ${gradient.toExponential(1)}${gapText}`;
}

function advice(gradient: number): string {
  const check = "check the geometry, the charge and the number of unpaired electrons";
  if (gradient < TROUBLED) return `it was on its way: allow more iterations, or ${check}`;
  return `try a level shift (0.3), damping (0.5) or smearing (0.01), or ${check}`;
}
