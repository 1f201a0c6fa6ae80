/** A density expanded in atom-centred functions: ρ(r) = Σ_P c_P χ_P(r). */
import type { Basis } from "../basis/basis.js";
import type { Structure } from "../structure/structure.js";

export interface AtomCentredDensity {
  readonly structure: Structure;
  readonly basis: Basis;
  /** What is expanded. */
  readonly quantity: "density";
  /** Z less the core electrons that the density leaves out: [atoms]. */
  readonly nuclearCharges: Float64Array;
  /** [functions], in brine's order: atoms, shells of the basis, m = −l … l. */
  readonly coefficients: Float64Array;
}
