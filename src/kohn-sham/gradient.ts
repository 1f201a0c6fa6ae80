/**
 * Nuclear gradient of the Kohn–Sham energy: the terms at fixed density matrices, and what keeps the orbitals orthonormal,
 *
 *   E^x = Σ_k E_k^x[D] − Σ_σ Tr W_σ S^x,   W = D F D/f, which is C_occ f ε C_occ† at self-consistency,
 *
 * f electrons in a full orbital (Pulay, Mol. Phys. 17, 197 (1969), doi:10.1080/00268976900100941). E is stationary in D, so
 * the response of D does not enter.
 */
import { combination, plusAdjoint, product } from "../math/hermitian.js";
import { axpy } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import type { PerChannel, State } from "./state.js";
import type { System } from "./system.js";
import { evaluateTerms, totalGradient } from "./term.js";

/** dE/dR [atoms, 3], hartree/bohr, of a converged state. `fock` is F[D]; it is built when absent. */
export async function energyGradient(
  system: System,
  state: State,
  fock?: PerChannel,
  options?: RunOptions,
): Promise<Float64Array> {
  const focks = fock ?? (await evaluateTerms(system.terms, state, options)).fock;
  const gradient = await totalGradient(system.terms, system.structure.species.length, state, options);
  const orthonormality = system.orthonormalityGradient?.(energyWeighted(state, focks));
  if (orthonormality) axpy(1, orthonormality, gradient);
  return gradient;
}

/** W of each channel, weight included. */
function energyWeighted({ channels, densities }: State, focks: PerChannel): PerChannel {
  return densities.map((density, c) => {
    const { electrons, weight } = channels[c];
    const w = plusAdjoint(product(product(density, focks[c]), density), 1);
    return combination([(0.5 * weight) / electrons], [w]);
  });
}
