/**
 * The expansion of the density of orbitals in atom-centred functions, ρ ≈ Σ_P c_P χ_P, with exactly N electrons.
 *
 * Coulomb metric: minimises (ρ − ρ̃|ρ − ρ̃), Jc = b, b_P = Σ_μν D_μν (μν|P). Overlap metric: minimises ∫(ρ − ρ̃)²,
 * Sc = o, o_P = Σ_μν D_μν ⟨μνP⟩. Then, with q_P = ∫χ_P and M the metric, c ← c + λM⁻¹q, λ = (N − qᵀc)/(qᵀM⁻¹q):
 * the minimum under the constraint qᵀc = N (Dunlap, Connolly & Sabin, J. Chem. Phys. 71, 3396 (1979)).
 */
import type { PlacedBasis } from "../basis/basis.js";
import type { BlockFunctions } from "../grid/block-functions.js";
import { densityOfMatrix } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { coulombMetric, coulombSums, threeCentreIntegrals } from "../integrals/index.js";
import { choleskySolve, gemv } from "../math/linear-algebra.js";
import { axpy, dot, matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { densityOnBlock } from "./density-on-block.js";

/** Coefficients with a given number of electrons. */
export interface ConstrainedFit {
  /** [auxiliary]. */
  readonly coefficients: Float64Array;
  /** qᵀc before the constraint. */
  readonly electrons: number;
}

/** Solves Mc = b under qᵀc = `electrons`; `factor` is the Cholesky factor of M. */
export function constrainedFit(
  factor: Matrix,
  projections: Float64Array,
  charges: Float64Array,
  electrons: number,
): ConstrainedFit {
  const free = choleskySolve(factor, projections);
  return { coefficients: withElectrons(factor, charges, electrons, free), electrons: dot(charges, free) };
}

/** c + λM⁻¹q with λ such that qᵀc = `electrons`. */
export function withElectrons(
  factor: Matrix,
  charges: Float64Array,
  electrons: number,
  coefficients: Float64Array,
): Float64Array {
  const result = coefficients.slice();
  const direction = choleskySolve(factor, charges);
  axpy((electrons - dot(charges, coefficients)) / dot(charges, direction), direction, result);
  return result;
}

/** b_P = Σ_μν D_μν (μν|P); no integral is kept. */
export async function coulombProjections(
  orbitals: PlacedBasis,
  auxiliary: PlacedBasis,
  packedDensity: Float64Array,
  options?: RunOptions,
): Promise<Float64Array> {
  return coulombSums(threeCentreIntegrals(orbitals, auxiliary, 0), orbitals.size).projections(packedDensity, options);
}

/** (P|Q) between two bases: [a.size, b.size]. */
export function mixedCoulombMetric(a: PlacedBasis, b: PlacedBasis): Matrix {
  const shells = [...a.shells, ...b.shells.map((shell) => ({ ...shell, first: shell.first + a.size }))];
  const size = a.size + b.size;
  const whole = coulombMetric({ shells, size, atomFirst: Int32Array.of(0, size) });
  const result = matrix(a.size, b.size);
  for (let i = 0; i < a.size; i++) result.data.set(whole.data.subarray(i * size + a.size, (i + 1) * size), i * b.size);
  return result;
}

/**
 * ½(ρ̄ − ρ̃|ρ̄ − ρ̃), hartree, for ρ̄ = Σ c̄_P χ_P in one basis and ρ̃ in another. For the density of orbitals
 * take its RI-J expansion as ρ̄: the result is then exact within the RI approximation, and where the fit uses
 * the RI-J basis itself it is the price of the exact electron count alone.
 */
export function selfRepulsion(
  own: { readonly metric: Matrix; readonly coefficients: Float64Array },
  other: { readonly metric: Matrix; readonly coefficients: Float64Array },
  mixed: Matrix,
): number {
  const square = ({ metric, coefficients }: typeof own): number => dot(coefficients, gemv(false, metric, coefficients));
  return 0.5 * (square(own) + square(other)) - dot(own.coefficients, gemv(false, mixed, other.coefficients));
}

/** ∫|ρ − ρ̃| in electrons for a density matrix and coefficients; the orbitals come by number of the block. */
export async function absoluteFitError(
  blocks: readonly GridBlock[],
  orbitals: (block: number) => BlockFunctions,
  density: Matrix,
  auxiliary: PlacedBasis,
  coefficients: Float64Array,
  options?: RunOptions,
): Promise<number> {
  let sum = 0;
  for (let b = 0; b < blocks.length; b++) {
    await checkpoint(options);
    const { rho } = densityOfMatrix(valuesOnly(orbitals(b)), density);
    const fitted = densityOnBlock(auxiliary, coefficients, blocks[b], 0).rho;
    for (let i = 0; i < rho.length; i++) sum += blocks[b].weights[i] * Math.abs(rho[i] - fitted[i]);
  }
  return sum;
}

function valuesOnly({ alive, values }: BlockFunctions): BlockFunctions {
  return { alive, values };
}
