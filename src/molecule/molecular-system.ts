/** What there is of a molecule beside what every system has. */
import type { PlacedBasis } from "../basis/basis.js";
import type { ThreeCentreIntegrals } from "../integrals/index.js";
import type { GridFunctions } from "../kohn-sham/grid-functions.js";
import type { CoulombFit, HartreeTerm } from "../kohn-sham/hartree.js";
import type { System } from "../kohn-sham/system.js";

export interface MolecularSystem extends System {
  readonly orbitals: PlacedBasis;
  /** The RI-J basis and its metric. */
  readonly coulombFit: CoulombFit;
  /** (μν|P) with the RI-J basis. */
  readonly threeCentre: ThreeCentreIntegrals;
  readonly hartree: HartreeTerm;
  /** The grid of the level. */
  readonly grid: GridFunctions;
}
