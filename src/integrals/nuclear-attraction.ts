/** Attraction of the electrons by the nuclei: V_μν = −Σ_A Z_A ⟨μ|1/|r−R_A||ν⟩. */
import type { PlacedBasis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { matrix, type Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";
import { pointCharges } from "./gaussian-batch.js";
import { hermiteRows } from "./hermite-rows.js";
import { hermiteCount } from "./hermite.js";
import { forEachShellPair, writeSymmetric } from "./one-electron.js";

/**
 * V, negative, hartree: [functions, functions]. `charges` (default: atomic numbers) are those of the nuclei.
 * Throws `input` when their number is not that of the atoms.
 */
export function nuclearAttractionMatrix(
  basis: PlacedBasis,
  structure: Structure,
  charges: ArrayLike<number> = structure.species,
): Matrix {
  if (charges.length !== structure.species.length)
    throw new BrineError("input", `${charges.length} nuclear charges for ${structure.species.length} atoms`);
  const nuclei = pointCharges(structure, charges);
  const result = matrix(basis.size, basis.size);
  const lmax = Math.max(0, ...basis.shells.map((shell) => shell.l));
  const rows = new Float64Array(hermiteCount(2 * lmax) * nuclei.count);
  forEachShellPair(basis, (a, b, pair) => {
    const hermites = hermiteCount(pair.order);
    const potential = new Float64Array(pair.count * hermites); // ∫ Λ_tuv Σ_A Z_A/|r−R_A|
    for (let k = 0; k < pair.count; k++) {
      hermiteRows(
        "coulomb",
        0,
        pair.order,
        pair.exponents[k],
        pair.centres[3 * k],
        pair.centres[3 * k + 1],
        pair.centres[3 * k + 2],
        nuclei,
        rows,
        0,
        nuclei.count,
      );
      for (let h = 0; h < hermites; h++)
        for (let c = 0; c < nuclei.count; c++) potential[k * hermites + h] += rows[h * nuclei.count + c];
    }
    writeSymmetric(result, a, b, (f) => {
      let sum = 0;
      for (let r = 0; r < potential.length; r++) sum -= pair.coefficients[f * potential.length + r] * potential[r];
      return sum;
    });
  });
  return result;
}
