/**
 * Nuclear derivatives of the exchange–correlation energy at fixed density matrix, E_xc = Σ_g w_g f_g. The functions
 * move with their atoms, the points with theirs, and the weights change:
 *
 *   ∂E_xc/∂A_x = Σ_g (Σ_{μ on A} d_gμ,x − δ_{g of A} Σ_μ d_gμ,x) + Σ_g w_g f_g ∂ ln w_g/∂A_x
 *   d_gμ,x = −2 [∂_xφ_μ (Dψ)_μ + (Σ_i u_i ∂_i∂_xφ_μ) (Dφ)_μ],   ψ = vφ + u·∇φ,   v = w v_ρ,  u = 2 w v_σ ∇ρ
 *
 * (Pople, Gill & Johnson, Chem. Phys. Lett. 199, 557 (1992); Johnson, Gill & Pople, J. Chem. Phys. 98, 5612 (1993)).
 * It is the derivative of the very sum over the grid that the energy is, so forces add up to zero and fit the energy
 * on any grid.
 */
import type { PlacedBasis } from "../basis/basis.js";
import type { Functional } from "../functional/functional.js";
import type { BeckePartition } from "../grid/becke-partition.js";
import { functionsOnBlock, type BlockFunctions } from "../grid/block-functions.js";
import { densityOfHalf, timesFunctions } from "../grid/collocate.js";
import { type PointVector, weighted } from "../grid/integrate.js";
import { addPartitionGradient } from "../grid/partition-gradient.js";
import { scratchMatrix } from "../grid/scratch-matrix.js";
import { contractSecondDerivatives } from "../grid/second-derivatives.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { atPoints } from "./exchange-correlation.js";
import type { GridFunctions } from "./grid-functions.js";

/** [atoms, 3], hartree/bohr; `orbitals` are the functions that `grid` has on its blocks, `partition` made its weights. */
export async function exchangeCorrelationGradient(
  functional: Functional,
  orbitals: PlacedBasis,
  grid: GridFunctions,
  partition: BeckePartition,
  density: Matrix,
  options?: RunOptions,
): Promise<Float64Array> {
  const result = new Float64Array(3 * (orbitals.atomFirst.length - 1));
  const atoms = atomsOfFunctions(orbitals);
  for (let b = 0; b < grid.blocks.length; b++) {
    await checkpoint(options);
    const block = grid.blocks[b];
    const functions = grid.on(b);
    const { alive, values } = functions;
    if (alive.length === 0) continue;
    const half = timesFunctions(density, alive, values, scratchMatrix("half", alive.length, block.count));
    const { potentials, energies } = atPoints(functional, densityOfHalf(functions, half), block.weights);
    const [{ v, vGradient }] = potentials;
    const slot = scratchMatrix("potential", alive.length, block.count);
    const potential = timesFunctions(density, alive, weighted(functions, v, vGradient, 1), slot);
    const byPoint = [
      new Float64Array(block.count),
      new Float64Array(block.count),
      new Float64Array(block.count),
    ] as const;
    const slopes = contractSlopes(
      functions.gradient ?? functionsOnBlock(orbitals, block, 1).gradient!,
      potential,
      byPoint,
    );
    addByFunction(slopes, alive, atoms, result);
    if (vGradient)
      addByFunction(contractSecondDerivatives(orbitals, block, alive, vGradient, half, byPoint), alive, atoms, result);
    if (block.owners) addByPoint(byPoint, block.owners, result);
    addPartitionGradient(partition, block, energies, result);
  }
  return result;
}

/** Σ_g ∂_xφ_μ (Dψ)_μ: [alive, 3]; the same summed over μ is added to `byPoint`. */
function contractSlopes(
  gradient: NonNullable<BlockFunctions["gradient"]>,
  potential: Matrix,
  byPoint: PointVector,
): Float64Array {
  const { rows, columns: count, data: y } = potential;
  const result = new Float64Array(3 * rows);
  const [fx, fy, fz] = [gradient[0].data, gradient[1].data, gradient[2].data];
  const [px, py, pz] = byPoint;
  for (let i = 0, start = 0; i < rows; i++, start += count) {
    let [sumX, sumY, sumZ] = [0, 0, 0];
    for (let p = 0, k = start; p < count; p++, k++) {
      const tx = fx[k] * y[k];
      const ty = fy[k] * y[k];
      const tz = fz[k] * y[k];
      sumX += tx;
      sumY += ty;
      sumZ += tz;
      px[p] += tx;
      py[p] += ty;
      pz[p] += tz;
    }
    result.set([sumX, sumY, sumZ], 3 * i);
  }
  return result;
}

function addByFunction(sums: Float64Array, alive: Int32Array, atoms: Int32Array, into: Float64Array): void {
  for (let i = 0; i < alive.length; i++)
    for (let axis = 0; axis < 3; axis++) into[3 * atoms[alive[i]] + axis] -= 2 * sums[3 * i + axis];
}

function addByPoint(byPoint: PointVector, owners: Int32Array, into: Float64Array): void {
  for (let p = 0; p < owners.length; p++)
    for (let axis = 0; axis < 3; axis++) into[3 * owners[p] + axis] += 2 * byPoint[axis][p];
}

/** The atom of each function. */
function atomsOfFunctions({ size, atomFirst }: PlacedBasis): Int32Array {
  const atoms = new Int32Array(size);
  for (let atom = 0; atom + 1 < atomFirst.length; atom++) atoms.fill(atom, atomFirst[atom], atomFirst[atom + 1]);
  return atoms;
}
