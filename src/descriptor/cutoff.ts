/**
 * Weight of a neighbour at distance r: shifted-cosine cutoff times radial scaling of the neighbour density
 * (Willatt, Musil & Ceriotti, Phys. Chem. Chem. Phys. 20, 29661 (2018), doi:10.1039/c8cp05921g),
 *
 *   f_c(r) = 1 for r ≤ r_c − w,   ½ [1 + cos π (r − r_c + w)/w] up to r_c,   0 beyond
 *   u(r)   = 1/(1 + (r/r_0)^m)
 */
import type { DescriptorSettings } from "./settings.js";

export function neighbourWeight(r: number, settings: DescriptorSettings): number {
  const { cutoffRadius, smoothing, scaling } = settings;
  if (r >= cutoffRadius) return 0;
  const into = (r - cutoffRadius + smoothing) / smoothing;
  const cutoff = into <= 0 ? 1 : 0.5 * (1 + Math.cos(Math.PI * into));
  return scaling === null ? cutoff : cutoff / (1 + (r / scaling.radius) ** scaling.exponent);
}
