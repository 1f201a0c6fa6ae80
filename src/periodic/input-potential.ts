/**
 * The Hamiltonian of an atom-centred density of a periodic structure: ρ̃ goes onto the grids, V_H[ρ̃ + n_core] + v_xc[ρ̃]
 * follows by Fourier transforms, and one integration gives its matrix. What the Harris–Foulkes energy needs comes along.
 */
import { placeBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { axpy, copy, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { energyOnGrid } from "./grid-term.js";
import type { OnGrids, PeriodicSystem } from "./periodic-system.js";
import { integralOfProduct } from "./plane-waves.js";

export interface PeriodicInput {
  readonly fock: Matrix;
  /** E_H[ρ̃ + n_core] + E_xc[ρ̃] − ∫(V_H + v_xc) ρ̃, hartree. */
  readonly doubleCounting: number;
}

/** On the grids of the system, or on coarser ones. */
export async function inputPotential(
  { structure, functional, core }: PeriodicSystem,
  { grid, coreDensity, pairs, functions }: OnGrids,
  { basis, coefficients }: AtomCentredDensity,
  options?: RunOptions,
): Promise<PeriodicInput> {
  const field = await functions(placeBasis(basis, structure)).density(coefficients, options);
  const { hartree, exchangeCorrelation, potential } = energyOnGrid(functional, grid, field, coreDensity);
  const attraction = integralOfProduct(grid, potential, field.coefficients);
  const fock = copy(core);
  axpy(1, (await pairs.potentialMatrix(potential, options)).data, fock.data);
  return { fock, doubleCounting: hartree + exchangeCorrelation - attraction };
}
