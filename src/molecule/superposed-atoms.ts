/**
 * The sum of the densities of spherical atoms, expanded in s functions: where the SCF starts, and what a learned
 * density has to be better than. Atoms are computed once an element and level, in the same basis and functional (in
 * PBE where the functional needs orbitals).
 */
import { placeBasis, shellsOf, type Basis, type PlacedBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { constrainedFit, coulombProjections } from "../density/fit.js";
import { functionalByName, needsOrbitals } from "../functional/functional.js";
import { locate } from "../errors.js";
import { coulombMetric, monopoles } from "../integrals/index.js";
import { selfConsistentField } from "../kohn-sham/scf.js";
import type { LevelOfTheory } from "../level.js";
import { cholesky } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { elementSymbol } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { packPairs } from "./hartree.js";
import { coulombFitOf, prepareMolecule } from "./molecular-system.js";
import { electronsByAngularMomentum, sphericalAtom, sphericalPart } from "./spherical-atom.js";

/** hartree; a start needs no more. */
const TOLERANCE = 1e-6;
const MAX_ITERATIONS = 100;

const densityMatrices = new Map<string, Matrix>();
const expansions = new Map<string, Float64Array>();

/** The superposition in `basis` (the auxiliary basis of the level when left out), neutral atoms whatever the charge. */
export async function superposedAtoms(
  level: LevelOfTheory,
  structure: Structure,
  options?: RunOptions,
  basis: Basis = level.auxiliary,
): Promise<AtomCentredDensity> {
  const { atomFirst, size } = placeBasis(basis, structure);
  const { smearing: _none, ...cold } = level;
  const atomLevel = needsOrbitals(functionalByName(level.functional)) ? { ...cold, functional: "pbe" } : cold;
  const coefficients = new Float64Array(size);
  for (let atom = 0; atom < structure.species.length; atom++)
    coefficients.set(await atomExpansion(atomLevel, structure.species[atom], basis, options), atomFirst[atom]);
  return { structure, basis, quantity: "density", nuclearCharges: Float64Array.from(structure.species), coefficients };
}

/** Coefficients of one atom; those of functions with l > 0 vanish. */
async function atomExpansion(
  level: LevelOfTheory,
  z: number,
  basis: Basis,
  options?: RunOptions,
): Promise<Float64Array> {
  const key = `${levelKey(level, z)} ${JSON.stringify(shellsOf(basis, z))}`;
  const known = expansions.get(key);
  if (known) return known;
  const density = await atomDensityMatrix(level, z, options);
  const result = await expandedInS(level.orbitals, basis, z, density, z, options);
  expansions.set(key, result);
  return result;
}

/** Coefficients, in the functions of `basis` on one atom z, of the spherical density of a density matrix with so many electrons. */
export async function expandedInS(
  orbitals: Basis,
  basis: Basis,
  z: number,
  density: Matrix,
  electrons: number,
  options?: RunOptions,
): Promise<Float64Array> {
  const atom = isolatedAtom(z);
  const auxiliary = placeBasis(basis, atom);
  const functions = sFunctions(auxiliary);
  const projections = await coulombProjections(placeBasis(orbitals, atom), functions, packPairs(density), options);
  const fit = constrainedFit(cholesky(coulombMetric(functions)), projections, monopoles(functions), electrons);
  const result = new Float64Array(auxiliary.size);
  auxiliary.shells.filter(({ l }) => l === 0).forEach(({ first }, i) => (result[first] = fit.coefficients[i]));
  return result;
}

async function atomDensityMatrix(level: LevelOfTheory, z: number, options?: RunOptions): Promise<Matrix> {
  const key = levelKey(level, z);
  const known = densityMatrices.get(key);
  if (known) return known;
  const system = await prepareMolecule(level, isolatedAtom(z), options);
  const { overlap, orthogonaliser, core, orbitals } = system;
  const terms = system.terms(system.grid).map((term) => sphericalPart(term, orbitals));
  const problem = {
    overlap,
    orthogonaliser,
    terms,
    occupy: sphericalAtom(orbitals, overlap, electronsByAngularMomentum(z)),
  };
  const silent = options?.signal ? { signal: options.signal } : {};
  try {
    // From the Hamiltonian of the bare nucleus.
    const { occupation } = await selfConsistentField(
      problem,
      core,
      { tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS },
      silent,
    );
    densityMatrices.set(key, occupation.density);
    return occupation.density;
  } catch (error) {
    throw locate(error, `the isolated atom ${elementSymbol(z)}`);
  }
}

function levelKey(level: LevelOfTheory, z: number): string {
  const { functional, orbitals, numerics } = level;
  return JSON.stringify([functional, numerics.grid, shellsOf(orbitals, z), shellsOf(coulombFitOf(level), z)]);
}

export function isolatedAtom(z: number): Structure {
  return { species: Uint8Array.of(z), positions: new Float64Array(3), charge: 0, unpaired: 0, info: {} };
}

/** The s functions of a basis as a basis of their own. */
function sFunctions({ shells }: PlacedBasis): PlacedBasis {
  const chosen = shells.filter(({ l }) => l === 0).map((shell, first) => ({ ...shell, first }));
  return { shells: chosen, size: chosen.length, atomFirst: Int32Array.of(0, chosen.length) };
}
