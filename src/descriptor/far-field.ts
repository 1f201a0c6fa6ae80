/**
 * What lies beyond the neighbourhood acts through its electrostatic potential (long-distance equivariants: Grisafi &
 * Ceriotti, J. Chem. Phys. 151, 204105 (2019), doi:10.1063/1.5128375; Grisafi, Nigam & Ceriotti, Chem. Sci. 12, 2078
 * (2021), doi:10.1039/d0sc04934d). Its derivatives at an atom,
 *
 *   A^l_m(i) = s^l S_lm(∇) V(r_i),   l ≥ 1,
 *
 * the field and what follows, turn as expansion coefficients do and are one channel more of the spherical expansion. V is
 * of charges from bonds (bond-charges.ts) and of the dipoles that they induce (induced-dipoles.ts), as Gaussians
 * of standard deviation s (smeared-sources.ts, in crystals sources-in-crystal.ts).
 */
import { BrineError } from "../errors.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { neighbourhoods } from "../structure/neighbours.js";
import { isPeriodic, type Structure } from "../structure/structure.js";
import { bondCharges } from "./bond-charges.js";
import type { Environment } from "./environment.js";
import { withInducedDipoles } from "./induced-dipoles.js";
import type { FarField } from "./settings.js";
import { fieldInMolecule, type FieldOfSources } from "./smeared-sources.js";
import { fieldInCrystal } from "./sources-in-crystal.js";
import type { Expansion } from "./spherical-expansion.js";

/** A mean square of the field that is rounding. */
const VANISHING = 1e-20;

/**
 * The neighbourhoods of all atoms in order, with the field at each when one is asked for. Throws
 * as `neighbourhoods`, and `unsupported` for a field in a cell that does not repeat in all directions.
 */
export function environmentsOf(
  structure: Structure,
  cutoffRadius: number,
  lmax: number,
  farField: FarField | null | undefined,
): Environment[] {
  const around = neighbourhoods(structure, cutoffRadius);
  if (!farField) return around;
  const field = fieldAtAtoms(structure, farField, lmax);
  const size = field.columns;
  return around.map((environment, i) => ({ ...environment, field: field.data.slice(i * size, (i + 1) * size) }));
}

/**
 * Factor of each l that makes the field's share of the expansion coefficients `weight`: the ratio of root mean squares
 * over the environments of `expansions`, which are without the field. Undefined where there is no field.
 */
export function farFieldFactors(
  environments: readonly Environment[],
  expansions: readonly Expansion[],
  weight: number,
): number[] | undefined {
  const factors = expansions[0].coefficients.map((_, l) => {
    const neighbours = expansions.reduce((sum, { coefficients }) => sum + sumOfSquares(coefficients[l]), 0);
    const far = environments.reduce((sum, { field }) => sum + sumOfSquares(field!.subarray(l * l, (l + 1) ** 2)), 0);
    return far > VANISHING * environments.length ? weight * Math.sqrt(neighbours / far) : 0;
  });
  return factors.some((factor) => factor > 0) ? factors : undefined;
}

function sumOfSquares(x: Float64Array): number {
  return x.reduce((sum, value) => sum + value * value, 0);
}

/** A: [atoms, (lmax + 1)²], columns lm; zero for l = 0. Throws `unsupported` as `environmentsOf`. */
export function fieldAtAtoms(structure: Structure, { width, polarizability }: FarField, lmax: number): Matrix {
  const charges = bondCharges(structure);
  if (charges.every((q) => q === 0)) return matrix(charges.length, (lmax + 1) ** 2);
  const fieldOf = fieldOfSources(structure, width);
  const field = fieldOf(withInducedDipoles(structure, charges, fieldOf, polarizability), lmax);
  for (let l = 1; l <= lmax; l++)
    for (let i = 0; i < field.rows; i++)
      for (let k = l * l; k < (l + 1) ** 2; k++) field.data[i * field.columns + k] *= width ** l;
  return field;
}

/** What gives the field of any sources at the atoms of `structure`; `width` in bohr. Throws `unsupported` for a cell that repeats in one or two directions only. */
export function fieldOfSources(structure: Structure, width: number): FieldOfSources {
  if (!isPeriodic(structure)) return fieldInMolecule(structure, width);
  if (structure.cell!.periodic.every(Boolean)) return fieldInCrystal(structure, width);
  throw new BrineError(
    "unsupported",
    "the far field needs a cell that repeats in all three directions or in none; train without it",
    { settings: ["farField"], value: null },
  );
}
