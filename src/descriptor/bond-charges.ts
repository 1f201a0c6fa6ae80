/**
 * Charges of atoms by bond increments, for the field that atoms make far away: along a bond from i to j the charge
 * χ_j − χ_i passes,
 *
 *   q_i = Σ_j s(r_ij/(R_i + R_j)) (χ_j − χ_i),
 *
 * with s falling from 1 to 0 like a cosine between 1.2 and 1.5, beyond covalent bonds and before hydrogen bonds: every
 * molecule is neutral. Only ratios matter: the units are those of χ. The idea of increments is Gasteiger & Marsili's,
 * Tetrahedron 36, 3219 (1980), doi:10.1016/0040-4020(80)80168-2; electronegativities χ are Pauling's (CRC Handbook of
 * Chemistry and Physics); radii R are of Cordero et al., Dalton Trans. 2832 (2008), doi:10.1039/b801115j. Atoms beyond
 * xenon, and noble gases below krypton, have no charge.
 */
import { neighbourhoods } from "../structure/neighbours.js";
import type { Structure } from "../structure/structure.js";
import { BOHR_IN_ANGSTROM } from "../units.js";

/** Of the elements from hydrogen on; 0: none. */
const ELECTRONEGATIVITY = [
  2.2, 0, 0.98, 1.57, 2.04, 2.55, 3.04, 3.44, 3.98, 0, 0.93, 1.31, 1.61, 1.9, 2.19, 2.58, 3.16, 0, 0.82, 1, 1.36, 1.54,
  1.63, 1.66, 1.55, 1.83, 1.88, 1.91, 1.9, 1.65, 1.81, 2.01, 2.18, 2.55, 2.96, 3, 0.82, 0.95, 1.22, 1.33, 1.6, 2.16,
  2.1, 2.2, 2.28, 2.2, 1.93, 1.69, 1.78, 1.96, 2.05, 2.1, 2.66, 2.6,
];
/** Ångström. */
const COVALENT_RADIUS = [
  0.31, 0.28, 1.28, 0.96, 0.84, 0.76, 0.71, 0.66, 0.57, 0.58, 1.66, 1.41, 1.21, 1.11, 1.07, 1.05, 1.02, 1.06, 2.03,
  1.76, 1.7, 1.6, 1.53, 1.39, 1.39, 1.32, 1.26, 1.24, 1.32, 1.22, 1.22, 1.2, 1.19, 1.2, 1.2, 1.16, 2.2, 1.95, 1.9, 1.75,
  1.64, 1.54, 1.47, 1.46, 1.42, 1.39, 1.45, 1.44, 1.42, 1.39, 1.39, 1.38, 1.39, 1.4,
];
/** r/(R_i + R_j) up to which atoms are bonded, and from which they are not. */
const BONDED = 1.2;
const APART = 1.5;

/** q of each atom. */
export function bondCharges(structure: Structure): Float64Array {
  const chargeable = (z: number): boolean => (ELECTRONEGATIVITY[z - 1] ?? 0) > 0;
  const largest = Array.from(structure.species)
    .filter(chargeable)
    .reduce((r, z) => Math.max(r, covalentRadius(z)), 0);
  const charges = new Float64Array(structure.species.length);
  if (largest === 0) return charges;
  neighbourhoods(structure, APART * 2 * largest).forEach(({ centre, species, displacements }, i) => {
    if (!chargeable(centre)) return;
    for (let j = 0; j < species.length; j++) {
      if (!chargeable(species[j]) || species[j] === centre) continue;
      const r = Math.hypot(displacements[3 * j], displacements[3 * j + 1], displacements[3 * j + 2]);
      const share = bondShare(r / (covalentRadius(centre) + covalentRadius(species[j])));
      charges[i] += share * (ELECTRONEGATIVITY[species[j] - 1] - ELECTRONEGATIVITY[centre - 1]);
    }
  });
  return charges;
}

/** Of an element in bohr; 0 beyond xenon. */
export function covalentRadius(z: number): number {
  return (COVALENT_RADIUS[z - 1] ?? 0) / BOHR_IN_ANGSTROM;
}

/** s. */
function bondShare(stretch: number): number {
  const t = Math.min(1, Math.max(0, (stretch - BONDED) / (APART - BONDED)));
  return 0.5 * (1 + Math.cos(Math.PI * t));
}
