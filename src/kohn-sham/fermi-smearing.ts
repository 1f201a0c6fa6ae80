/**
 * Occupations at an electronic temperature T,
 *
 *   f_i = 1/(1 + exp((ε_i − μ)/kT)),  g Σ_ki w_k f_ki = N,  −TS = g kT Σ_ki w_k [f_ki ln f_ki + (1 − f_ki) ln(1 − f_ki)],
 *
 * for orbitals that hold g electrons, at wave vectors of weight w_k with one μ. The free energy E − TS is what is
 * stationary (N. D. Mermin, Phys. Rev. 137, A1441 (1965), doi:10.1103/PhysRev.137.A1441).
 */
import type { Term } from "./term.js";

export interface Smeared {
  /** Electrons in each orbital of each wave vector, 0 … g. */
  readonly occupations: readonly Float64Array[];
  /** −TS, hartree. */
  readonly entropyEnergy: number;
}

/** `energies` ascending for each wave vector, `weights` of these, `temperature` kT in hartree. The count is exact to rounding. */
export function fermiOccupations(
  energies: readonly Float64Array[],
  weights: readonly number[],
  electrons: number,
  perOrbital: 1 | 2,
  temperature: number,
): Smeared {
  const occupations = energies.map(({ length }) => new Float64Array(length));
  if (electrons === 0) return { occupations, entropyEnergy: 0 };
  const fill = (mu: number): number => {
    let sum = 0;
    energies.forEach((levels, k) => {
      let own = 0;
      for (let i = 0; i < levels.length; i++)
        own += occupations[k][i] = perOrbital / (1 + Math.exp((levels[i] - mu) / temperature));
      sum += weights[k] * own;
    });
    return sum;
  };
  let low = Math.min(...energies.map((levels) => levels[0])) - 60 * temperature;
  let high = Math.max(...energies.map((levels) => levels[levels.length - 1])) + 60 * temperature;
  for (let step = 0; step < 200 && high - low > 1e-15 * Math.max(1, Math.abs(low)); step++) {
    const middle = 0.5 * (low + high);
    if (fill(middle) < electrons) low = middle;
    else high = middle;
  }
  const scale = electrons / fill(0.5 * (low + high));
  let entropy = 0;
  occupations.forEach((filled, k) => {
    for (let i = 0; i < filled.length; i++) {
      const f = (filled[i] *= scale) / perOrbital;
      if (f > 0 && f < 1) entropy -= weights[k] * (f * Math.log(f) + (1 - f) * Math.log1p(-f));
    }
  });
  return { occupations, entropyEnergy: -perOrbital * temperature * entropy };
}

/** −TS of the occupations. */
export const entropyTerm: Term = {
  name: "entropy",
  evaluate: async ({ entropyEnergy = 0 }) => ({ energy: entropyEnergy }),
};
