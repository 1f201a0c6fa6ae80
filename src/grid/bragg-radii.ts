/**
 * Bragg–Slater radii of the elements H to Rn (J. C. Slater, J. Chem. Phys. 41, 3199 (1964)); hydrogen has 0.35 Å
 * as Becke recommends (J. Chem. Phys. 88, 2547 (1988)). Noble gases, which Slater leaves out, have values near
 * their van der Waals radii, as in PySCF.
 */
import { BOHR_IN_ANGSTROM } from "../units.js";

// prettier-ignore
const ANGSTROM = [
  0.35, 1.4,
  1.45, 1.05, 0.85, 0.7, 0.65, 0.6, 0.5, 1.5,
  1.8, 1.5, 1.25, 1.1, 1, 1, 1, 1.8,
  2.2, 1.8, 1.6, 1.4, 1.35, 1.4, 1.4, 1.4, 1.35, 1.35, 1.35, 1.35, 1.3, 1.25, 1.15, 1.15, 1.15, 1.9,
  2.35, 2, 1.8, 1.55, 1.45, 1.45, 1.35, 1.3, 1.35, 1.4, 1.6, 1.55, 1.55, 1.45, 1.45, 1.4, 1.4, 2.1,
  2.6, 2.15, 1.95, 1.85, 1.85, 1.85, 1.85, 1.85, 1.85, 1.8, 1.75, 1.75, 1.75, 1.75, 1.75, 1.75, 1.75, 1.55, 1.45, 1.35, 1.35, 1.3, 1.35, 1.35, 1.35, 1.5, 1.9, 1.8, 1.6, 1.9, 1.45, 2.1,
];

/** Radius of the element in bohr; 1.9 Å where there is none. */
export function braggRadius(z: number): number {
  return (ANGSTROM[z - 1] ?? 1.9) / BOHR_IN_ANGSTROM;
}
