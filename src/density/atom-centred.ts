/** A density expanded in atom-centred functions: ρ(r) = Σ_P c_P χ_P(r). */
import { basisSize, type Basis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import type { Structure } from "../structure/structure.js";

/** A density expanded in atom-centred functions: ρ(r) = Σ_P c_P χ_P(r), e/bohr³. */
export interface AtomCentredDensity {
  /** The atoms that carry the functions. */
  readonly structure: Structure;
  /** The auxiliary basis. */
  readonly basis: Basis;
  /** What is expanded. */
  readonly quantity: "density";
  /** Z less the core electrons that the density leaves out: [atoms]. */
  readonly nuclearCharges: Float64Array;
  /** [functions], in brine's order: atoms, shells of the basis, m = −l … l. */
  readonly coefficients: Float64Array;
}

/** Throws `mismatch` unless there is a coefficient for each function, `input` for one that is not a number. */
export function checkCoefficients({ structure, basis, coefficients }: AtomCentredDensity): void {
  const size = basisSize(basis, structure);
  if (coefficients.length !== size)
    throw new BrineError(
      "mismatch",
      `the density has ${coefficients.length} coefficients, but ${basis.name} has ${size} functions on this structure`,
    );
  if (!coefficients.every(Number.isFinite))
    throw new BrineError("input", "the density has coefficients that are not numbers");
}
