/** What there is of a crystal beside what every system has. */
import type { PlacedBasis } from "../basis/basis.js";
import type { System } from "../kohn-sham/system.js";
import type { OnGrids } from "./grid-term.js";

export interface PeriodicSystem extends System {
  readonly orbitals: PlacedBasis;
  /** The grids of the level. */
  readonly fine: OnGrids;
}
