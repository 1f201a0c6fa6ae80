/**
 * The charges of nuclei and core electrons as Gaussians, the long-ranged part of their pseudopotentials:
 *
 *   n_core(r) = −Σ_A q_A (α_A/π)^(3/2) exp(−α_A |r − R_A|²),   α_A = 1/(2 r_loc,A²)
 *
 * as a density of normalised s functions, so that it goes onto the grid as any other.
 */
import { potentialOf, type Pseudopotentials } from "./pseudopotential.js";
import { placeBasis, type Basis, type PlacedBasis } from "./basis.js";
import { speciesOf, type Structure } from "../structure/structure.js";

/** One s function for each atom, and its coefficient: of the sign of electrons, so negative. */
export function coreCharges(
  pseudopotentials: Pseudopotentials,
  structure: Structure,
): { readonly functions: PlacedBasis; readonly coefficients: Float64Array } {
  const basis: Basis = {
    name: `cores of ${pseudopotentials.name}`,
    shells: Object.fromEntries(
      speciesOf([structure]).map((z) => [
        z,
        [{ l: 0, exponents: [exponentOf(pseudopotentials, z)], coefficients: [1] }],
      ]),
    ),
  };
  return {
    functions: placeBasis(basis, structure),
    coefficients: Float64Array.from(structure.species, (z) => {
      const alpha = exponentOf(pseudopotentials, z);
      const charge = ((2 * Math.PI) / alpha) ** 0.75; // of the normalised function
      return -potentialOf(pseudopotentials, z).charge / charge;
    }),
  };
}

function exponentOf(pseudopotentials: Pseudopotentials, z: number): number {
  return 1 / (2 * potentialOf(pseudopotentials, z).radius ** 2);
}
