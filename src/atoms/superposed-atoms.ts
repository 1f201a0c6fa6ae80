/**
 * The sum of the densities of spherical atoms, expanded in s functions: where an SCF starts, and what a learned density has
 * to be better than. Atoms, of all electrons or of those beside a pseudopotential, are computed alone in space, once an
 * element and level, in the basis and functional of the level (in PBE where the functional needs orbitals).
 */
import { placeBasis, shellsOf, type Basis, type PlacedBasis } from "../basis/basis.js";
import { checkPseudopotentials, nuclearCharges } from "../basis/pseudopotential.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { constrainedFit, coulombProjections } from "../density/fit.js";
import { locate } from "../errors.js";
import { functionalByName, startFunctional } from "../functional/functional.js";
import { molecularGrid } from "../grid/molecular-grid.js";
import { coulombMetric, coulombSums, isolatedCore, monopoles, threeCentreIntegrals } from "../integrals/index.js";
import { derivativesFor } from "../kohn-sham/exchange-correlation.js";
import { exchangeCorrelationTerm, gridPartSums, gridSums } from "../kohn-sham/exchange-correlation-term.js";
import { gridFunctions } from "../kohn-sham/grid-functions.js";
import { hartreeTerm } from "../kohn-sham/hartree.js";
import { linearTerm } from "../kohn-sham/linear-term.js";
import { canonicalOrthogonaliser } from "../kohn-sham/orthogonalisation.js";
import { selfConsistentField } from "../kohn-sham/scf.js";
import { channelsAtGamma, realDensity } from "../kohn-sham/state.js";
import { DEFAULT_GRID, type LevelOfTheory } from "../level.js";
import { real } from "../math/hermitian.js";
import { cholesky } from "../math/linear-algebra.js";
import { axpy, copy, packPairs, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { elementSymbol } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import {
  electronsByAngularMomentum,
  sphericalAtom,
  sphericalPart,
  valenceByAngularMomentum,
} from "./spherical-atom.js";

/** hartree; a start needs no more. */
const TOLERANCE = 1e-6;
const MAX_ITERATIONS = 100;
/** Bytes of functions and integrals of one atom. */
const MEMORY = 2 ** 28;

/** What was computed with a basis, as long as that is in use. */
const matrices = new WeakMap<Basis, Map<string, Matrix>>();
const expansions = new WeakMap<Basis, Map<string, Float64Array>>();

/** The superposition in `basis` (the auxiliary basis of the level when left out), neutral atoms whatever the charge. */
export async function superposedAtoms(
  level: LevelOfTheory,
  structure: Structure,
  options?: RunOptions,
  basis: Basis = level.auxiliary,
): Promise<AtomCentredDensity> {
  const { atomFirst, size } = placeBasis(basis, structure);
  const coefficients = new Float64Array(size);
  for (let atom = 0; atom < structure.species.length; atom++) {
    const z = structure.species[atom];
    try {
      coefficients.set(await expansion(level, z, basis, options), atomFirst[atom]);
    } catch (error) {
      throw locate(error, `the isolated atom ${elementSymbol(z)}`);
    }
  }
  const charges = nuclearCharges(level.pseudopotentials, structure);
  return { structure, basis, quantity: "density", nuclearCharges: charges, coefficients };
}

/** Coefficients of one atom in the functions of `basis`; those of functions with l > 0 vanish. */
async function expansion(level: LevelOfTheory, z: number, basis: Basis, options?: RunOptions): Promise<Float64Array> {
  const coulombFit = level.coulombFit ?? basis;
  const key = `${keyOf(level, z, coulombFit)} ${JSON.stringify(shellsOf(basis, z))}`;
  return remembered(expansions, level.orbitals, key, async () => {
    const density = await remembered(matrices, level.orbitals, keyOf(level, z, coulombFit), () =>
      densityMatrix(level, z, coulombFit, options),
    );
    const atom = isolatedAtom(z);
    const auxiliary = placeBasis(basis, atom);
    const functions = sFunctions(auxiliary);
    const orbitals = placeBasis(level.orbitals, atom);
    const projections = await coulombProjections(orbitals, functions, packPairs(density), options);
    const [electrons] = nuclearCharges(level.pseudopotentials, atom);
    const fit = constrainedFit(cholesky(coulombMetric(functions)), projections, monopoles(functions), electrons);
    const result = new Float64Array(auxiliary.size);
    auxiliary.shells.filter(({ l }) => l === 0).forEach(({ first }, i) => (result[first] = fit.coefficients[i]));
    return result;
  });
}

/** The spherical density matrix of an atom, from the Hamiltonian of its bare nucleus or core. */
async function densityMatrix(level: LevelOfTheory, z: number, fit: Basis, options?: RunOptions): Promise<Matrix> {
  const { pseudopotentials } = level;
  const silent = options?.signal ? { signal: options.signal } : {};
  const atom = isolatedAtom(z);
  checkPseudopotentials(level.orbitals, pseudopotentials, atom.species);
  const orbitals = placeBasis(level.orbitals, atom);
  const placed = placeBasis(fit, atom);
  const { overlap, kinetic, external } = await isolatedCore(orbitals, atom, pseudopotentials, silent);
  const core = copy(kinetic);
  axpy(1, external.data, core.data);
  const functional = startFunctional(functionalByName(level.functional));
  const blocks = molecularGrid(atom, level.numerics.grid ?? DEFAULT_GRID);
  const grid = gridFunctions(orbitals, blocks, derivativesFor(functional), MEMORY);
  const metric = coulombMetric(placed);
  const coulombFit = { basis: fit, placed, metric, factor: cholesky(metric) };
  const channels = channelsAtGamma(0);
  const terms = [
    linearTerm("core", [real(core)]),
    hartreeTerm(
      channels,
      orbitals,
      coulombFit,
      coulombSums(threeCentreIntegrals(orbitals, placed, MEMORY), orbitals.size),
    ),
    exchangeCorrelationTerm(channels, gridSums(gridPartSums(functional, orbitals, placed, grid), placed.size)),
  ].map((term) => sphericalPart(term, orbitals));
  const [charge] = nuclearCharges(pseudopotentials, atom);
  const electrons = pseudopotentials ? valenceByAngularMomentum(z, charge) : electronsByAngularMomentum(z);
  const problem = {
    channels,
    overlaps: [real(overlap)],
    orthogonalisers: [canonicalOrthogonaliser(real(overlap))],
    terms,
    occupy: sphericalAtom(orbitals, overlap, electrons),
  };
  const settings = { tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS };
  const { occupation } = await selfConsistentField(problem, [real(core)], settings, silent);
  return realDensity(occupation);
}

/** What an atom's density depends on beside the orbital basis as an object. */
function keyOf({ functional, numerics, pseudopotentials, orbitals }: LevelOfTheory, z: number, fit: Basis): string {
  const potential = pseudopotentials?.elements[z];
  return JSON.stringify([functional, numerics.grid, potential, z, shellsOf(orbitals, z), shellsOf(fit, z)]);
}

async function remembered<Value>(
  cache: WeakMap<Basis, Map<string, Value>>,
  basis: Basis,
  key: string,
  compute: () => Promise<Value>,
): Promise<Value> {
  const known = cache.get(basis) ?? new Map<string, Value>();
  cache.set(basis, known);
  const value = known.get(key) ?? (await compute());
  known.set(key, value);
  return value;
}

function isolatedAtom(z: number): Structure {
  return { species: Uint8Array.of(z), positions: new Float64Array(3), charge: 0, unpaired: 0, info: {} };
}

/** The s functions of a basis as a basis of their own. */
function sFunctions({ shells }: PlacedBasis): PlacedBasis {
  const chosen = shells.filter(({ l }) => l === 0).map((shell, first) => ({ ...shell, first }));
  return { shells: chosen, size: chosen.length, atomFirst: Int32Array.of(0, chosen.length) };
}
