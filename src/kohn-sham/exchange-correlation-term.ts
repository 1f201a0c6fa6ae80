/** Exchange and correlation on a molecular grid as a term, whoever does the sums over its points. */
import { placeBasis, type PlacedBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { densityOnBlock } from "../density/density-on-block.js";
import { startFunctional, type Functional } from "../functional/functional.js";
import type { PointDensity } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { real } from "../math/hermitian.js";
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import {
  derivativesFor,
  exchangeCorrelationOfPart,
  inputPotentialOfPart,
  type GridValue,
  type InputPotential,
} from "./exchange-correlation.js";
import { gridFunctions, type GridFunctions } from "./grid-functions.js";
import { addParts, eachPart } from "./grid-parts.js";
import { kernelOfParts, kernelPart, KERNEL_PARTS } from "./kernel-matrix.js";
import { onAll, type Channel, type PerChannel, type State } from "./state.js";
import type { Term, TermOptions } from "./term.js";

/** The sums over the points of one grid: in this thread, or by a team of threads. */
export interface GridSums {
  /** Of the real density matrix of both spins together, or of those of either. */
  evaluate(densities: readonly Matrix[], options?: TermOptions): Promise<GridValue>;
  /** v_xc of an atom-centred density; that of PBE where the functional needs orbitals, good for a start. */
  ofDensity(density: AtomCentredDensity, options?: RunOptions): Promise<InputPotential>;
  /** ∫χ_P χ_Q f_xc at an atom-centred density. */
  kernel(density: AtomCentredDensity, options?: RunOptions): Promise<Matrix>;
}

/** Sums over a grid by its parts, so that they have the same bits wherever each part is computed. */
export interface GridPartSums {
  evaluate(densities: readonly Matrix[], part: number, options?: TermOptions): Promise<GridValue>;
  ofDensity(density: AtomCentredDensity, part: number, options?: RunOptions): Promise<InputPotential>;
  kernel(density: AtomCentredDensity, part: number, options?: RunOptions): Promise<Float64Array>;
}

/** Parts of the sums of a molecule; `auxiliary` are the functions of the kernel. */
export function gridPartSums(
  functional: Functional,
  orbitals: PlacedBasis,
  auxiliary: PlacedBasis,
  grid: GridFunctions,
): GridPartSums {
  const start = startFunctional(functional);
  const onBlocks = ({ basis, structure, coefficients }: AtomCentredDensity, derivatives: 0 | 1) => {
    const placed = placeBasis(basis, structure);
    return (block: GridBlock): PointDensity => densityOnBlock(placed, coefficients, block, derivatives);
  };
  return {
    evaluate: (densities, part, options) => exchangeCorrelationOfPart(functional, grid, densities, part, options),
    ofDensity: (density, part, options) =>
      inputPotentialOfPart(start, grid, orbitals.size, onBlocks(density, derivativesFor(start)), part, options),
    kernel: (density, part, options) =>
      kernelPart(gridFunctions(auxiliary, grid.blocks, 0, 0), auxiliary.size, onBlocks(density, 0), part, options),
  };
}

/** All parts in this thread; `auxiliary` functions in the kernel. */
export function gridSums(parts: GridPartSums, auxiliary: number): GridSums {
  return {
    evaluate: async (densities, options) =>
      addParts(await eachPart((part) => parts.evaluate(densities, part, options))),
    ofDensity: async (density, options) => addParts(await eachPart((part) => parts.ofDensity(density, part, options))),
    kernel: async (density, options) =>
      kernelOfParts(await eachPart((part) => parts.kernel(density, part, options), KERNEL_PARTS), auxiliary),
  };
}

/** `gradient` is dE/dR at fixed density matrices: [atoms, 3]. */
export function exchangeCorrelationTerm(
  channels: PerChannel<Channel>,
  sums: GridSums,
  gradient?: (state: State, options?: RunOptions) => Promise<Float64Array>,
): Term {
  return {
    name: "exchangeCorrelation",
    async evaluate({ densities }, options) {
      const { energy, potentials } = await sums.evaluate(
        densities.map((density) => density.real),
        options,
      );
      return potentials ? { energy, fock: potentials.map(real) } : { energy };
    },
    async ofDensity(density, options) {
      const { energy, potentialEnergy, potentials } = await sums.ofDensity(density, options);
      return { fock: onAll(channels, real(potentials[0])), doubleCounting: energy - potentialEnergy };
    },
    kernel: (density, options) => sums.kernel(density, options),
    ...(gradient ? { gradient } : {}),
  };
}
