/**
 * First-order change of a closed-shell density with a potential, by way of the orbitals (uncoupled response):
 *
 *   δb_P = −4 Σ_ia (ia|P) (ia|v) /(ε_a − ε_i),   (ia|v) = Σ_μν C_μi C_νa Σ_Q (μν|Q) v_Q
 *
 * with i occupied and a empty. It costs what one Coulomb matrix does; the integrals (ia|P) are not needed.
 */
import { columnsOf, type Orbitals } from "../kohn-sham/occupations.js";
import { multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import type { HartreeTerm } from "./hartree.js";

/** From the coefficients of a potential in the RI-J basis to the change of the Coulomb projections of the density. */
export function orbitalResponse(
  hartree: HartreeTerm,
  orbitals: Orbitals,
  options?: RunOptions,
): (potential: Float64Array) => Promise<Float64Array> {
  const { coefficients, energies, occupied } = orbitals;
  const filled = columnsOf(coefficients, 0, occupied);
  const empty = columnsOf(coefficients, occupied, coefficients.columns);
  const virtual = empty.columns;
  return async (potential) => {
    const operator = await hartree.potential(potential, options);
    const mixing = multiply(multiplyTransposed(true, false, filled, operator), empty);
    for (let i = 0, at = 0; i < occupied; i++)
      for (let a = 0; a < virtual; a++, at++) mixing.data[at] *= -4 / (energies[occupied + a] - energies[i]);
    const change = multiply(filled, multiplyTransposed(false, true, mixing, empty));
    const n = change.rows;
    const density = matrix(n, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) density.data[i * n + j] = 0.5 * (change.data[i * n + j] + change.data[j * n + i]);
    return hartree.projections(density, options);
  };
}
