/** A part of a functional for closed and open shells under one signature, and sums of parts with factors. */
import type { GradientTerm, KineticTerm, LocalTerm, SpinTerm, SpinXcOutput, XcOutput } from "./xc-term.js";
import { spinScaled, type ClosedTerm } from "./spin-scaled-exchange.js";

export interface Part {
  readonly closed: ClosedTerm;
  readonly open: SpinTerm;
}

const NOTHING = new Float64Array(0);

export function local(term: LocalTerm): ClosedTerm {
  return (rho, _sigma, _tau, out) => term(rho, out);
}

export function gradientCorrected(term: GradientTerm): ClosedTerm {
  return (rho, sigma = NOTHING, _tau, out) => term(rho, sigma, out, out.vsigma ?? NOTHING);
}

export function kinetic(term: KineticTerm): ClosedTerm {
  return (rho, sigma = NOTHING, tau = NOTHING, out) =>
    term(rho, sigma, tau, out, out.vsigma ?? NOTHING, out.vtau ?? NOTHING);
}

/** Exchange needs no formula of its own for open shells. */
export function exchange(closed: ClosedTerm): Part {
  return { closed, open: spinScaled(closed) };
}

/** factor · part */
export function scaled(factor: number, { closed, open }: Part): Part {
  return {
    closed(rho, sigma, tau, out) {
      const own = closedZeros(rho.length, out);
      closed(rho, sigma, tau, own);
      addAll(factor, arraysOf(own), arraysOf(out));
    },
    open(points, out) {
      const own = spinZeros(out.exc.length, out);
      open(points, own);
      addAll(factor, spinArraysOf(own), spinArraysOf(out));
    },
  };
}

export function arraysOf({ exc, vrho, vsigma, vtau }: XcOutput): Float64Array[] {
  return [exc, vrho, ...(vsigma ? [vsigma] : []), ...(vtau ? [vtau] : [])];
}

export function spinArraysOf({ exc, vrho, vsigma, vtau }: SpinXcOutput): Float64Array[] {
  return [exc, ...vrho, ...(vsigma ?? []), ...(vtau ?? [])];
}

function closedZeros(count: number, { vsigma, vtau }: XcOutput): XcOutput {
  const zeros = (): Float64Array => new Float64Array(count);
  return { exc: zeros(), vrho: zeros(), ...(vsigma ? { vsigma: zeros() } : {}), ...(vtau ? { vtau: zeros() } : {}) };
}

/** Arrays for what `like` has, zero. */
function spinZeros(count: number, like: Pick<SpinXcOutput, "vsigma" | "vtau">): SpinXcOutput {
  const zeros = (): Float64Array => new Float64Array(count);
  return {
    exc: zeros(),
    vrho: [zeros(), zeros()],
    ...(like.vsigma ? { vsigma: [zeros(), zeros(), zeros()] } : {}),
    ...(like.vtau ? { vtau: [zeros(), zeros()] } : {}),
  };
}

function addAll(factor: number, from: readonly Float64Array[], to: readonly Float64Array[]): void {
  from.forEach((values, k) => {
    for (let p = 0; p < values.length; p++) to[k][p] += factor * values[p];
  });
}
