/**
 * The sum of the valence densities of spherical atoms with pseudopotentials, expanded in s functions: where a periodic
 * SCF starts. An atom is computed once for an element and level, alone in space, with the terms of a molecule: its core
 * charge is an s Gaussian whose potential is a three-centre integral.
 */
import { placeBasis, shellsOf, type Basis } from "../basis/basis.js";
import { potentialOf, valenceCharges, type Pseudopotentials } from "../basis/pseudopotential.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { locate } from "../errors.js";
import { functionalByName } from "../functional/functional.js";
import { molecularGrid } from "../grid/molecular-grid.js";
import { coulombMetric, coulombSums, threeCentreIntegrals } from "../integrals/index.js";
import { derivativesFor, exchangeCorrelationTerm } from "../kohn-sham/exchange-correlation.js";
import { gridFunctions } from "../kohn-sham/grid-functions.js";
import { linearTerm } from "../kohn-sham/linear-term.js";
import { canonicalOrthogonaliser } from "../kohn-sham/orthogonalisation.js";
import { selfConsistentField } from "../kohn-sham/scf.js";
import type { LevelOfTheory } from "../level.js";
import { cholesky } from "../math/linear-algebra.js";
import { axpy, unpackPairs, type Matrix } from "../math/matrix.js";
import { hartreeTerm } from "../molecule/hartree.js";
import { sphericalAtom, sphericalPart, valenceByAngularMomentum } from "../molecule/spherical-atom.js";
import { expandedInS, isolatedAtom } from "../molecule/superposed-atoms.js";
import type { RunOptions } from "../run.js";
import { elementSymbol } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { coreCharges } from "./core-charges.js";
import { coreHamiltonian, latticeMatrices } from "./lattice-matrices.js";

/** hartree; a start needs no more. */
const TOLERANCE = 1e-6;
const MAX_ITERATIONS = 100;
const GRID_LEVEL = 3;
/** Edge of a box in which an atom does not reach its images, bohr. */
const ALONE = 60;
const MEMORY = 2 ** 28;

const expansions = new Map<string, Float64Array>();

/** The superposition in `basis` (the auxiliary basis of the level when left out), neutral atoms whatever the charge. */
export async function superposedValenceAtoms(
  level: LevelOfTheory & { readonly pseudopotentials: Pseudopotentials },
  structure: Structure,
  options?: RunOptions,
  basis: Basis = level.auxiliary,
): Promise<AtomCentredDensity> {
  const { atomFirst, size } = placeBasis(basis, structure);
  const coefficients = new Float64Array(size);
  for (let atom = 0; atom < structure.species.length; atom++)
    coefficients.set(await expansion(level, structure.species[atom], basis, options), atomFirst[atom]);
  return {
    structure,
    basis,
    quantity: "density",
    nuclearCharges: valenceCharges(level.pseudopotentials, structure),
    coefficients,
  };
}

async function expansion(
  level: LevelOfTheory & { readonly pseudopotentials: Pseudopotentials },
  z: number,
  basis: Basis,
  options?: RunOptions,
): Promise<Float64Array> {
  const { functional, orbitals, pseudopotentials } = level;
  const potential = potentialOf(pseudopotentials, z);
  const key = JSON.stringify([functional, potential, shellsOf(orbitals, z), shellsOf(basis, z)]);
  const known = expansions.get(key);
  if (known) return known;
  try {
    const density = await atomDensityMatrix(level, z, basis, options);
    const result = await expandedInS(orbitals, basis, z, density, potential.charge, options);
    expansions.set(key, result);
    return result;
  } catch (error) {
    throw locate(error, `the isolated atom ${elementSymbol(z)}`);
  }
}

async function atomDensityMatrix(
  level: LevelOfTheory & { readonly pseudopotentials: Pseudopotentials },
  z: number,
  basis: Basis,
  options?: RunOptions,
): Promise<Matrix> {
  const { pseudopotentials } = level;
  const atom = isolatedAtom(z);
  const orbitals = placeBasis(level.orbitals, atom);
  const auxiliary = placeBasis(basis, atom);
  const boxed: Structure = {
    ...atom,
    cell: { vectors: Float64Array.of(ALONE, 0, 0, 0, ALONE, 0, 0, 0, ALONE), periodic: [true, true, true] },
  };
  const silent = options?.signal ? { signal: options.signal } : {};
  const matrices = await latticeMatrices(boxed, level, silent);
  const cores = coreCharges(pseudopotentials, atom);
  const longRange = await coulombSums(threeCentreIntegrals(orbitals, cores.functions, MEMORY), orbitals.size).potential(
    cores.coefficients,
    silent,
  );
  const core = coreHamiltonian(matrices);
  axpy(1, unpackPairs(longRange, orbitals.size).data, core.data);
  const functional = functionalByName(level.functional);
  const points = gridFunctions(orbitals, molecularGrid(atom, GRID_LEVEL), derivativesFor(functional), MEMORY);
  const sums = coulombSums(threeCentreIntegrals(orbitals, auxiliary, MEMORY), orbitals.size);
  const terms = [
    linearTerm("core", core),
    hartreeTerm(sums, cholesky(coulombMetric(auxiliary)), orbitals.size),
    exchangeCorrelationTerm(functional, points, orbitals.size),
  ].map((term) => sphericalPart(term, orbitals));
  const electrons = valenceByAngularMomentum(z, potentialOf(pseudopotentials, z).charge);
  const { occupation } = await selfConsistentField(
    {
      overlap: matrices.overlap,
      orthogonaliser: canonicalOrthogonaliser(matrices.overlap),
      terms,
      occupy: sphericalAtom(orbitals, matrices.overlap, electrons),
    },
    core,
    { tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS },
    silent,
  );
  return occupation.density;
}
