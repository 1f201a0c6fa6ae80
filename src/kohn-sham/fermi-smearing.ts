/**
 * Occupations at an electronic temperature T,
 *
 *   f_i = 1/(1 + exp((ε_i − μ)/kT)),  g Σ_i f_i = N,  −TS = g kT Σ_i [f_i ln f_i + (1 − f_i) ln(1 − f_i)],
 *
 * for orbitals that hold g electrons. The free energy E − TS is what is stationary (N. D. Mermin, Phys. Rev. 137,
 * A1441 (1965), doi:10.1103/PhysRev.137.A1441).
 */
import { matrix, type Matrix } from "../math/matrix.js";
import type { Term } from "./term.js";

export interface Smeared {
  /** Electrons in each orbital, 0 … g. */
  readonly occupations: Float64Array;
  /** −TS, hartree. */
  readonly entropyEnergy: number;
}

/** `energies` ascending, `temperature` kT in hartree. The count is exact to rounding. */
export function fermiOccupations(
  energies: Float64Array,
  electrons: number,
  perOrbital: 1 | 2,
  temperature: number,
): Smeared {
  const occupations = new Float64Array(energies.length);
  if (electrons === 0) return { occupations, entropyEnergy: 0 };
  const fill = (mu: number): number => {
    let sum = 0;
    for (let i = 0; i < energies.length; i++)
      sum += occupations[i] = perOrbital / (1 + Math.exp((energies[i] - mu) / temperature));
    return sum;
  };
  let low = energies[0] - 60 * temperature;
  let high = energies[energies.length - 1] + 60 * temperature;
  for (let step = 0; step < 200 && high - low > 1e-15 * Math.max(1, Math.abs(low)); step++) {
    const middle = 0.5 * (low + high);
    if (fill(middle) < electrons) low = middle;
    else high = middle;
  }
  const scale = electrons / fill(0.5 * (low + high));
  let entropy = 0;
  for (let i = 0; i < energies.length; i++) {
    const f = (occupations[i] *= scale) / perOrbital;
    if (f > 0 && f < 1) entropy -= f * Math.log(f) + (1 - f) * Math.log1p(-f);
  }
  return { occupations, entropyEnergy: -perOrbital * temperature * entropy };
}

/** D = Σ_i f_i C_i C_iᵀ as FFᵀ: F, the orbitals times √f, without those that are empty. */
export function occupiedFactor(coefficients: Matrix, occupations: Float64Array): Matrix {
  let kept = 0;
  while (kept < occupations.length && occupations[kept] > 1e-16) kept++;
  const result = matrix(coefficients.rows, kept);
  for (let k = 0; k < kept; k++) {
    const root = Math.sqrt(occupations[k]);
    for (let i = 0; i < result.rows; i++)
      result.data[i * kept + k] = root * coefficients.data[i * coefficients.columns + k];
  }
  return result;
}

/** −TS of the occupations. */
export const entropyTerm: Term = {
  name: "entropy",
  async evaluate({ entropyEnergy = 0 }) {
    return { energy: entropyEnergy };
  },
};
