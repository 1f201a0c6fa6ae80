/**
 * The self-consistent field: D → F[D] → D until FDS = SDF.
 *
 * Converged when the energy changes by less than the tolerance and the largest element of X†(FDS − SDF)X is
 * below √tolerance / 3; the energy is second order in that gradient. Steps go downhill far from convergence
 * (augmented-diis.ts) and are Pulay's near it (diis.ts); one that raised the energy is halved, and empty orbitals
 * are raised when all that does not lead anywhere, and at once where a closed shell has next to no gap.
 */
import { BrineError } from "../errors.js";
import { combination, largestElement, plusAdjoint, product, type ComplexMatrix } from "../math/hermitian.js";
import { checkpoint, type RunOptions } from "../run.js";
import { createDiis, type Diis } from "./diis.js";
import type { Occupation, Occupy } from "./occupations.js";
import { combinations, type Channel, type PerChannel } from "./state.js";
import { evaluateTerms, type Term } from "./term.js";

/** What an SCF needs to know of a system. */
export interface KohnShamProblem<Result extends Occupation = Occupation> {
  readonly channels: PerChannel<Channel>;
  readonly overlaps: PerChannel;
  /** X†SX = 1. */
  readonly orthogonalisers: PerChannel<ComplexMatrix>;
  readonly terms: readonly Term[];
  readonly occupy: Occupy<Result>;
}

/** What helps where the SCF does not settle by itself; results do not depend on it. */
export interface ScfControls {
  /** Empty orbitals are raised by this from the first step on, hartree (0). */
  readonly levelShift?: number;
  /** Fraction of the last Fock matrix that stays in each step far from convergence, 0 to 1 (0). */
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
  readonly fock: PerChannel;
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

/** After so many iterations, the last of them without a gap, whole occupations will not settle: a metal. */
const LAST_HOPE = 40;
const WITHOUT_GAP = 15;

/** Iterates from the Fock matrix `start`. Throws `not-converged`. */
export async function selfConsistentField<Result extends Occupation>(
  problem: KohnShamProblem<Result>,
  start: PerChannel,
  settings: ScfSettings,
  options?: RunOptions,
): Promise<ScfResult<Result>> {
  const { tolerance, maxIterations, before, levelShift = 0, damping = 0 } = settings;
  const done = before?.iterations ?? 0;
  const diis = before?.diis ?? createDiis(problem.channels);
  let fock = start;
  const energies = [before?.energy ?? Number.NaN];
  let gradient = Number.NaN;
  let gap: number | undefined;
  let shift = 0;
  let troubled = false;
  let gapless = 0;
  for (let iteration = done + 1; iteration <= maxIterations; iteration++) {
    const occupation = problem.occupy(fock);
    const value = await evaluateTerms(problem.terms, occupation, options);
    if (!Number.isFinite(value.energy))
      throw new BrineError("input", "the SCF energy is not a number; check the structure");
    const error = orbitalGradient(problem, value.fock, occupation.densities);
    gradient = largest(error);
    const change = value.energy - energies[energies.length - 1];
    energies.push(value.energy);
    gap = occupation.gap === undefined ? undefined : occupation.gap - shift;
    gapless = withoutGap(occupation, gap) ? gapless + 1 : 0;
    troubled ||= iteration === 1 && gapless > 0 && problem.channels.every(({ electrons }) => electrons === 2);
    await checkpoint(options, { stage: "SCF", done: iteration, note: `gradient ${gradient.toExponential(0)}` });
    if (Math.abs(change) < tolerance && gradient < gradientTolerance(tolerance))
      return {
        energy: value.energy,
        components: value.components,
        occupation,
        fock: value.fock,
        iterations: iteration,
      };
    if (iteration - done >= LAST_HOPE && gapless >= WITHOUT_GAP)
      throw new BrineError("not-converged", `the SCF was stopped after ${iteration} iterations: ${METAL}`);
    if (!troubled && iteration - done >= PATIENCE && gradient > TROUBLED) {
      troubled = true;
      diis.forget(0);
    }
    shift = Math.min(Math.max(levelShift, troubled ? USUAL_SHIFT : 0), SHIFT_PER_GRADIENT * gradient);
    const next = shifted(
      problem,
      diis.extrapolate({ fock: value.fock, error, density: occupation.densities }, gradient > FAR && shift === 0),
      occupation.densities,
      shift,
    );
    if (change > OVERSHOOT) {
      diis.forget(2);
      fock = mixed(next, fock, Math.max(0.5, damping));
    } else fock = damping > 0 && gradient > TROUBLED ? mixed(next, fock, damping) : next;
  }
  throw new BrineError(
    "not-converged",
    `the SCF did not converge in ${maxIterations} iterations: ${lastState(energies, gradient, gap)}; ${gapless > 0 ? METAL : advice(gradient)}`,
  );
}

const METAL =
  "occupied and empty orbitals are at the same energy, as in a metal or where bonds break, and whole occupations do not settle; try smearing (0.01) or a level shift (0.3), or check the geometry, the charge and the number of unpaired electrons";

/** Whether whole occupations are filled with next to no gap. */
function withoutGap({ entropyEnergy }: Occupation, gap: number | undefined): boolean {
  return entropyEnergy === undefined && gap !== undefined && gap < SMALL_GAP;
}

/** X†(FDS − SDF)X of each channel. */
export function orbitalGradient(
  { overlaps, orthogonalisers }: Pick<KohnShamProblem, "overlaps" | "orthogonalisers">,
  fock: PerChannel,
  densities: PerChannel,
): PerChannel {
  return orthogonalisers.map((x, c) =>
    plusAdjoint(product(product(x, fock[c], true), product(densities[c], product(overlaps[c], x))), -1),
  );
}

/** The largest absolute element. */
export function largest(matrices: PerChannel): number {
  return Math.max(...matrices.map(largestElement));
}

/**
 * F + σ(S − SDS/f) for f electrons in a full orbital: empty orbitals of D go up by σ (Saunders & Hillier,
 * Int. J. Quantum Chem. 7, 699 (1973)).
 */
function shifted(
  { channels, overlaps }: KohnShamProblem,
  fock: PerChannel,
  densities: PerChannel,
  shift: number,
): PerChannel {
  if (shift === 0) return fock;
  return fock.map((f, c) => {
    const filled = product(overlaps[c], product(densities[c], overlaps[c]));
    return combination([1, shift, -shift / channels[c].electrons], [f, overlaps[c], filled]);
  });
}

/** (1 − fraction)·a + fraction·b */
function mixed(a: PerChannel, b: PerChannel, fraction: number): PerChannel {
  return combinations([1 - fraction, fraction], [a, b]);
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
