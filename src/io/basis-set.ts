/** Basis sets in either format that brine reads: JSON of the Basis Set Exchange, or CP2K's. */
import type { Basis } from "../basis/basis.js";
import { readBasisSetExchange } from "./bse.js";
import { readCp2kBasis } from "./cp2k-basis.js";

/** The basis called `name` in the text of a file. Throws what `readBasisSetExchange` and `readCp2kBasis` throw. */
export function readBasisSet(text: string, name: string): Basis {
  return text.trimStart().startsWith("{") ? readBasisSetExchange(text, name) : readCp2kBasis(text, name);
}
