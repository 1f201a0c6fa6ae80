/**
 * Overlap, kinetic energy and external potential of isolated atoms: of nuclei, or of GTH pseudopotentials, whose long-ranged
 * part −(q/r) erf(r/√2 r_loc) is the potential of an s Gaussian charge and therefore a three-centre integral,
 *
 *   V = Σ_A [−Z_A/r_A]   or   Σ_A [∫ n_core,A(r')/|r − r'| + V_SR,A + V_nl,A].
 *
 * The short-ranged parts are lattice sums in a box so large that nothing reaches its images.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { coreCharges } from "../basis/core-charges.js";
import type { Pseudopotentials } from "../basis/pseudopotential.js";
import { axpy, copy, unpackPairs, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { latticeImages } from "../structure/lattice-images.js";
import type { Structure } from "../structure/structure.js";
import { nonlocalMatrix } from "./gth-projectors.js";
import { latticeIntegrals } from "./lattice-integrals.js";
import { kineticMatrix } from "./one-electron.js";
import { nuclearAttractionMatrix } from "./nuclear-attraction.js";
import { threeCentreIntegrals } from "./three-center-coulomb.js";
import { coulombSums } from "./three-center-sums.js";
import { overlapMatrix } from "./two-center.js";

/** [functions, functions] each, hartree. */
export interface IsolatedCore {
  readonly overlap: Matrix;
  readonly kinetic: Matrix;
  readonly external: Matrix;
}

/** Functions and pseudopotentials of one atom do not reach those of another one as far away, bohr. */
const ALONE = 60;

/** Orbitals and pseudopotentials must belong together (checkPseudopotentials). */
export async function isolatedCore(
  orbitals: PlacedBasis,
  structure: Structure,
  pseudopotentials?: Pseudopotentials,
  options?: RunOptions,
): Promise<IsolatedCore> {
  if (pseudopotentials) return pseudoCore(orbitals, structure, pseudopotentials, options);
  const overlap = overlapMatrix(orbitals);
  await checkpoint(options);
  const kinetic = kineticMatrix(orbitals);
  await checkpoint(options);
  return { overlap, kinetic, external: nuclearAttractionMatrix(orbitals, structure) };
}

async function pseudoCore(
  orbitals: PlacedBasis,
  structure: Structure,
  pseudopotentials: Pseudopotentials,
  options?: RunOptions,
): Promise<IsolatedCore> {
  const images = latticeImages(boxAround(structure));
  const { overlap, kinetic, localShortRange } = await latticeIntegrals(
    orbitals,
    structure,
    pseudopotentials,
    images,
    options,
  );
  const cores = coreCharges(pseudopotentials, structure);
  const longRange = await coulombSums(threeCentreIntegrals(orbitals, cores.functions, 0), orbitals.size).potential(
    cores.coefficients,
    options,
  );
  const external = copy(localShortRange);
  axpy(1, unpackPairs(longRange, orbitals.size).data, external.data);
  const nonlocal = nonlocalMatrix(orbitals, structure, pseudopotentials, images);
  if (nonlocal) axpy(1, nonlocal.data, external.data);
  return { overlap, kinetic, external };
}

/** The vectors of a cube in which the structure does not reach its images. */
function boxAround({ positions }: Structure): Float64Array {
  let size = 0;
  for (let axis = 0; axis < 3; axis++) {
    const along = positions.filter((_, i) => i % 3 === axis);
    size = Math.max(size, Math.max(...along) - Math.min(...along));
  }
  const edge = size + ALONE;
  return Float64Array.of(edge, 0, 0, 0, edge, 0, 0, 0, edge);
}
