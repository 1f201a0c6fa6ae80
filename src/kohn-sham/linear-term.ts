/** Terms that are linear in the density matrix, E = Tr D h with F = h (kinetic, external), or do not depend on it. */
import type { Matrix } from "../math/matrix.js";
import { realDensity, traceOfProducts, type PerChannel } from "./state.js";
import type { Term } from "./term.js";

/**
 * E = Tr D h. `operators` are packed, one for each channel; `gradient` takes the real total density matrix to dE/dR at
 * fixed D [atoms, 3].
 */
export function linearTerm(name: string, operators: PerChannel, gradient?: (density: Matrix) => Float64Array): Term {
  return {
    name,
    evaluate: async ({ channels, densities }) => ({
      energy: traceOfProducts(channels, densities, operators),
      fock: operators,
    }),
    ofDensity: async () => ({ fock: operators, doubleCounting: 0 }),
    ...(gradient ? { gradient: async (state) => gradient(realDensity(state)) } : {}),
  };
}

/** An energy that does not depend on the density, such as the repulsion of the nuclei, with its dE/dR [atoms, 3]. */
export function constantTerm(name: string, energy: number, gradient?: () => Float64Array): Term {
  return {
    name,
    evaluate: async () => ({ energy }),
    ofDensity: async () => ({ doubleCounting: energy }),
    ...(gradient ? { gradient: async () => gradient() } : {}),
  };
}
