/**
 * The self-consistent field: D → F[D] → D until FDS = SDF.
 *
 * Converged when the energy changes by less than the tolerance and the largest element of Xᵀ(FDS − SDF)X is
 * below √tolerance / 3; the energy is second order in that gradient. Steps go downhill far from convergence
 * (augmented-diis.ts) and are Pulay's near it (diis.ts); one that raised the energy is halved, and empty orbitals
 * are raised when all that does not lead anywhere.
 */
import { BrineError } from "../errors.js";
import { multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { createDiis } from "./diis.js";
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

export interface ScfSettings {
  /** Hartree. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Iterations that came before and count (0). */
  readonly done?: number;
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

/** Above this gradient steps go downhill (augmented-diis.ts) instead of by Pulay's extrapolation. */
const FAR = 0.1;
/** After so many iterations with a gradient still this large, occupied and empty orbitals keep changing places. */
const PATIENCE = 25;
const TROUBLED = 1e-2;
/** Then empty ones are raised, hartree: less and less towards convergence, which a shift slows down. */
const LARGEST_SHIFT = 0.3;
const SHIFT_PER_GRADIENT = 100;

/** Iterates from the Fock matrix `start`. Throws `not-converged`. */
export async function selfConsistentField<Result extends Occupation>(
  problem: KohnShamProblem<Result>,
  start: Matrix,
  settings: ScfSettings,
  options?: RunOptions,
): Promise<ScfResult<Result>> {
  const { tolerance, maxIterations, done = 0 } = settings;
  const diis = createDiis();
  let fock = start;
  let lastEnergy = Number.NaN;
  let gradient = Number.NaN;
  let change = Number.NaN;
  let troubled = false;
  for (let iteration = done + 1; iteration <= maxIterations; iteration++) {
    const occupation = problem.occupy(fock);
    const value = await evaluateTerms(problem.terms, occupation, options);
    if (!Number.isFinite(value.energy))
      throw new BrineError("input", "the SCF energy is not a number; check the structure");
    const error = orbitalGradient(problem, value.fock, occupation.density);
    gradient = largest(error);
    change = value.energy - lastEnergy;
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
    const shift = troubled ? Math.min(LARGEST_SHIFT, SHIFT_PER_GRADIENT * gradient) : 0;
    const next = shifted(
      problem,
      diis.extrapolate(value.fock, error, occupation.density, gradient > FAR),
      occupation.density,
      shift,
    );
    if (change > OVERSHOOT) {
      diis.forget(2);
      fock = mean(next, fock);
    } else fock = next;
    lastEnergy = value.energy;
  }
  throw new BrineError(
    "not-converged",
    `the SCF did not converge in ${maxIterations} iterations (last energy change ${change.toExponential(1)} hartree, gradient ${gradient.toExponential(1)}); check the geometry and the charge, or allow more iterations`,
  );
}

/** Xᵀ(FDS − SDF)X. */
function orbitalGradient({ overlap, orthogonaliser: x }: KohnShamProblem, fock: Matrix, density: Matrix): Matrix {
  const left = multiplyTransposed(true, false, x, fock);
  const right = multiply(density, multiply(overlap, x));
  const product = multiply(left, right);
  const n = product.rows;
  const result = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) result.data[i * n + j] = product.data[i * n + j] - product.data[j * n + i];
  return result;
}

/** The largest element of Xᵀ(FDS − SDF)X. */
export function largestGradient(problem: KohnShamProblem, fock: Matrix, density: Matrix): number {
  return largest(orbitalGradient(problem, fock, density));
}

function largest(a: Matrix): number {
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

function mean(a: Matrix, b: Matrix): Matrix {
  return matrix(
    a.rows,
    a.columns,
    a.data.map((value, i) => 0.5 * (value + b.data[i])),
  );
}
