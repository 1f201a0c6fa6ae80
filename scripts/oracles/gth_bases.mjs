/** brine's bases for gth_molecules.py, as JSON. */
import { basisByName } from "../../dist/node/library.js";

const of = (name) => Object.fromEntries([1, 6, 8].map((z) => [z, basisByName(name).shells[z]]));
console.log(JSON.stringify({ orbitals: of("dzvp-molopt-sr-gth"), fit: of("def2-universal-jkfit") }));
