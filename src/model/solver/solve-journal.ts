/**
 * What a training run keeps of its solutions, so that a killed one can go on. A run asks for the same solutions in the
 * same order each time: those that are finished are taken from the journal, and the one that was in work goes on from
 * its last state. All that comes before is made again, in the same way, so that the model is the same to the last bit.
 */
import { sha256 } from "../../dataset/sha256.js";
import type { Precision } from "../problem/storage.js";
import type { GradientState } from "./conjugate-gradients.js";

/** A finished solution. */
export interface KeptSolution {
  /** [weights]. */
  readonly weights: Float64Array;
  /** Of conjugate gradients. */
  readonly iterations: number;
  /** In the norm of the preconditioner. */
  readonly residual: number;
  /** Whether it reached its tolerance. */
  readonly converged: boolean;
  /** log det(1 + H/η) of the on-site part; null where it is not known. */
  readonly logDeterminant: number | null;
}

/** What is kept of one solution. Throws `mismatch` for what was kept of another problem, `corrupt` for what is damaged. */
export interface JournalEntry {
  /** Undefined for one that is not finished. */
  solution(): KeptSolution | undefined;
  /** Keeps the finished solution, and forgets its state. */
  keep(solution: KeptSolution): void;
  /** Of a solution that is not finished, where it stood last; undefined when none was kept. */
  state(): GradientState | undefined;
  /** Called after each iteration; `state` is made when it is to be kept. */
  offerState(state: () => GradientState): void;
}

/** Where they are kept, one run long: numbered in the order in which they are asked for. */
export interface SolveJournal {
  /** The next solution of the run, which is that of the problem with this digest. */
  next(problem: string): JournalEntry;
}

/**
 * The digest of a linear problem, `precision` that of its preconditioner. The same training has other numbers with
 * another backend or version of brine (its weights belong to other pivots there) or memory cap.
 */
export function problemDigest(rightHandSide: Float64Array, precision: Precision): string {
  return `${precision} ${sha256(new Uint8Array(rightHandSide.slice().buffer))}`;
}
