/**
 * The parts of the energy of Gaussians and plane waves that live on the grid: the Hartree energy of electrons and cores
 * together, E_H[n + n_core], and E_xc[n] (G. Lippert, J. Hutter, M. Parrinello, Mol. Phys. 92, 477 (1997),
 * doi:10.1080/002689797170220). One collocation of the density matrix and one integration of V_H + v_xc serve both.
 */
import type { Functional } from "../functional/functional.js";
import type { GridField } from "../grid/grid-field.js";
import type { PeriodicPairs } from "../grid/periodic-pairs.js";
import type { UniformGrid } from "../grid/uniform-grid.js";
import type { Term } from "../kohn-sham/term.js";
import { axpy } from "../math/matrix.js";
import { exchangeCorrelationOnGrid } from "./exchange-correlation.js";
import { electrostatics } from "./plane-waves.js";

/** Energies of a density with the cores, and its potential. */
export interface GridEnergy {
  readonly hartree: number;
  readonly exchangeCorrelation: number;
  /** Fourier coefficients of V_H + v_xc; of V_H alone when only the energy was asked for. */
  readonly potential: Float64Array;
}

export function energyOnGrid(
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

/** `coreDensity`: Fourier coefficients of the core charges, of the sign of electrons. */
export function gridTerm(functional: Functional, pairs: PeriodicPairs, coreDensity: Float64Array): Term {
  return {
    name: "grid",
    async evaluate({ density }, options) {
      const energyOnly = options?.energyOnly ?? false;
      const field = await pairs.density(density, options);
      const { hartree, exchangeCorrelation, potential } = energyOnGrid(
        functional,
        pairs.grid,
        field,
        coreDensity,
        energyOnly,
      );
      const value = { energy: hartree + exchangeCorrelation, parts: { hartree, exchangeCorrelation } };
      return energyOnly ? value : { ...value, fock: await pairs.potentialMatrix(potential, options) };
    },
  };
}
