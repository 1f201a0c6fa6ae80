/** From a Fock matrix to the density matrix of its occupied orbitals. */
import { BrineError } from "../errors.js";
import { eigh, multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { dot, matrix, type Matrix } from "../math/matrix.js";
import { fermiOccupations, occupiedFactor } from "./fermi-smearing.js";
import { transformed } from "./orthogonalisation.js";

/** Orbitals closer than this (hartree) are degenerate: any combination of them is one, too. */
const DEGENERATE = 1e-6;

export interface Occupation {
  readonly density: Matrix;
  /** Σ_i f_i ε_i, hartree. */
  readonly bandEnergy: number;
  /** From the highest occupied to the lowest empty orbital of any spin, hartree. */
  readonly gap?: number;
  /** −TS of smeared occupations, hartree. */
  readonly entropyEnergy?: number;
}

/** Diagonalises F in its own way and fills the orbitals. */
export type Occupy<Result extends Occupation = Occupation> = (fock: Matrix) => Result;

export interface Orbitals extends Occupation {
  /** Ascending, hartree. */
  readonly energies: Float64Array;
  /** [functions, orbitals]: FC = SCε, CᵀSC = 1. */
  readonly coefficients: Matrix;
  readonly occupied: number;
  /** Electrons in each orbital where they are smeared. */
  readonly occupations?: Float64Array;
}

/**
 * Two electrons in each of the `pairs` lowest orbitals, D = 2 C_occ C_occᵀ, or as many as the `temperature` kT (hartree)
 * gives. `x` is the orthogonaliser.
 */
export function closedShell(x: Matrix, pairs: number, temperature = 0): Occupy<Orbitals> {
  if (pairs > x.columns)
    throw new BrineError(
      "input",
      `${2 * pairs} electrons do not fit into ${x.columns} independent orbitals; the orbital basis is too small`,
    );
  return (fock) => {
    const { values, vectors } = eigh(transformed(x, fock));
    const coefficients = multiply(x, vectors);
    const gap = pairs < values.length ? values[pairs] - values[pairs - 1] : Infinity;
    if (temperature > 0) {
      const { occupations, entropyEnergy } = fermiOccupations(values, 2 * pairs, 2, temperature);
      const factor = occupiedFactor(coefficients, occupations);
      const density = multiplyTransposed(false, true, factor, factor);
      const bandEnergy = dot(occupations, values);
      return { density, bandEnergy, gap, entropyEnergy, energies: values, coefficients, occupied: pairs, occupations };
    }
    if (gap < DEGENERATE) spread(coefficients, pairs - 1, pairs);
    const occupied = columnsOf(coefficients, 0, pairs);
    const density = closedShellDensity(occupied);
    let bandEnergy = 0;
    for (let i = 0; i < pairs; i++) bandEnergy += 2 * values[i];
    return { density, bandEnergy, gap, energies: values, coefficients, occupied: pairs };
  };
}

/**
 * Turns two orbitals i, j into each other so that Σ_μ C_μi⁴ + C_μj⁴ is smallest. Two equal atoms that are far apart then
 * share the electrons; as orbitals of one atom each, which are as good solutions, they would make ions.
 */
function spread(c: Matrix, i: number, j: number): void {
  // The sum is constant + ¼ (cosine cos 4θ + sine sin 4θ).
  let cosine = 0;
  let sine = 0;
  for (let mu = 0; mu < c.rows; mu++) {
    const a = c.data[mu * c.columns + i];
    const b = c.data[mu * c.columns + j];
    cosine += a ** 4 + b ** 4 - 6 * a * a * b * b;
    sine += 4 * a * b * (a * a - b * b);
  }
  const angle = Math.atan2(-sine, -cosine) / 4;
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  for (let mu = 0; mu < c.rows; mu++) {
    const a = c.data[mu * c.columns + i];
    const b = c.data[mu * c.columns + j];
    c.data[mu * c.columns + i] = x * a + y * b;
    c.data[mu * c.columns + j] = x * b - y * a;
  }
}

/** D = 2 C_occ C_occᵀ of the doubly occupied orbitals. */
export function closedShellDensity(occupied: Matrix): Matrix {
  const density = multiplyTransposed(false, true, occupied, occupied);
  for (let i = 0; i < density.data.length; i++) density.data[i] *= 2;
  return density;
}

/** A packed copy of the columns first … last − 1. */
export function columnsOf(a: Matrix, first: number, last: number): Matrix {
  const stride = a.stride ?? a.columns;
  const result = matrix(a.rows, last - first);
  for (let i = 0; i < a.rows; i++)
    result.data.set(a.data.subarray(i * stride + first, i * stride + last), i * (last - first));
  return result;
}
