/** What a descriptor sees of an atom: its neighbourhood and what lies beyond. */
import type { Neighbourhood } from "../structure/neighbours.js";

/** An atom with its neighbourhood. */
export interface Environment extends Neighbourhood {
  /** [(lmax + 1)²] the field of all other atoms at the centre, where the descriptor has one (far-field.ts). */
  readonly field?: Float64Array;
}
