/**
 * Energies on a scale where structures can be compared: relative to the lowest when all have the same atoms; else less
 * Σ_Z n_Z e_Z, the sum over elements that fits the energies best (least squares).
 */
import { cholesky, choleskySolve } from "../math/linear-algebra.js";
import { matrix } from "../math/matrix.js";
import { formula, speciesOf, type Structure } from "../structure/structure.js";

export interface RelativeEnergies {
  readonly values: readonly number[];
  /** What they are relative to. */
  readonly to: "lowest" | "elements";
}

/** Elements always in the same proportion make the fit singular; so much of its diagonal decides then. */
const RIDGE = 1e-10;

/** hartree; `energies[i]` belongs to `structures[i]`. Too few structures to fit one number an element stay relative to the lowest. */
export function relativeEnergies(structures: readonly Structure[], energies: readonly number[]): RelativeEnergies {
  const elements = speciesOf(structures);
  const formulas = new Set(structures.map(formula));
  if (formulas.size === 1 || structures.length < 3 * elements.length) {
    const lowest = Math.min(...energies);
    return { values: energies.map((energy) => energy - lowest), to: "lowest" };
  }
  const counts = structures.map(({ species }) =>
    elements.map((z) => species.reduce((sum, other) => sum + (other === z ? 1 : 0), 0)),
  );
  const ofElements = leastSquares(counts, energies);
  return {
    values: energies.map((energy, i) => energy - counts[i].reduce((sum, n, k) => sum + n * ofElements[k], 0)),
    to: "elements",
  };
}

/** x of the least |Ax − b|. */
function leastSquares(a: readonly (readonly number[])[], b: readonly number[]): Float64Array {
  const n = a[0].length;
  const normal = matrix(n, n);
  const right = new Float64Array(n);
  a.forEach((row, r) => {
    for (let i = 0; i < n; i++) {
      right[i] += row[i] * b[r];
      for (let j = 0; j < n; j++) normal.data[i * n + j] += row[i] * row[j];
    }
  });
  for (let i = 0; i < n; i++) normal.data[i * n + i] *= 1 + RIDGE;
  return choleskySolve(cholesky(normal), right);
}
