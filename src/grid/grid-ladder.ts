/**
 * A ladder of uniform grids, each coarser than the one before, so that smooth products of functions do not pay for the
 * points that sharp ones need (the multigrids of VandeVondele et al., Comput. Phys. Commun. 167, 103 (2005),
 * doi:10.1016/j.cpc.2004.12.014, for products of whole functions instead of primitive pairs).
 *
 * On step k a function is f^k, its primitives with exponents up to a_k; a_0 = ∞. Step k holds
 *
 *   Σ_μν D_μν (f^k_μ f^k_ν − f^(k+1)_μ f^(k+1)_ν) = Σ_μν D_μν t_μ u_ν,   t = f^k − f^(k+1),   u = f^k + f^(k+1)
 *
 * and the steps add up in Fourier space, which telescopes to the whole density. Rows t live near their atoms, so the
 * fine grids see thin products only. A product of exponent p keeps a relative e^−15 of itself beyond the cutoff of its
 * step, 30 p hartree: energies of water change by 2e-9 hartree against a single grid.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { coefficientCount, type GridShape } from "../math/fft.js";
import { uniformGrid, type UniformGrid } from "./uniform-grid.js";

/** Hartree for each unit of a product's exponent: REL_CUTOFF 60 Ry of CP2K. */
const CUTOFF_PER_EXPONENT = 30;
/** A step is worth its while from this ratio of cutoffs on. */
const RATIO = 3;

export interface GridStep {
  readonly grid: UniformGrid;
  /** hartree */
  readonly cutoff: number;
  /** Largest exponent of a function on this step; infinite on the first. */
  readonly largest: number;
}

/** The grids for a basis with these exponents, finest first; `cutoff` in hartree. */
export function gridLadder(cell: Float64Array, cutoff: number, exponents: Iterable<number>): GridStep[] {
  const steps: GridStep[] = [{ grid: uniformGrid(cell, cutoff), cutoff, largest: Infinity }];
  for (const largest of [...new Set(exponents)].toSorted((a, b) => b - a)) {
    const needed = 2 * largest * CUTOFF_PER_EXPONENT;
    if (needed * RATIO <= steps[steps.length - 1].cutoff)
      steps.push({ grid: uniformGrid(cell, needed), cutoff: needed, largest });
  }
  return steps;
}

/** t and u of step `index`. */
export function pairFactors(
  basis: PlacedBasis,
  steps: readonly GridStep[],
  index: number,
): { readonly rows: PlacedBasis; readonly columns: PlacedBasis } {
  const below = steps[index + 1]?.largest ?? 0;
  const { largest } = steps[index];
  const rows = primitives(basis, (alpha) => (alpha <= largest && alpha > below ? 1 : 0));
  return {
    rows,
    columns: below === 0 ? rows : primitives(basis, (alpha) => (alpha > largest ? 0 : alpha > below ? 1 : 2)),
  };
}

/** The primitives of single functions that belong on step `index`. */
export function singleFunctions(basis: PlacedBasis, steps: readonly GridStep[], index: number): PlacedBasis {
  const most = index === 0 ? Infinity : steps[index].cutoff / CUTOFF_PER_EXPONENT;
  const below = index + 1 < steps.length ? steps[index + 1].cutoff / CUTOFF_PER_EXPONENT : 0;
  return primitives(basis, (alpha) => (alpha <= most && alpha > below ? 1 : 0));
}

/** The basis with each primitive times a factor; shells without any are left out. */
function primitives(basis: PlacedBasis, factor: (alpha: number) => number): PlacedBasis {
  const shells = basis.shells.flatMap((shell): PlacedShell[] => {
    const kept = [...shell.exponents.keys()].filter((p) => factor(shell.exponents[p]) !== 0);
    if (kept.length === 0) return [];
    return [
      {
        ...shell,
        exponents: Float64Array.from(kept, (p) => shell.exponents[p]),
        factors: Float64Array.from(kept, (p) => factor(shell.exponents[p]) * shell.factors[p]),
      },
    ];
  });
  return { ...basis, shells };
}

/** Adds Fourier coefficients on a coarse grid to those on a finer one. */
export function addToFiner(coarseShape: GridShape, coarse: Float64Array, shape: GridShape, fine: Float64Array): void {
  forCommonRows(coarseShape, shape, (small, large, length) => {
    for (let k = 0; k < length; k++) fine[large + k] += coarse[small + k];
  });
}

/** The coefficients of a fine grid that a coarser one carries: the adjoint of `addToFiner`. */
export function restrictToCoarser(shape: GridShape, fine: Float64Array, coarseShape: GridShape): Float64Array {
  const coarse = new Float64Array(coefficientCount(coarseShape));
  forCommonRows(coarseShape, shape, (small, large, length) => {
    for (let k = 0; k < length; k++) coarse[small + k] = fine[large + k];
  });
  return coarse;
}

/** Rows along k₃ of frequencies below the highest of the coarse grid, as offsets in both arrays. */
function forCommonRows(
  [n1, n2, n3]: GridShape,
  [m1, m2, m3]: GridShape,
  row: (small: number, large: number, length: number) => void,
): void {
  const [small, large] = [2 * ((n3 >> 1) + 1), 2 * ((m3 >> 1) + 1)];
  const length = Math.min(n3 === m3 ? small : 2 * ((n3 + 1) >> 1), large);
  for (let i = 0; i < n1; i++) {
    if (2 * i === n1 && n1 < m1) continue;
    const a = 2 * i < n1 ? i : i + m1 - n1;
    for (let j = 0; j < n2; j++) {
      if (2 * j === n2 && n2 < m2) continue;
      const b = 2 * j < n2 ? j : j + m2 - n2;
      row((i * n2 + j) * small, (a * m2 + b) * large, length);
    }
  }
}
