/**
 * A fast Fourier transform along one direction as a sequence of stages with radix 4, 2, 3 and 5, and the roots of
 * unity that each needs. The stages themselves are in kernels/fft.ts.
 */
import { BrineError } from "../errors.js";
import type { Kernels } from "./kernels.js";

export interface FftPlan {
  readonly n: number;
  readonly radices: readonly number[];
  /** Roots of unity for both directions, all stages one after another. */
  readonly forward: Float64Array;
  readonly backward: Float64Array;
}

const plans = new Map<number, FftPlan>();

/** Throws `unsupported` when `n` has prime factors above 5. */
export function fftPlan(n: number): FftPlan {
  let plan = plans.get(n);
  if (!plan) {
    const radices = factors(n);
    plan = { n, radices, forward: roots(n, radices, -1), backward: roots(n, radices, 1) };
    plans.set(n, plan);
  }
  return plan;
}

function factors(n: number): number[] {
  const radices: number[] = [];
  let rest = n;
  for (const radix of [4, 2, 3, 5])
    while (rest % radix === 0 && rest > 0) {
      radices.push(radix);
      rest /= radix;
    }
  if (rest !== 1)
    throw new BrineError("unsupported", `a Fourier transform of ${n} points needs 2, 3 and 5 as its only factors`);
  return radices;
}

/** As the kernels want them: [m][r − 1] of c, c, −d, d for each stage. */
function roots(n: number, radices: readonly number[], sign: 1 | -1): Float64Array {
  const values: number[] = [];
  let length = n;
  for (const radix of radices) {
    const m = length / radix;
    for (let p = 0; p < m; p++)
      for (let j = 1; j < radix; j++) {
        const angle = (sign * 2 * Math.PI * ((p * j) % length)) / length;
        const [c, d] = [Math.cos(angle), Math.sin(angle)];
        values.push(c, c, -d, d);
      }
    length = m;
  }
  return Float64Array.from(values);
}

/**
 * Transforms `batch` interleaved sequences, [n][batch] complex numbers at `x`, with room for as many at `y` and the
 * roots of the plan at `rootsAt` (all in doubles). Returns where the result is: x or y.
 */
export function runStages(
  kernels: Kernels,
  { n, radices }: FftPlan,
  sign: 1 | -1,
  batch: number,
  x: number,
  y: number,
  rootsAt: number,
): number {
  let [from, to, at] = [x, y, rootsAt];
  let length = n;
  let s = batch;
  for (const radix of radices) {
    const m = length / radix;
    if (radix === 2) kernels.fftRadix2(m, s, 8 * from, 8 * to, 8 * at);
    else if (radix === 3) kernels.fftRadix3(m, s, 8 * from, 8 * to, 8 * at, sign);
    else if (radix === 4) kernels.fftRadix4(m, s, 8 * from, 8 * to, 8 * at, sign);
    else kernels.fftRadix5(m, s, 8 * from, 8 * to, 8 * at, sign);
    at += 4 * m * (radix - 1);
    s *= radix;
    length = m;
    [from, to] = [to, from];
  }
  return from;
}
