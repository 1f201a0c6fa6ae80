/**
 * The parts of the energy of Gaussians and plane waves that live on the grid: the Hartree energy of electrons and cores
 * together, E_H[n + n_core], and E_xc[n] (G. Lippert, J. Hutter, M. Parrinello, Mol. Phys. 92, 477 (1997),
 * doi:10.1080/002689797170220). One collocation of the density matrix and one integration of V_H + v_xc serve both. An
 * atom-centred density goes onto the grids instead of the density matrix; the rest is the same.
 */
import { placeBasis, type PlacedBasis } from "../basis/basis.js";
import type { Functional } from "../functional/functional.js";
import type { GridField } from "../grid/grid-field.js";
import type { PeriodicFunctions } from "../grid/periodic-functions.js";
import type { PeriodicPairs } from "../grid/periodic-pairs.js";
import type { UniformGrid } from "../grid/uniform-grid.js";
import { realDensity } from "../kohn-sham/state.js";
import type { Term } from "../kohn-sham/term.js";
import { real } from "../math/hermitian.js";
import { axpy } from "../math/matrix.js";
import { exchangeCorrelationOnGrid } from "./exchange-correlation.js";
import { electrostatics, integralOfProduct } from "./plane-waves.js";

/** What a crystal has on grids of one cutoff. */
export interface OnGrids {
  readonly grid: UniformGrid;
  readonly pairs: PeriodicPairs;
  /** Fourier coefficients of the core charges, negative. */
  readonly coreDensity: Float64Array;
  /** The auxiliary basis of the level, or another one, on the grids. */
  functions(basis: PlacedBasis): PeriodicFunctions;
}

/** Energies of a density with the cores, and its potential. */
interface GridEnergy {
  readonly hartree: number;
  readonly exchangeCorrelation: number;
  /** Fourier coefficients of V_H + v_xc; of V_H alone when only the energy was asked for. */
  readonly potential: Float64Array;
}

function energyOnGrid(
  functional: Functional,
  grid: UniformGrid,
  density: GridField,
  coreDensity: Float64Array,
  energyOnly = false,
): GridEnergy {
  const charge = density.coefficients.slice();
  axpy(1, coreDensity, charge);
  const { potential, energy: hartree } = electrostatics(grid, charge);
  const xc = exchangeCorrelationOnGrid(functional, grid, density, energyOnly);
  if (xc.potential) axpy(1, xc.potential, potential);
  return { hartree, exchangeCorrelation: xc.energy, potential };
}

export function gridTerm(functional: Functional, { grid, pairs, coreDensity, functions }: OnGrids): Term {
  return {
    name: "grid",
    async evaluate(state, options) {
      const energyOnly = options?.energyOnly ?? false;
      const field = await pairs.density(realDensity(state), options);
      const { hartree, exchangeCorrelation, potential } = energyOnGrid(
        functional,
        grid,
        field,
        coreDensity,
        energyOnly,
      );
      const value = { energy: hartree + exchangeCorrelation, parts: { hartree, exchangeCorrelation } };
      return energyOnly ? value : { ...value, fock: [real(await pairs.potentialMatrix(potential, options))] };
    },
    async ofDensity({ basis, structure, coefficients }, options) {
      const field = await functions(placeBasis(basis, structure)).density(coefficients, options);
      const { hartree, exchangeCorrelation, potential } = energyOnGrid(functional, grid, field, coreDensity);
      const attraction = integralOfProduct(grid, potential, field.coefficients);
      const fock = [real(await pairs.potentialMatrix(potential, options))];
      return { fock, doubleCounting: hartree + exchangeCorrelation - attraction };
    },
  };
}
