/**
 * The energy of a molecule as terms: kinetic energy, external potential, Hartree energy by RI-J, repulsion of the nuclei,
 * exchange and correlation on a grid, exact exchange by RI-K, entropy of smeared occupations.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import type { Functional } from "../functional/functional.js";
import { molecularPartition } from "../grid/molecular-grid.js";
import {
  kineticGradient,
  nuclearAttractionGradient,
  type IsolatedCore,
  type ThreeCentreIntegrals,
} from "../integrals/index.js";
import { exchangeCorrelationGradient } from "../kohn-sham/exchange-correlation-gradient.js";
import { exchangeCorrelationTerm, type GridSums } from "../kohn-sham/exchange-correlation-term.js";
import { entropyTerm } from "../kohn-sham/fermi-smearing.js";
import type { GridFunctions } from "../kohn-sham/grid-functions.js";
import type { CoulombFit, HartreeTerm } from "../kohn-sham/hartree.js";
import { constantTerm, linearTerm } from "../kohn-sham/linear-term.js";
import { onAll, realDensity, type Channel, type PerChannel, type State } from "../kohn-sham/state.js";
import type { Term } from "../kohn-sham/term.js";
import type { LevelOfTheory } from "../level.js";
import { real } from "../math/hermitian.js";
import type { RunOptions } from "../run.js";
import type { Structure } from "../structure/structure.js";
import { exactExchangeTerm, exchangeOperator } from "./exact-exchange.js";
import { nuclearRepulsion, nuclearRepulsionGradient } from "./nuclear-repulsion.js";

/** What the terms of one molecule are made of. */
export interface MolecularParts {
  readonly level: LevelOfTheory;
  readonly structure: Structure;
  readonly functional: Functional;
  readonly channels: PerChannel<Channel>;
  /** Of the nuclei, or of the cores of pseudopotentials. */
  readonly charges: Float64Array;
  readonly orbitals: PlacedBasis;
  readonly core: IsolatedCore;
  readonly coulombFit: CoulombFit;
  readonly threeCentre: ThreeCentreIntegrals;
  /** Bytes that these may take. */
  readonly integralMemory: number;
}

/** The terms that need no grid; of two grids they are the same objects. */
export function termsWithoutGrid(parts: MolecularParts, hartree: HartreeTerm): Term[] {
  const { level, structure, functional, channels, charges, orbitals, core } = parts;
  const kinetic = onAll(channels, real(core.kinetic));
  const { exactExchange } = functional;
  return [
    linearTerm("kinetic", kinetic, (density) => kineticGradient(orbitals, density)),
    externalTerm(parts),
    hartree,
    constantTerm("nuclearRepulsion", nuclearRepulsion(structure, charges), () =>
      nuclearRepulsionGradient(structure, charges),
    ),
    ...(level.smearing === undefined ? [] : [entropyTerm]),
    ...(exactExchange === undefined ? [] : [exchangeTerm(exactExchange, parts)]),
  ];
}

/** Exchange and correlation on a grid. */
export function gridTerm(parts: MolecularParts, grid: GridFunctions, sums: GridSums): Term {
  const { functional, orbitals, structure, channels } = parts;
  return exchangeCorrelationTerm(channels, sums, async (state: State, options?: RunOptions) => {
    if (functional.family === "mgga" || state.densities.length > 1)
      throw notDifferentiable(
        functional.family === "mgga" ? functional.name : "exchange and correlation of open shells",
      );
    const partition = molecularPartition(structure);
    return exchangeCorrelationGradient(functional, orbitals, grid, partition, realDensity(state), options);
  });
}

function externalTerm({ channels, core, level, orbitals, structure }: MolecularParts): Term {
  return linearTerm("external", onAll(channels, real(core.external)), (density) => {
    if (level.pseudopotentials) throw notDifferentiable(level.pseudopotentials.name);
    return nuclearAttractionGradient(orbitals, structure, density);
  });
}

/** Exact exchange keeps all integrals, contracted with the metric. */
function exchangeTerm(fraction: number, { threeCentre, coulombFit, orbitals, integralMemory }: MolecularParts): Term {
  const { bytes } = threeCentre;
  const gigabytes = (x: number): string => (x / 2 ** 30).toFixed(1);
  if (bytes > integralMemory)
    throw new BrineError(
      "unsupported",
      `exact exchange needs all three-centre integrals in memory, here ${gigabytes(bytes)} GB, and the limit is ${gigabytes(integralMemory)} GB; use a functional without exact exchange, a smaller basis, or a higher integralMemory`,
    );
  return exactExchangeTerm(fraction, exchangeOperator(threeCentre, coulombFit.factor, orbitals.size));
}

function notDifferentiable(what: string): BrineError {
  return new BrineError("unsupported", `there are no forces with ${what}`);
}
