/**
 * Nuclear derivatives of the exchange–correlation energy at fixed density matrix: the functions move with their atoms,
 *
 *   ∂E_xc/∂A_x = −2 Σ_g Σ_{μ on A} ∂_xφ_μ (Dψ)_μ + (Σ_i u_i ∂_i∂_xφ_μ) (Dφ)_μ,   ψ = vφ + u·∇φ,
 *   v = w v_ρ,  u = 2 w v_σ ∇ρ
 *
 * (Pople, Gill & Johnson, Chem. Phys. Lett. 199, 557 (1992)). Points and weights are held fixed, as programs usually
 * do; what is left out is a derivative of the error of the grid.
 */
import type { PlacedBasis } from "../basis/basis.js";
import type { Functional } from "../functional/functional.js";
import { functionsOnBlock, type BlockFunctions } from "../grid/block-functions.js";
import { densityOfHalf, timesFunctions } from "../grid/collocate.js";
import { weighted } from "../grid/integrate.js";
import { scratchMatrix } from "../grid/scratch-matrix.js";
import { contractSecondDerivatives } from "../grid/second-derivatives.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { atPoints } from "./exchange-correlation.js";
import type { GridFunctions } from "./grid-functions.js";

/** [atoms, 3], hartree/bohr; `orbitals` are the functions that `grid` has on its blocks. */
export async function exchangeCorrelationGradient(
  functional: Functional,
  orbitals: PlacedBasis,
  grid: GridFunctions,
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
    const half = timesFunctions(density, alive, values, scratchMatrix(alive.length, block.count, 2));
    const { v, vGradient } = atPoints(functional, densityOfHalf(functions, half), block.weights);
    const potential = timesFunctions(density, alive, weighted(functions, v, vGradient, 1), scratchMatrix(alive.length, block.count, 3));
    addSlopes(functions.gradient ?? slopesOf(orbitals, block), potential, alive, atoms, result);
    if (!vGradient) continue;
    const curvatures = contractSecondDerivatives(orbitals, block, alive, vGradient, half);
    for (let i = 0; i < curvatures.length; i++) result[3 * atoms[alive[Math.floor(i / 3)]] + (i % 3)] -= 2 * curvatures[i];
  }
  return result;
}

type Slopes = NonNullable<BlockFunctions["gradient"]>;

function slopesOf(orbitals: PlacedBasis, block: GridFunctions["blocks"][number]): Slopes {
  return functionsOnBlock(orbitals, block, 1).gradient!;
}

/** −2 Σ_g ∂_xφ_μ (Dψ)_μ. */
function addSlopes(gradient: Slopes, potential: Matrix, alive: Int32Array, atoms: Int32Array, into: Float64Array): void {
  const count = potential.columns;
  const y = potential.data;
  for (let axis = 0; axis < 3; axis++) {
    const slope = gradient[axis].data;
    for (let i = 0, start = 0; i < alive.length; i++, start += count) {
      let sum = 0;
      for (let p = start; p < start + count; p++) sum += slope[p] * y[p];
      into[3 * atoms[alive[i]] + axis] -= 2 * sum;
    }
  }
}

/** The atom of each function. */
function atomsOfFunctions({ size, atomFirst }: PlacedBasis): Int32Array {
  const atoms = new Int32Array(size);
  for (let atom = 0; atom + 1 < atomFirst.length; atom++) atoms.fill(atom, atomFirst[atom], atomFirst[atom + 1]);
  return atoms;
}
