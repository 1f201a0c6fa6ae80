/**
 * What one diagonalisation knows about the self-consistent density. Near the fixed point the map c_in → c_out of
 * the SCF is linear, and its derivative A follows from the orbitals at hand. With B_iaP = (ia|P):
 *
 *   X_PQ = −4 Σ_ia B_iaP B_iaQ /(ε_a − ε_i),  K = J + ∫χ_P χ_Q f_xc,  A = J⁻¹ X J⁻¹ K,  r = c_out − c_in,
 *   δ = (1 − A)⁻¹ r   (Newton step: c_in + δ is the self-consistent density to second order),
 *   E ≈ E_KS[D_out] − ½ rᵀK(r − δ).
 *
 * The output coefficients are those with the exact electron count, c_out = J⁻¹b + λJ⁻¹q, and so their derivative is
 * (1 − J⁻¹q qᵀ/qᵀJ⁻¹q) A: input and output then live in the same space.
 *
 * Both functionals expanded to second order about the fixed point give E_KS = E + ½ rᵀK(r − δ); what is left is
 * of third order in δ where the kernel f_xc is exact. RI version of coupled-perturbed Kohn–Sham (Gerratt & Mills,
 * J. Chem. Phys. 49, 1719 (1968)); the correction itself is derived in docs/theory.md.
 */
import { choleskySolve, gemm, gemv, multiply, solveLinear } from "../math/linear-algebra.js";
import { axpy, dot, matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";

export interface ResponseInput {
  /** [occupied·virtual, auxiliary]: (ia|P), the virtual orbital a running faster. Overwritten. */
  readonly transitions: Matrix;
  /** Energies of all orbitals, ascending, hartree. */
  readonly energies: Float64Array;
  readonly occupied: number;
  /** J. */
  readonly metric: Matrix;
  /** Its Cholesky factor. */
  readonly factor: Matrix;
  /** ∫χ_P χ_Q f_xc. */
  readonly exchangeCorrelationKernel: Matrix;
  /** q_P = ∫χ_P. */
  readonly charges: Float64Array;
  /** c_out − c_in. */
  readonly residual: Float64Array;
}

export interface Response {
  /** −½ rᵀK(r − δ), hartree. */
  readonly energy: number;
  /** δ. */
  readonly step: Float64Array;
}

/** Solves for the Newton step and the energy that it corrects. */
export async function linearResponse(input: ResponseInput, options?: RunOptions): Promise<Response> {
  const { metric, factor, residual, exchangeCorrelationKernel: kernel } = input;
  const n = metric.rows;
  const response = await densityResponse(input, options);
  // (J − X J⁻¹K) δ = J r
  const screened = choleskySolve(factor, kernel); // J⁻¹K − 1
  for (let i = 0; i < n; i++) screened.data[i * n + i] += 1;
  await checkpoint(options);
  const system = multiply(response, screened);
  await checkpoint(options);
  keepElectrons(system, factor, input.charges);
  for (let i = 0; i < system.data.length; i++) system.data[i] = metric.data[i] - system.data[i];
  await checkpoint(options);
  const step = solveLinear(system, gemv(false, metric, residual));
  const rest = residual.slice();
  axpy(-1, step, rest);
  const force = gemv(false, metric, rest);
  axpy(1, gemv(false, kernel, rest), force);
  return { energy: -0.5 * dot(residual, force), step };
}

/** Columns of X computed at once, up to the diagonal. */
const STRIP = 128;

/** X: change of the Coulomb projections of the density with the coefficients of the potential, negative definite. */
async function densityResponse(
  { transitions, energies, occupied, metric }: ResponseInput,
  options?: RunOptions,
): Promise<Matrix> {
  const { rows, columns, data } = transitions;
  const virtual = rows / occupied;
  for (let i = 0, row = 0; i < occupied; i++)
    for (let a = 0; a < virtual; a++, row++) {
      const scale = 2 / Math.sqrt(energies[occupied + a] - energies[i]);
      for (let p = row * columns; p < (row + 1) * columns; p++) data[p] *= scale;
    }
  const n = metric.rows;
  const result = matrix(n, n);
  for (let first = 0; first < n; first += STRIP) {
    await checkpoint(options);
    const last = Math.min(first + STRIP, n);
    const strip = { rows, columns: last - first, stride: columns, data: data.subarray(first) };
    const upTo = { rows, columns: last, stride: columns, data };
    const target = { rows: last - first, columns: last, stride: n, data: result.data.subarray(first * n) };
    gemm(true, false, -1, strip, upTo, 0, target);
  }
  for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) result.data[q * n + p] = result.data[p * n + q];
  return result;
}

/** Y ← (1 − q qᵀJ⁻¹/qᵀJ⁻¹q) Y: projections of changes that carry no electrons. */
function keepElectrons(y: Matrix, factor: Matrix, charges: Float64Array): void {
  const direction = choleskySolve(factor, charges);
  const norm = dot(charges, direction);
  const electrons = gemv(true, y, direction);
  for (let p = 0; p < y.rows; p++) {
    const share = charges[p] / norm;
    for (let q = 0; q < y.columns; q++) y.data[p * y.columns + q] -= share * electrons[q];
  }
}

/** Above this energy correction per atom (hartree; 5 % of the atomisation energy of organic molecules) the range is left. */
const LINEAR_RANGE_PER_ATOM = 0.0075;
/** A positive correction beyond this (hartree per atom) contradicts the variational principle. */
const NOISE_PER_ATOM = 1e-6;

/** Whether a correction is within the range where second order is enough. */
export function withinLinearRange(correction: number, atoms: number): boolean {
  return correction > -LINEAR_RANGE_PER_ATOM * atoms && correction < NOISE_PER_ATOM * atoms;
}
