/**
 * Expansions of two environments side by side in the scratch of the WebAssembly kernels, one in each lane: what is
 * done for one vector is done for both. An environment without a partner is its own.
 */
import { kernels, SCRATCH_SIZE, SCRATCH_START } from "../math/kernels.js";
import { BrineError } from "../errors.js";
import type { Expansion } from "./spherical-expansion.js";

/** In doubles. Layout of the scratch while pairs are in it: one l as it comes, all l as vectors [channels][2l+1], the rest. */
export interface PairWorkspace {
  readonly raw: number;
  readonly x: number;
  /** First double after the pair. */
  readonly free: number;
  readonly end: number;
}

const END = SCRATCH_START + SCRATCH_SIZE;

/** Throws `usage` when there are so many channels that two environments leave no room for their products. */
export function pairWorkspace({ lmax, channels }: Expansion): PairWorkspace {
  const raw = SCRATCH_START;
  const x = raw + 2 * (2 * lmax + 1) * channels;
  const free = x + 2 * (lmax + 1) ** 2 * channels;
  if (free > END - SCRATCH_SIZE / 2)
    throw new BrineError("usage", `${channels} channels are too many for lmax ${lmax}; use a smaller nmax or lmax`, {
      where: "descriptor settings",
    });
  return { raw, x, free, end: END };
}

/** Where the vectors of l start, in doubles. */
export function vectorsOf(workspace: PairWorkspace, l: number, channels: number): number {
  return workspace.x + 2 * l * l * channels;
}

/** Puts environments `first` and `first + 1` into the scratch. */
export function loadPair(expansion: Expansion, first: number, workspace: PairWorkspace): void {
  const { environments, lmax, channels, coefficients } = expansion;
  const { doubles, pairExpansions } = kernels();
  const alone = first + 1 === environments;
  for (let l = 0; l <= lmax; l++) {
    const size = (2 * l + 1) * channels;
    doubles.set(coefficients[l].subarray(first * size, (first + (alone ? 1 : 2)) * size), workspace.raw);
    const second = alone ? workspace.raw : workspace.raw + size;
    pairExpansions(8 * workspace.raw, 8 * second, 2 * l + 1, channels, 8 * vectorsOf(workspace, l, channels));
  }
}
