/**
 * Exchange and correlation on a uniform grid, with the gradient of the density by plane waves:
 *
 *   E_xc = (Ω/N) Σ_r ρ ε_xc(ρ, |∇ρ|²),   v_xc = ∂(ρε)/∂ρ − ∇·(2 ∂(ρε)/∂σ ∇ρ)
 *
 * v_xc is the exact derivative of the sum (J. A. White, D. M. Bird, Phys. Rev. B 50, 4954 (1994),
 * doi:10.1103/PhysRevB.50.4954). Points with less than 1e-10 electrons/bohr³ are empty.
 */
import type { Functional } from "../functional/functional.js";
import type { GridField } from "../grid/grid-field.js";
import type { UniformGrid } from "../grid/uniform-grid.js";
import { atPoints } from "../kohn-sham/exchange-correlation.js";
import { fourierCoefficients, valuesOnGrid } from "../math/fft.js";
import { addDerivative, derivative } from "./plane-waves.js";

export interface GridExchangeCorrelation {
  /** hartree */
  readonly energy: number;
  /** Fourier coefficients of v_xc; absent when only the energy was asked for. */
  readonly potential?: Float64Array;
}

/** Points worked on together, so that intermediates stay in the cache. */
const PORTION = 4096;
const AXES = [0, 1, 2] as const;

/** Of an LDA or GGA. */
export function exchangeCorrelationOnGrid(
  functional: Functional,
  grid: UniformGrid,
  density: GridField,
  energyOnly = false,
): GridExchangeCorrelation {
  const { values: rho, coefficients } = density;
  const count = rho.length;
  const gga = functional.family === "gga";
  const slopes = gga ? AXES.map((axis) => valuesOnGrid(grid.shape, derivative(grid, coefficients, axis))) : [];
  const v = new Float64Array(count);
  const ones = new Float64Array(PORTION).fill(1);
  let energy = 0;
  for (let first = 0; first < count; first += PORTION) {
    const end = Math.min(count, first + PORTION);
    const portion = (all: Float64Array): Float64Array => all.subarray(first, end);
    const [gx, gy, gz] = slopes.map(portion);
    const point = { rho: portion(rho), ...(gga ? { gradient: [gx, gy, gz] as const } : {}) };
    const value = atPoints(functional, point, ones.subarray(0, end - first)); // slopes become 2 ∂(ρε)/∂σ ∇ρ
    v.set(value.potentials[0].v, first);
    energy += value.energy;
  }
  energy *= grid.volume / count;
  if (energyOnly) return { energy };
  const potential = fourierCoefficients(grid.shape, v);
  slopes.forEach((slope, axis) =>
    addDerivative(grid, fourierCoefficients(grid.shape, slope), AXES[axis], -1, potential),
  );
  return { energy, potential };
}
