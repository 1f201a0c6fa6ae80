/**
 * Normal modes of a molecule about its equilibrium: M^(−1/2) H M^(−1/2) u = ω² u, translations and rotations
 * left out (E. B. Wilson, J. C. Decius, P. C. Cross, Molecular Vibrations, McGraw-Hill 1955, chapter 2).
 */
import { eigh } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import { atomicMasses } from "./masses.js";
import { modelHessian } from "./model-hessian.js";
import { atomCount, type Structure } from "./structure.js";

export interface NormalModes {
  /** ω, hartree, ascending: [modes]; 3N − 6, or 3N − 5 for a linear molecule. */
  readonly frequencies: Float64Array;
  /** ∂r/∂Q = M^(−1/2) u of each mode, [3 atoms] each; Q is mass-weighted (√m_e bohr). */
  readonly displacements: readonly Float64Array[];
}

/** Modes of the model Hessian. Throws `unsupported` for elements without a mass. */
export function normalModes(structure: Structure): NormalModes {
  const size = 3 * atomCount(structure);
  const masses = atomicMasses(structure.species);
  const root = Float64Array.from({ length: size }, (_, i) => Math.sqrt(masses[Math.floor(i / 3)]));
  const weighted = modelHessian(structure);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) weighted.data[i * size + j] /= root[i] * root[j];
  const rigid = rigidMotions(structure, root);
  liftAbove(weighted, rigid);
  const { values, vectors } = eigh(weighted);
  const count = size - rigid.length;
  return {
    frequencies: values.slice(0, count).map((value) => Math.sqrt(Math.max(value, 0))),
    displacements: Array.from({ length: count }, (_, mode) =>
      Float64Array.from(root, (r, i) => vectors.data[i * (vectors.stride ?? size) + mode] / r),
    ),
  };
}

/** Orthonormal mass-weighted translations and rotations, [3 atoms] each. */
function rigidMotions({ positions }: Structure, root: Float64Array): Float64Array[] {
  const size = positions.length;
  let total = 0;
  const centre = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    centre[i % 3] += root[i] ** 2 * positions[i];
    total += root[i] ** 2 / 3;
  }
  const fromCentre = (i: number): number => positions[i] - centre[i % 3] / total;
  const translation = (axis: number) => Float64Array.from(root, (r, i) => (i % 3 === axis ? r : 0));
  const rotation = (axis: number) =>
    Float64Array.from(root, (r, i) => {
      const from = i - (i % 3);
      const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
      if (i % 3 === next) return -r * fromCentre(from + last);
      return i % 3 === last ? r * fromCentre(from + next) : 0;
    });
  const motions = [0, 1, 2].flatMap((axis) => [translation(axis), rotation(axis)]);
  const basis: Float64Array[] = [];
  for (const motion of motions) {
    const norm = Math.hypot(...motion);
    for (const other of basis) {
      const overlap = motion.reduce((sum, x, i) => sum + x * other[i], 0);
      for (let i = 0; i < size; i++) motion[i] -= overlap * other[i];
    }
    const left = Math.hypot(...motion);
    // Nothing is left of a rotation about the axis of a linear molecule, or of any rotation of an atom.
    if (left > 1e-6 * norm && left > 1e-6) basis.push(motion.map((x) => x / left));
  }
  return basis;
}

/** Moves the rigid motions above every vibration, so that the lowest eigenvectors are the vibrations, exactly without them. */
function liftAbove(hessian: Matrix, motions: readonly Float64Array[]): void {
  const size = hessian.rows;
  let trace = 0;
  for (let i = 0; i < size; i++) trace += hessian.data[i * size + i];
  for (const motion of motions)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) hessian.data[i * size + j] += (1 + 2 * trace) * motion[i] * motion[j];
}
