/**
 * Exchange of open shells from that of closed ones: E_x[ρ_α, ρ_β] = ½ E_x[2ρ_α] + ½ E_x[2ρ_β]
 * (G. L. Oliver, J. P. Perdew, Phys. Rev. A 20, 397 (1979), doi:10.1103/PhysRevA.20.397).
 */
import type { SpinTerm, XcOutput } from "./xc-term.js";

/** A closed-shell term of whichever arguments. */
export type ClosedTerm = (
  rho: Float64Array,
  sigma: Float64Array | undefined,
  tau: Float64Array | undefined,
  out: XcOutput,
) => void;

export function spinScaled(closed: ClosedTerm): SpinTerm {
  return ({ rho, sigma, tau }, { exc, vrho, vsigma, vtau }) => {
    const count = exc.length;
    for (const spin of [0, 1] as const) {
      const twice = rho[spin].map((x) => 2 * x);
      const out = {
        exc: new Float64Array(count),
        vrho: new Float64Array(count),
        vsigma: new Float64Array(count),
        vtau: new Float64Array(count),
      };
      closed(
        twice,
        sigma?.[2 * spin].map((x) => 4 * x),
        tau?.[spin].map((x) => 2 * x),
        out,
      );
      for (let p = 0; p < count; p++) {
        if (twice[p] <= 0) continue;
        exc[p] += (rho[spin][p] / (Math.max(rho[0][p], 0) + Math.max(rho[1][p], 0))) * out.exc[p];
        vrho[spin][p] += out.vrho[p];
        if (vsigma) vsigma[2 * spin][p] += 2 * out.vsigma[p];
        if (vtau) vtau[spin][p] += out.vtau[p];
      }
    }
  };
}
