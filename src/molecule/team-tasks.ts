/**
 * What one member of a team of threads does for a molecule: the sums over its parts of the grid and its batches of
 * three-centre integrals, which stay with it for the whole calculation. Plain data in, plain data out. Member m of M has
 * the parts m, m + M, m + 2M, …; who puts them together is in team-sums.ts.
 */
import type { PlacedBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { BrineError } from "../errors.js";
import { functionalByName } from "../functional/functional.js";
import { molecularGrid } from "../grid/molecular-grid.js";
import {
  potentialOfBatch,
  projectionsOfBatch,
  threeCentreIntegrals,
  type PairValues,
  type ThreeCentreIntegrals,
} from "../integrals/index.js";
import { derivativesFor, type GridValue, type InputPotential } from "../kohn-sham/exchange-correlation.js";
import { gridPartSums, type GridPartSums } from "../kohn-sham/exchange-correlation-term.js";
import { gridFunctions } from "../kohn-sham/grid-functions.js";
import { GRID_PARTS } from "../kohn-sham/grid-parts.js";
import { KERNEL_PARTS } from "../kohn-sham/kernel-matrix.js";
import type { Matrix } from "../math/matrix.js";
import type { TaskTable } from "../run.js";
import type { Structure } from "../structure/structure.js";

/** Which molecule the questions after it are about. */
export interface TeamMolecule {
  /** Name of the functional. */
  readonly functional: string;
  readonly structure: Structure;
  readonly orbitals: PlacedBasis;
  readonly coulombFit: PlacedBasis;
  /** Bytes of the whole team. */
  readonly integralMemory: number;
  readonly gridMemory: number;
}

export interface GridDensityMatrices {
  readonly gridLevel: number;
  readonly densities: readonly Matrix[];
  readonly energyOnly: boolean;
}

export interface GridDensity {
  readonly gridLevel: number;
  readonly density: AtomCentredDensity;
}

/** What a member has of its molecule. */
interface OwnMolecule {
  readonly integrals: ThreeCentreIntegrals;
  grid(level: number): GridPartSums;
}

/** The tasks of member number `member` of `members`. */
export function teamTasks(member: number, members: number): TaskTable {
  let molecule: OwnMolecule | undefined;
  const current = (): OwnMolecule => {
    if (!molecule) throw new BrineError("usage", "a member of a team was asked before it was given a molecule");
    return molecule;
  };
  const own = (count: number): number[] =>
    Array.from({ length: count }, (_, part) => part).filter((part) => part % members === member);
  const ownParts = async <Part>(compute: (part: number) => Promise<Part>, count = GRID_PARTS): Promise<Part[]> => {
    const results: Part[] = [];
    for (const part of own(count)) results.push(await compute(part));
    return results;
  };
  return {
    async open(setup: TeamMolecule): Promise<void> {
      molecule = undefined; // frees its memory before the next one needs it
      molecule = ownMolecule(setup, members);
    },
    async projections(packedDensity: Float64Array): Promise<Float64Array[]> {
      const { integrals } = current();
      return own(integrals.batches).map((index) => projectionsOfBatch(integrals, index, packedDensity));
    },
    async potential(coefficients: Float64Array): Promise<PairValues[]> {
      const { integrals } = current();
      return own(integrals.batches).map((index) => potentialOfBatch(integrals, index, coefficients));
    },
    exchangeCorrelation({ gridLevel, densities, energyOnly }: GridDensityMatrices): Promise<GridValue[]> {
      const grid = current().grid(gridLevel);
      return ownParts((part) => grid.evaluate(densities, part, { energyOnly }));
    },
    inputPotential({ gridLevel, density }: GridDensity): Promise<InputPotential[]> {
      const grid = current().grid(gridLevel);
      return ownParts((part) => grid.ofDensity(density, part));
    },
    kernel({ gridLevel, density }: GridDensity): Promise<Float64Array[]> {
      const grid = current().grid(gridLevel);
      return ownParts((part) => grid.kernel(density, part), KERNEL_PARTS);
    },
  };
}

function ownMolecule(setup: TeamMolecule, members: number): OwnMolecule {
  const { structure, orbitals, coulombFit, integralMemory, gridMemory } = setup;
  const functional = functionalByName(setup.functional);
  const grids = new Map<number, GridPartSums>();
  return {
    integrals: threeCentreIntegrals(orbitals, coulombFit, integralMemory / members),
    grid(gridLevel) {
      const known = grids.get(gridLevel);
      if (known) return known;
      const blocks = molecularGrid(structure, gridLevel);
      const functions = gridFunctions(orbitals, blocks, derivativesFor(functional), gridMemory / members);
      const made = gridPartSums(functional, orbitals, coulombFit, functions);
      grids.set(gridLevel, made);
      return made;
    },
  };
}
