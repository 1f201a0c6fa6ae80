/**
 * The occupation of a spherical atom: each open subshell is filled evenly, so that density and potential are
 * spherical and the Fock matrix falls apart into one radial problem for each l,
 *
 *   F^l_ab = (2l+1)⁻¹ Σ_m F_(am)(bm),  D_(am)(bm) = (2l+1)⁻¹ Σ_i f_i C_ai C_bi.
 *
 * Electrons of each l follow the order of Madelung, which is exact enough for a start of molecules.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import type { Occupation, Occupy } from "../kohn-sham/occupations.js";
import { channelsAtGamma, type PerChannel } from "../kohn-sham/state.js";
import type { Term } from "../kohn-sham/term.js";
import { real } from "../math/hermitian.js";
import { generalizedEigh } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";

/** l of the subshells in the order in which they are filled: 1s 2s 2p 3s 3p 4s 3d …. */
const FILLING = [0, 0, 1, 0, 1, 0, 2, 1, 0, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1];

/** l of the subshells of cores: 1s 2s 2p 3s 3p 3d 4s …, so that a core of 28 electrons is [Ar]3d¹⁰. */
const SHELL_BY_SHELL = [0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0, 1, 2, 3];

/** Electrons in s, p, d, f subshells of the neutral atom. */
export function electronsByAngularMomentum(z: number): number[] {
  return electronsIn(FILLING, z);
}

function electronsIn(subshells: readonly number[], electrons: number): number[] {
  const result = [0, 0, 0, 0];
  let left = electrons;
  for (const l of subshells) {
    const taken = Math.min(left, 2 * (2 * l + 1));
    result[l] += taken;
    left -= taken;
  }
  return result;
}

/** Electrons in s, p, d, f subshells of the neutral atom beside a core that leaves `charge` of them. */
export function valenceByAngularMomentum(z: number, charge: number): number[] {
  const core = electronsIn(SHELL_BY_SHELL, z - charge);
  return electronsByAngularMomentum(z).map((count, l) => count - core[l]);
}

/** Fills the orbitals of one atom with `electrons` of each l; `orbitals` and `overlap` are those of the atom alone. */
export function sphericalAtom(orbitals: PlacedBasis, overlap: Matrix, electrons: readonly number[]): Occupy {
  return ([{ real: fock }]: PerChannel) => {
    const density = matrix(fock.rows, fock.columns);
    let bandEnergy = 0;
    for (let l = 0; l < electrons.length; l++)
      if (electrons[l] > 0) bandEnergy += fill(orbitals, overlap, fock, l, electrons[l], density);
    return { channels: channelsAtGamma(0), densities: [real(density)], bandEnergy } satisfies Occupation;
  };
}

/** The term with the spherical part of its Fock matrix alone: the angular grid is not quite spherical. */
export function sphericalPart(term: Term, orbitals: PlacedBasis): Term {
  return {
    name: term.name,
    async evaluate(state, options) {
      const { energy, fock } = await term.evaluate(state, options);
      if (!fock) return { energy };
      const [{ real: whole }] = fock;
      const average = matrix(whole.rows, whole.columns);
      for (const l of new Set(orbitals.shells.map((shell) => shell.l))) {
        const first = firstFunctions(orbitals, l);
        addRadial(average, first, radial(whole, first, l), l);
      }
      return { energy, fock: [real(average)] };
    },
  };
}

/** Index of m = −l of each shell with this l. */
function firstFunctions(orbitals: PlacedBasis, l: number): Int32Array {
  return Int32Array.from(
    orbitals.shells.filter((shell) => shell.l === l),
    (shell) => shell.first,
  );
}

/** Adds the density of the electrons of one l; returns their energies' sum. */
function fill(
  orbitals: PlacedBasis,
  overlap: Matrix,
  fock: Matrix,
  l: number,
  electrons: number,
  density: Matrix,
): number {
  const first = firstFunctions(orbitals, l);
  const degeneracy = 2 * l + 1;
  if (electrons > 2 * degeneracy * first.length)
    throw new BrineError("input", `the orbital basis has too few functions with l = ${l} for its atom`);
  const { values, vectors } = generalizedEigh(radial(fock, first, l), radial(overlap, first, l));
  const block = matrix(first.length, first.length);
  let left = electrons;
  let energy = 0;
  for (let orbital = 0; left > 0; orbital++) {
    const taken = Math.min(left, 2 * degeneracy);
    left -= taken;
    energy += taken * values[orbital];
    addOuterProduct(taken / degeneracy, vectors, orbital, block);
  }
  addRadial(density, first, block, l);
  return energy;
}

/** Average over m of the block of one l. */
function radial(a: Matrix, first: Int32Array, l: number): Matrix {
  const n = first.length;
  const result = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let m = 0; m <= 2 * l; m++) sum += a.data[(first[i] + m) * a.columns + first[j] + m];
      result.data[i * n + j] = sum / (2 * l + 1);
    }
  return result;
}

/** Adds a radial matrix to the block of each m. */
function addRadial(a: Matrix, first: Int32Array, block: Matrix, l: number): void {
  const n = first.length;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let m = 0; m <= 2 * l; m++) a.data[(first[i] + m) * a.columns + first[j] + m] += block.data[i * n + j];
}

function addOuterProduct(factor: number, vectors: Matrix, column: number, into: Matrix): void {
  const n = into.rows;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      into.data[i * n + j] +=
        factor * vectors.data[i * vectors.columns + column] * vectors.data[j * vectors.columns + column];
}
