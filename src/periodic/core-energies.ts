/**
 * The energies of Gaussian core charges −q_a (α_a/π)^(3/2) exp(−α_a r²), α_a = 1/(2r_loc²), beyond what the Hartree term of
 * all charges together holds: their own energies are taken out of it, and what overlapping cores lack of two point
 * charges is added (CP2K's names; J. VandeVondele et al., Comput. Phys. Commun. 167, 103 (2005), doi:10.1016/j.cpc.2004.12.014).
 */
import { potentialOf, type Pseudopotentials } from "../basis/pseudopotential.js";
import { erfc } from "../math/error-function.js";
import type { Structure } from "../structure/structure.js";
import type { LatticeImages } from "../structure/lattice-images.js";

/** −Σ_a q_a² √(α_a/2π), hartree. */
export function coreSelfEnergy({ species }: Structure, pseudopotentials: Pseudopotentials): number {
  let sum = 0;
  for (const z of species) {
    const { charge, radius } = potentialOf(pseudopotentials, z);
    sum -= (charge ** 2 / radius) * Math.sqrt(0.25 / Math.PI);
  }
  return sum;
}

/** erfc is below 1e-17 beyond. */
const FARTHEST = 6;

/** ½ Σ_ab Σ_T q_a q_b erfc(√(α_aα_b/(α_a+α_b)) R)/R without a = b at R = 0, hartree. */
export function coreOverlapEnergy(
  { species, positions }: Structure,
  pseudopotentials: Pseudopotentials,
  images: LatticeImages,
): number {
  let sum = 0;
  for (let a = 0; a < species.length; a++)
    for (let b = 0; b <= a; b++) {
      const first = potentialOf(pseudopotentials, species[a]);
      const second = potentialOf(pseudopotentials, species[b]);
      const width = Math.sqrt(2 * (first.radius ** 2 + second.radius ** 2)); // √(1/α_a + 1/α_b)
      const d = [0, 1, 2].map((k) => positions[3 * b + k] - positions[3 * a + k]);
      const near = images.within(d[0], d[1], d[2], FARTHEST * width);
      for (let k = 0; k < near.length; k += 3) {
        const r = Math.hypot(near[k], near[k + 1], near[k + 2]);
        if (a === b && r === 0) continue;
        sum += ((a === b ? 0.5 : 1) * first.charge * second.charge * erfc(r / width)) / r;
      }
    }
  return sum;
}
