/**
 * Nuclear derivatives of one-electron energies Σ_μν D_μν h_μν at fixed D: [atoms, 3], hartree/bohr for a density matrix.
 *
 * Overlap and kinetic energy do not change when both shells of a pair move together, so one of them tells the other.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { checkBoysOrder } from "../math/boys.js";
import type { Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";
import { nuclearCharges } from "./gradient-field.js";
import { pairCharges, type PairCharge } from "./gradient-pair.js";
import { addPairGradient } from "./gradient-density-fitting.js";
import { hermiteCount, hermiteIndex } from "./hermite.js";

const FIRST = [hermiteIndex(1, 0, 0), hermiteIndex(0, 1, 0), hermiteIndex(0, 0, 1)];
const SECOND = [hermiteIndex(2, 0, 0), hermiteIndex(0, 2, 0), hermiteIndex(0, 0, 2)];

/** Σ_μν W_μν ∂S_μν/∂R. Throws `mismatch` when `weights` do not fit `basis`. */
export function overlapGradient(basis: PlacedBasis, weights: Matrix): Float64Array {
  return relativeGradient(basis, weights, overlapOf);
}

/** Σ_μν D_μν ∂T_μν/∂R. Throws `mismatch` when `density` does not fit `basis`. */
export function kineticGradient(basis: PlacedBasis, density: Matrix): Float64Array {
  return relativeGradient(basis, density, kineticEnergyOf);
}

/** Σ_μν D_μν ∂V_μν/∂R, the nuclei moving with their functions. Throws `mismatch` when `density` does not fit `basis`. */
export function nuclearAttractionGradient(basis: PlacedBasis, structure: Structure, density: Matrix): Float64Array {
  checkBoysOrder(2 * Math.max(0, ...basis.shells.map(({ l }) => l)) + 1);
  const gradient = new Float64Array(3 * structure.species.length);
  const nuclei = [nuclearCharges(structure)];
  for (const pair of pairCharges(basis, density)) addPairGradient(pair, nuclei, gradient);
  return gradient;
}

/** The integral of a charge: [hermiteCount(order)] from `at` on, Gaussian number k of the pair. */
type Integral = (pair: PairCharge, k: number, charge: Float64Array, at: number) => number;

function relativeGradient(basis: PlacedBasis, density: Matrix, integral: Integral): Float64Array {
  const gradient = new Float64Array(3 * (basis.atomFirst.length - 1));
  for (const pair of pairCharges(basis, density)) {
    const { first, second, order, count, derivative } = pair;
    if (first.atom === second.atom) continue;
    const hermites = hermiteCount(order + 1);
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += integral(pair, k, derivative[axis], k * hermites);
      gradient[3 * first.atom + axis] += sum;
      gradient[3 * second.atom + axis] -= sum;
    }
  }
  return gradient;
}

function overlapOf({ exponents }: PairCharge, k: number, charge: Float64Array, at: number): number {
  return (Math.PI / exponents[k]) ** 1.5 * charge[at];
}

/** β(2l_b+3) ⟨1⟩ − 2β² ⟨r_B²⟩ as in one-electron.ts. */
function kineticEnergyOf(pair: PairCharge, k: number, charge: Float64Array, at: number): number {
  const { second, exponents, secondExponents, centres, order } = pair;
  const p = exponents[k];
  const beta = secondExponents[k];
  const centre = [second.x, second.y, second.z];
  let square = 0; // ⟨r_B²⟩ (p/π)^(3/2)
  for (let axis = 0; axis < 3; axis++) {
    const shift = centres[3 * k + axis] - centre[axis];
    square += charge[at] * (0.5 / p + shift * shift) + charge[at + FIRST[axis]] * 2 * shift;
    if (order >= 1) square += charge[at + SECOND[axis]] * 2;
  }
  return (Math.PI / p) ** 1.5 * beta * ((2 * second.l + 3) * charge[at] - 2 * beta * square);
}
