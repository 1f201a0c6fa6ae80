/**
 * What lies beyond the neighbourhood acts through its electrostatic potential (long-distance equivariants: Grisafi &
 * Ceriotti, J. Chem. Phys. 151, 204105 (2019), doi:10.1063/1.5128375; Grisafi, Nigam & Ceriotti, Chem. Sci. 12, 2078
 * (2021), doi:10.1039/d0sc04934d). Its derivatives at an atom,
 *
 *   A^l_m(i) = s^l S_lm(∇) V(r_i),   V = Σ_j q_j erf(|r − r_j|/√2 s)/|r − r_j|,   l ≥ 1,
 *
 * the field and what follows, turn as expansion coefficients do and are one channel more of the spherical expansion. The
 * charges q come from bonds (structure/bond-charges.ts) and are Gaussians of standard deviation s. With a = 1/2s² and the
 * Boys functions F_l, S_lm(∇) V of a charge is 2√(a/π) (−2a)^l F_l(a r²) S_lm(r); in a crystal
 *
 *   S_lm(∇) V(r_i) = (4π/Ω) Σ_{G≠0} exp(−s²G²/2)/G² S_lm(iG) ρ(G) exp(iG·r_i),   ρ(G) = Σ_j q_j exp(−iG·r_j).
 */
import { BrineError } from "../errors.js";
import { halfOfReciprocalLattice, waveVector } from "../integrals/reciprocal-sum.js";
import { boys } from "../math/boys.js";
import { gemm, gemv } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solidHarmonics } from "../math/solid-harmonics.js";
import { bondCharges } from "../structure/bond-charges.js";
import { cellVolume, latticeVectors, reciprocalVectors } from "../structure/cell.js";
import { neighbourhoods, type Neighbourhood } from "../structure/neighbours.js";
import { isPeriodic, type Structure } from "../structure/structure.js";
import type { Expansion } from "./spherical-expansion.js";

/** Waves with s|G| beyond this are left out: exp(−s²G²/2) is 4e-6. */
const LARGEST_WAVE = 5;
/** A mean square of the field that is rounding. */
const VANISHING = 1e-20;
/** Waves that are held at once. */
const WAVES = 256;

/**
 * The neighbourhoods of all atoms in order, with the field at each when the width of its charges (bohr) is given. Throws
 * as `neighbourhoods`, and `unsupported` for a field in a cell that does not repeat in all directions.
 */
export function environmentsOf(
  structure: Structure,
  cutoffRadius: number,
  lmax: number,
  width: number | undefined,
): Neighbourhood[] {
  const around = neighbourhoods(structure, cutoffRadius);
  if (width === undefined) return around;
  const field = fieldAtAtoms(structure, width, lmax);
  const size = field.columns;
  return around.map((environment, i) => ({ ...environment, field: field.data.slice(i * size, (i + 1) * size) }));
}

/**
 * Factor of each l that makes the field's share of the expansion coefficients `weight`: the ratio of root mean squares
 * over the environments of `expansions`, which are without the field. Undefined where there is no field.
 */
export function farFieldFactors(
  environments: readonly Neighbourhood[],
  expansions: readonly Expansion[],
  weight: number,
): number[] | undefined {
  const factors = expansions[0].coefficients.map((_, l) => {
    const neighbours = expansions.reduce((sum, { coefficients }) => sum + sumOfSquares(coefficients[l]), 0);
    const far = environments.reduce((sum, { field }) => sum + sumOfSquares(field!.subarray(l * l, (l + 1) ** 2)), 0);
    return far > VANISHING * environments.length ? weight * Math.sqrt(neighbours / far) : 0;
  });
  return factors.some((factor) => factor > 0) ? factors : undefined;
}

function sumOfSquares(x: Float64Array): number {
  return x.reduce((sum, value) => sum + value * value, 0);
}

/** A: [atoms, (lmax + 1)²], columns lm; zero for l = 0. Throws `unsupported` as `environmentsOf`. */
export function fieldAtAtoms(structure: Structure, width: number, lmax: number): Matrix {
  const charges = bondCharges(structure);
  const field = matrix(charges.length, (lmax + 1) ** 2);
  if (charges.every((q) => q === 0)) return field;
  if (!isPeriodic(structure)) addFieldOfMolecule(structure, charges, width, lmax, field);
  else if (structure.cell!.periodic.every(Boolean)) addFieldOfCrystal(structure, charges, width, lmax, field);
  else
    throw new BrineError(
      "unsupported",
      "the far field needs a cell that repeats in all three directions or in none; train with --far-field none",
    );
  for (let l = 1; l <= lmax; l++)
    for (let i = 0; i < field.rows; i++)
      for (let k = l * l; k < (l + 1) ** 2; k++) field.data[i * field.columns + k] *= width ** l;
  return field;
}

function addFieldOfMolecule(
  { positions }: Structure,
  charges: Float64Array,
  width: number,
  lmax: number,
  field: Matrix,
): void {
  const a = 1 / (2 * width * width);
  const harmonics = new Float64Array(field.columns);
  const radial = new Float64Array(lmax + 1);
  for (let i = 0; i < field.rows; i++)
    for (let j = 0; j < field.rows; j++) {
      if (i === j) continue; // symmetric about the atom: no derivatives
      const [x, y, z] = [0, 1, 2].map((d) => positions[3 * i + d] - positions[3 * j + d]);
      boys(lmax, a * (x * x + y * y + z * z), radial);
      solidHarmonics(lmax, x, y, z, harmonics);
      let factor = 2 * Math.sqrt(a / Math.PI) * charges[j];
      for (let l = 1; l <= lmax; l++) {
        factor *= -2 * a;
        for (let k = l * l; k < (l + 1) ** 2; k++)
          field.data[i * field.columns + k] += factor * radial[l] * harmonics[k];
      }
    }
}

/**
 * As products of matrices over waves: cosines and sines of G·r_i are the rows of P, ρ = P q, and the field is Pᵀ W with
 * the factors that make the real part of 4π/Ω … i^l ρ(G) exp(iG·r_i) of them in W.
 */
function addFieldOfCrystal(
  structure: Structure,
  charges: Float64Array,
  width: number,
  lmax: number,
  field: Matrix,
): void {
  const vectors = latticeVectors(structure);
  const reciprocal = reciprocalVectors(vectors);
  const scale = (8 * Math.PI) / cellVolume(vectors); // each wave stands for ±G
  const waves = halfOfReciprocalLattice(vectors, LARGEST_WAVE / width);
  const writePhases = phaseWriter(structure, reciprocal, waves);
  const harmonics = new Float64Array(field.columns);
  for (let from = 0; from < waves.length; from += WAVES) {
    const part = waves.slice(from, from + WAVES);
    const p = matrix(2 * part.length, charges.length);
    part.forEach((wave, k) => writePhases(wave, p.data, 2 * k * charges.length));
    const rho = gemv(false, p, charges);
    const w = matrix(p.rows, field.columns);
    part.forEach((wave, k) => {
      const [x, y, z] = waveVector(reciprocal, wave);
      const square = x * x + y * y + z * z;
      const strength = (scale * Math.exp(-0.5 * width * width * square)) / square;
      solidHarmonics(lmax, x, y, z, harmonics);
      const [cosine, sine] = [strength * rho[2 * k], strength * rho[2 * k + 1]];
      for (let l = 1; l <= lmax; l++) {
        const sign = (l + 1) % 4 < 2 ? 1 : -1; // i^l is sign or, for odd l, sign · (−i)
        for (let m = l * l; m < (l + 1) ** 2; m++) {
          const value = sign * harmonics[m];
          w.data[2 * k * w.columns + m] = value * (l % 2 === 0 ? cosine : -sine);
          w.data[(2 * k + 1) * w.columns + m] = value * (l % 2 === 0 ? sine : cosine);
        }
      }
    });
    gemm(true, false, 1, p, w, 1, field);
  }
}

type Wave = readonly [number, number, number];

/** Writes cos G·r of all atoms from `at` on, then sin G·r. */
type WritePhases = (wave: Wave, into: Float64Array, at: number) => void;

/** Waves are products of one along each lattice vector, whose powers are in tables. */
function phaseWriter({ positions }: Structure, reciprocal: Float64Array, waves: readonly Wave[]): WritePhases {
  const atoms = positions.length / 3;
  const tables = [0, 1, 2].map((axis) => {
    const most = waves.reduce((largest, wave) => Math.max(largest, Math.abs(wave[axis])), 0);
    const cosines = new Float64Array((2 * most + 1) * atoms);
    const sines = new Float64Array((2 * most + 1) * atoms);
    for (let i = 0; i < atoms; i++) {
      let fraction = 0;
      for (let d = 0; d < 3; d++) fraction += reciprocal[3 * axis + d] * positions[3 * i + d];
      for (let n = -most; n <= most; n++) {
        const phase = 2 * Math.PI * n * fraction;
        cosines[(n + most) * atoms + i] = Math.cos(phase);
        sines[(n + most) * atoms + i] = Math.sin(phase);
      }
    }
    return { most, cosines, sines };
  });
  return (wave, into, at) => {
    const [a, b, c] = tables.map(({ most, cosines, sines }, axis) => {
      const row = (wave[axis] + most) * atoms;
      return { cosines: cosines.subarray(row, row + atoms), sines: sines.subarray(row, row + atoms) };
    });
    for (let i = 0; i < atoms; i++) {
      const cosine = a.cosines[i] * b.cosines[i] - a.sines[i] * b.sines[i];
      const sine = a.cosines[i] * b.sines[i] + a.sines[i] * b.cosines[i];
      into[at + i] = cosine * c.cosines[i] - sine * c.sines[i];
      into[at + atoms + i] = cosine * c.sines[i] + sine * c.cosines[i];
    }
  };
}
