/**
 * First-order change of a closed-shell density with a potential, by way of the orbitals (uncoupled response):
 *
 *   δb_P = −4 Σ_ia (ia|P) (ia|v) /(ε_a − ε_i),   (ia|v) = Σ_μν C_μi C_νa Σ_Q (μν|Q) v_Q
 *
 * with i occupied and a empty. It costs what one Coulomb matrix does; the integrals (ia|P) are not needed.
 */
import { occupiedAndEmpty } from "../kohn-sham/occupations.js";
import type { HartreeTerm } from "../kohn-sham/hartree.js";
import type { Orbitals } from "../kohn-sham/state.js";
import { multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { symmetrize } from "../math/matrix.js";
import type { RunOptions } from "../run.js";

/** From the coefficients of a potential in the RI-J basis to the change of the Coulomb projections of the density. */
export function orbitalResponse(
  hartree: HartreeTerm,
  orbitals: Orbitals,
  options?: RunOptions,
): (potential: Float64Array) => Promise<Float64Array> {
  const { energies, occupied } = orbitals;
  const [{ real: filled }, { real: empty }] = occupiedAndEmpty(orbitals);
  return async (potential) => {
    const operator = await hartree.potential(potential, options);
    const mixing = multiply(multiplyTransposed(true, false, filled, operator), empty);
    for (let i = 0, at = 0; i < occupied; i++)
      for (let a = 0; a < empty.columns; a++, at++) mixing.data[at] *= -4 / (energies[occupied + a] - energies[i]);
    const change = multiply(filled, multiplyTransposed(false, true, mixing, empty));
    return hartree.projections(symmetrize(change), options);
  };
}
