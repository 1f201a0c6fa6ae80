/**
 * Open shells in the same equations as closed ones: matrices of both spins are the diagonal blocks of one matrix,
 *
 *   D = diag(D_α, D_β),  F = diag(F_α, F_β),  S → diag(S, S),
 *
 * so that FDS = SDF, DIIS and the rest of the SCF hold as they stand, with one electron in an orbital
 * (Pople & Nesbet, J. Chem. Phys. 22, 571 (1954)).
 */
import { BrineError } from "../errors.js";
import { eigh, multiply, multiplyTransposed } from "../math/linear-algebra.js";
import { axpy, dot, matrix, type Matrix } from "../math/matrix.js";
import { fermiOccupations, occupiedFactor } from "./fermi-smearing.js";
import { columnsOf, type Occupation, type Occupy } from "./occupations.js";
import { transformed } from "./orthogonalisation.js";
import type { Term } from "./term.js";

/** diag(a, b) of two packed matrices of one shape. */
export function spinBlocks(a: Matrix, b: Matrix): Matrix {
  const { rows, columns } = a;
  const result = matrix(2 * rows, 2 * columns);
  for (let i = 0; i < rows; i++) {
    result.data.set(a.data.subarray(i * columns, (i + 1) * columns), 2 * i * columns);
    result.data.set(b.data.subarray(i * columns, (i + 1) * columns), (2 * (rows + i) + 1) * columns);
  }
  return result;
}

/** Packed copies of the blocks of α and β. */
export function spinParts(both: Matrix): readonly [Matrix, Matrix] {
  const rows = both.rows / 2;
  const columns = both.columns / 2;
  const part = (spin: 0 | 1): Matrix => {
    const result = matrix(rows, columns);
    for (let i = 0; i < rows; i++) {
      const from = (spin * rows + i) * both.columns + spin * columns;
      result.data.set(both.data.subarray(from, from + columns), i * columns);
    }
    return result;
  };
  return [part(0), part(1)];
}

/** D_α ± D_β */
export function spinSum([alpha, beta]: readonly [Matrix, Matrix], sign: 1 | -1): Matrix {
  const result = matrix(alpha.rows, alpha.columns, alpha.data.slice());
  axpy(sign, beta.data, result.data);
  return result;
}

/** A term that sees both spins together: D_α + D_β in, the same Fock matrix for both. */
export function ofTotalDensity(term: Term): Term {
  return {
    name: term.name,
    async evaluate(state, options) {
      const { energy, fock } = await term.evaluate(
        { ...state, density: spinSum(spinParts(state.density), 1) },
        options,
      );
      return fock ? { energy, fock: spinBlocks(fock, fock) } : { energy };
    },
  };
}

/** Orbitals of one spin. */
export interface SpinOrbitals {
  /** Ascending, hartree. */
  readonly energies: Float64Array;
  /** [functions, orbitals]: FC = SCε, CᵀSC = 1. */
  readonly coefficients: Matrix;
  readonly occupied: number;
  /** Electrons in each orbital where they are smeared. */
  readonly occupations?: Float64Array;
  /** −TS, hartree. */
  readonly entropyEnergy: number;
}

export interface OpenShell extends Occupation {
  readonly alpha: SpinOrbitals;
  readonly beta: SpinOrbitals;
}

/**
 * One electron in each of the lowest orbitals of each spin, or as many as the `temperature` kT (hartree) gives.
 * `x` is the orthogonaliser of one spin.
 */
export function openShell(x: Matrix, alpha: number, beta: number, temperature = 0): Occupy<OpenShell> {
  if (alpha > x.columns)
    throw new BrineError(
      "input",
      `${alpha} electrons of one spin do not fit into ${x.columns} independent orbitals; the orbital basis is too small`,
    );
  return (fock) => {
    const [up, down] = spinParts(fock);
    const a = solve(x, up, alpha, temperature);
    const b = solve(x, down, beta, temperature);
    return {
      density: spinBlocks(densityOf(a), densityOf(b)),
      bandEnergy: bandEnergyOf(a) + bandEnergyOf(b),
      gap: Math.min(gapOf(a), gapOf(b)),
      entropyEnergy: a.entropyEnergy + b.entropyEnergy,
      alpha: a,
      beta: b,
    };
  };
}

function solve(x: Matrix, fock: Matrix, occupied: number, temperature: number): SpinOrbitals {
  const { values: energies, vectors } = eigh(transformed(x, fock));
  const coefficients = multiply(x, vectors);
  if (temperature === 0) return { energies, coefficients, occupied, entropyEnergy: 0 };
  return { energies, coefficients, occupied, ...fermiOccupations(energies, occupied, 1, temperature) };
}

function densityOf({ coefficients, occupied, occupations }: SpinOrbitals): Matrix {
  if (occupied === 0) return matrix(coefficients.rows, coefficients.rows);
  const orbitals = occupations ? occupiedFactor(coefficients, occupations) : columnsOf(coefficients, 0, occupied);
  return multiplyTransposed(false, true, orbitals, orbitals);
}

function bandEnergyOf({ energies, occupied, occupations }: SpinOrbitals): number {
  if (occupations) return dot(occupations, energies);
  return energies.subarray(0, occupied).reduce((sum, energy) => sum + energy, 0);
}

/** Infinite where there is no occupied or no empty orbital. */
function gapOf({ energies, occupied }: SpinOrbitals): number {
  return occupied === 0 || occupied === energies.length ? Infinity : energies[occupied] - energies[occupied - 1];
}

/** ⟨S²⟩ of the determinant: S_z² + N/2 − Tr D_α S D_β S. */
export function spinSquared({ density, alpha, beta }: OpenShell, overlap: Matrix): number {
  const [up, down] = spinParts(density);
  const product = multiply(multiply(up, overlap), multiply(down, overlap));
  let shared = 0;
  for (let i = 0; i < product.rows; i++) shared += product.data[i * product.columns + i];
  return (0.5 * (alpha.occupied - beta.occupied)) ** 2 + 0.5 * (alpha.occupied + beta.occupied) - shared;
}
