/**
 * The part of the loss that belongs to a range of structures. It is summed over chunks of structures that threads
 * work on, always the same chunks and in the same order: w goes out, sums come back. Sums are not divided by the
 * number of structures.
 */
import { axpy } from "../../math/matrix.js";
import type { RunOptions } from "../../run.js";
import type { LearningProblem } from "../problem/learning-problem.js";
import type { LossSums, LossTask } from "../problem/loss-sums.js";
import { inParallel } from "../problem/parallel.js";
import { shared } from "../problem/storage.js";

/** Numbers of ψ in a chunk, about, and the most chunks of a range. */
const CHUNK_NUMBERS = 6e6;
const MOST_CHUNKS = 32;

export interface LossShard {
  readonly structures: number;
  /** Coefficients of all structures. */
  readonly coefficients: number;
  /** Σ yᵀ M̃ y: the loss of w = 0. */
  readonly targetNorm: number;
  /** Σ Ψᵀ M̃ y. */
  readonly rightHandSide: Float64Array;
  /** Σ Ψᵀ M̃ Ψ w. */
  hessianTimes(w: Float64Array): Promise<Float64Array>;
  /** (Ψw − y)ᵀ M̃ (Ψw − y) of each structure. */
  residualNorms(w: Float64Array): Promise<Float64Array>;
  /** (Ψw)ᵀ M̃ Ψw of each structure. */
  predictionNorms(w: Float64Array): Promise<Float64Array>;
}

/** The shard of structures `from` … `to` − 1; structure `from` + a counts `multiplicity[a]` times (once when absent). */
export async function lossShard(
  problem: LearningProblem,
  from: number,
  to: number,
  options?: RunOptions,
  multiplicity?: Float64Array,
): Promise<LossShard> {
  const chunks = chunksOf(problem, from, to);
  const sum = async (
    wanted: Pick<LossTask, "subtractTarget" | "gradient">,
    w?: Float64Array,
  ): Promise<Required<LossSums>> => {
    const weights = w && sharedCopy(w);
    const tasks = chunks.map(([first, end]): LossTask => ({
      problem,
      from: first,
      to: end,
      ...wanted,
      ...(weights ? { weights } : {}),
      ...(multiplicity ? { multiplicity: multiplicity.subarray(first - from, end - from) } : {}),
    }));
    const parts = await inParallel("train/loss", tasks, options);
    const gradient = new Float64Array(wanted.gradient ? problem.dimension : 0);
    const norms = new Float64Array(to - from);
    parts.forEach((part, k) => {
      norms.set(part.norms, chunks[k][0] - from);
      if (part.gradient) axpy(1, part.gradient, gradient);
    });
    return { norms, gradient };
  };
  const atZero = await sum({ subtractTarget: true, gradient: true });
  return {
    structures: to - from,
    coefficients: problem.targetFirst[to] - problem.targetFirst[from],
    targetNorm: total(atZero.norms),
    rightHandSide: atZero.gradient.map((value) => -value),
    hessianTimes: async (w) => (await sum({ subtractTarget: false, gradient: true }, w)).gradient,
    residualNorms: async (w) => (await sum({ subtractTarget: true, gradient: false }, w)).norms,
    predictionNorms: async (w) => (await sum({ subtractTarget: false, gradient: false }, w)).norms,
  };
}

/** Ranges of structures of about equal length. */
export function chunksOf({ blocks }: LearningProblem, from: number, to: number): [number, number][] {
  const numbers = blocks.reduce((sum, { rowFirst, columns }) => sum + (rowFirst[to] - rowFirst[from]) * columns, 0);
  const count = Math.max(1, Math.min(Math.ceil(numbers / CHUNK_NUMBERS), MOST_CHUNKS, to - from));
  const bound = (k: number): number => from + Math.floor((k * (to - from)) / count);
  return Array.from({ length: count }, (_, k) => [bound(k), bound(k + 1)]);
}

function sharedCopy(values: Float64Array): Float64Array {
  const result = shared(values.length);
  result.set(values);
  return result;
}

/** Σ x. */
export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** (1/N) Σ ΔcᵀMΔc + η |w|². */
export async function lossOf(shard: LossShard, weights: Float64Array, eta: number): Promise<number> {
  let squared = 0;
  for (const value of weights) squared += value * value;
  return total(await shard.residualNorms(weights)) / shard.structures + eta * squared;
}
