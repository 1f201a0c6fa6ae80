/**
 * What one member of a team of threads does for a molecule: the sums over its share of the grid parts and of the
 * batches of three-centre integrals, which it keeps for the whole calculation. Plain data in, plain data out.
 * Member m of M has the parts m, m + M, m + 2M, …; who puts them together is in spread.ts.
 */
import { placeBasis, type PlacedBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { densityOnBlock } from "../density/density-on-block.js";
import { BrineError } from "../errors.js";
import { functionalByName, type Functional } from "../functional/functional.js";
import type { PointDensity } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { molecularGrid } from "../grid/molecular-grid.js";
import {
  potentialOfBatch,
  projectionsOfBatch,
  threeCentreIntegrals,
  type PairValues,
  type ThreeCentreIntegrals,
} from "../integrals/index.js";
import {
  derivativesFor,
  exchangeCorrelationOfPart,
  inputPotentialOfPart,
  type InputPotential,
} from "../kohn-sham/exchange-correlation.js";
import { GRID_PARTS } from "../kohn-sham/grid-parts.js";
import { KERNEL_PARTS, kernelPart } from "../kohn-sham/kernel-matrix.js";
import { gridFunctions, type GridFunctions } from "../kohn-sham/grid-functions.js";
import { spinExchangeCorrelationOfPart } from "../kohn-sham/spin-exchange-correlation.js";
import type { TermValue } from "../kohn-sham/term.js";
import type { Matrix } from "../math/matrix.js";
import type { TaskTable } from "../run.js";
import type { Structure } from "../structure/structure.js";

/** Which molecule the questions after it are about. */
export interface ShareSetup {
  /** Its name. */
  readonly functional: string;
  readonly structure: Structure;
  readonly orbitals: PlacedBasis;
  readonly coulombFit: PlacedBasis;
  /** Bytes of the whole team. */
  readonly integralMemory: number;
  readonly gridMemory: number;
}

export interface ExchangeCorrelationTask {
  readonly gridLevel: number;
  readonly density: Matrix;
  readonly energyOnly: boolean;
}

export interface InputPotentialTask {
  readonly gridLevel: number;
  readonly density: AtomCentredDensity;
  /** Its name. */
  readonly functional: string;
}

export interface KernelTask {
  readonly gridLevel: number;
  readonly density: AtomCentredDensity;
}

interface Share {
  readonly functional: Functional;
  readonly structure: Structure;
  readonly orbitals: PlacedBasis;
  readonly coulombFit: PlacedBasis;
  readonly integrals: ThreeCentreIntegrals;
  grid(level: number): GridFunctions;
}

/** The tasks of member number `member` of `members`. */
export function shareTasks(member: number, members: number): TaskTable {
  let share: Share | undefined;
  const current = (): Share => {
    if (!share) throw new BrineError("usage", "a member of a team was asked before it was given a molecule");
    return share;
  };
  const own = (count: number): number[] =>
    Array.from({ length: count }, (_, part) => part).filter((part) => part % members === member);
  const ownParts = async <Part>(compute: (part: number) => Promise<Part>, count = GRID_PARTS): Promise<Part[]> => {
    const results: Part[] = [];
    for (const part of own(count)) results.push(await compute(part));
    return results;
  };
  return {
    async open(setup: ShareSetup): Promise<void> {
      share = undefined; // frees its memory before the next one needs it
      share = prepareShare(setup, members);
    },
    async projections(packedDensity: Float64Array): Promise<Float64Array[]> {
      const { integrals } = current();
      return own(integrals.batches).map((index) => projectionsOfBatch(integrals, index, packedDensity));
    },
    async potential(coefficients: Float64Array): Promise<PairValues[]> {
      const { integrals } = current();
      return own(integrals.batches).map((index) => potentialOfBatch(integrals, index, coefficients));
    },
    exchangeCorrelation({ gridLevel, density, energyOnly }: ExchangeCorrelationTask): Promise<TermValue[]> {
      const { functional, orbitals, grid } = current();
      const sum = density.rows === orbitals.size ? exchangeCorrelationOfPart : spinExchangeCorrelationOfPart;
      return ownParts((part) => sum(functional, grid(gridLevel), orbitals.size, density, part, { energyOnly }));
    },
    inputPotential({ gridLevel, density, functional: name }: InputPotentialTask): Promise<InputPotential[]> {
      const { orbitals, structure, grid } = current();
      const auxiliary = placeBasis(density.basis, structure);
      const functional = functionalByName(name);
      const onBlock = (block: GridBlock): PointDensity =>
        densityOnBlock(auxiliary, density.coefficients, block, derivativesFor(functional));
      return ownParts((part) => inputPotentialOfPart(functional, grid(gridLevel), orbitals.size, onBlock, part));
    },
    kernelMatrix({ gridLevel, density }: KernelTask): Promise<Float64Array[]> {
      const { coulombFit, structure, grid } = current();
      const auxiliary = placeBasis(density.basis, structure);
      const functions = gridFunctions(coulombFit, grid(gridLevel).blocks, 0, 0);
      const onBlock = (block: GridBlock): PointDensity => densityOnBlock(auxiliary, density.coefficients, block, 0);
      return ownParts((part) => kernelPart(functions, coulombFit.size, onBlock, part), KERNEL_PARTS);
    },
  };
}

function prepareShare(setup: ShareSetup, members: number): Share {
  const { structure, orbitals, coulombFit, integralMemory, gridMemory } = setup;
  const functional = functionalByName(setup.functional);
  const grids = new Map<number, GridFunctions>();
  return {
    functional,
    structure,
    orbitals,
    coulombFit,
    integrals: threeCentreIntegrals(orbitals, coulombFit, integralMemory / members),
    grid(gridLevel) {
      const known = grids.get(gridLevel);
      if (known) return known;
      const blocks = molecularGrid(structure, gridLevel);
      const made = gridFunctions(orbitals, blocks, derivativesFor(functional), gridMemory / members);
      grids.set(gridLevel, made);
      return made;
    },
  };
}
