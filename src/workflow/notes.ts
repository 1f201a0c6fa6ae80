/** What could be wrong with a number, told beside it. */
import type { OneShotEnergy } from "../engine/engine.js";
import type { Note } from "../kohn-sham/system.js";

/** What an energy from one diagonalisation is to be taken with. */
export function notesOf({ response, notes = [] }: Pick<OneShotEnergy, "response" | "notes">): Note[] {
  if (response?.reliable !== false) return [...notes];
  const text = "the response correction left its linear range; take the energy with care";
  return [...notes, { tag: "linear-range", text }];
}
