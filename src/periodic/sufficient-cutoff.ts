/**
 * The plane-wave cutoff that a basis needs: products of its sharpest primitives, of exponent 2α, have transforms
 * exp(−G²/8α), and at ½G² = 13.5 α hartree (27 α Ry) exp(−3.4) of them is left. There water in DZVP-MOLOPT-SR (α = 10.4, so
 * 280 Ry) is converged to 0.4 meV an atom. Contraction makes what is cut small; below, energies soon move by
 * meV an atom with where atoms are between the grid points.
 */
import { shellsOf, type Basis } from "../basis/basis.js";

/** Hartree for each bohr⁻² of the largest exponent. */
const PER_EXPONENT = 13.5;

/** hartree */
export function sufficientCutoff(orbitals: Basis, species: Iterable<number>): number {
  let largest = 0;
  for (const z of new Set(species))
    for (const { exponents } of shellsOf(orbitals, z)) largest = Math.max(largest, ...exponents);
  return PER_EXPONENT * largest;
}
