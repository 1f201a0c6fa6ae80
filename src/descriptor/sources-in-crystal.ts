/**
 * The field of smeared charges and dipoles (smeared-sources.ts) in a crystal,
 *
 *   S_lm(∇) V(r_i) = (4π/Ω) Σ_{G≠0} exp(−s²G²/2)/G² S_lm(iG) ρ(G) exp(iG·r_i),   ρ(G) = Σ_j (q_j − iG·μ_j) exp(−iG·r_j).
 *
 * Waves G = 2π Σ n_k b_k are products of one along each b_k, so that sums over atoms are products of matrices: first over
 * atoms for all (n₁, n₂) and n₃ at once, and for the field the same backwards, (n₁, n₂) before n₃.
 */
import { gemm } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solidHarmonics } from "../math/solid-harmonics.js";
import { cellVolume, latticeVectors } from "../structure/cell.js";
import { largestIntegers, reciprocalVectors, waveVector } from "../structure/reciprocal-lattice.js";
import type { Structure } from "../structure/structure.js";
import type { FieldOfSources } from "./smeared-sources.js";

/** Waves with s|G| beyond this are left out: exp(−s²G²/2) is 4e-6. */
const LARGEST_WAVE = 5;

interface Waves {
  /** (n₁, n₂) of one of each pair ±G. */
  readonly planes: readonly (readonly [number, number])[];
  /** n₃ goes from −most to most. */
  readonly most: number;
  /** [planes, 2 atoms]: cosines of n₁θ₁ + n₂θ₂ of all atoms, then sines. */
  readonly inPlane: Matrix;
  /** [atoms, 2 most + 1] each: cosine and sine of n₃θ₃. */
  readonly along: readonly [Matrix, Matrix];
  /** G of the wave; undefined for one that is left out. */
  readonly vector: (plane: number, n3: number) => [number, number, number] | undefined;
}

export function fieldInCrystal(structure: Structure, width: number): FieldOfSources {
  const waves = wavesOf(structure, LARGEST_WAVE / width);
  const scale = (8 * Math.PI) / cellVolume(latticeVectors(structure)); // each wave stands for ±G
  return (sources, lmax) => {
    const potential = potentialOfWaves(waves, sources, width, scale);
    const field = matrix(sources.rows, (lmax + 1) ** 2);
    for (let l = 1; l <= lmax; l++) addDerivatives(waves, potential, l, field);
    return field;
  };
}

function wavesOf(structure: Structure, cutoff: number): Waves {
  const vectors = latticeVectors(structure);
  const reciprocal = reciprocalVectors(vectors);
  const [first, second, most] = largestIntegers(vectors, cutoff);
  const planes: [number, number][] = [];
  for (let a = 0; a <= first; a++) for (let b = a > 0 ? -second : 0; b <= second; b++) planes.push([a, b]);
  const atoms = structure.species.length;
  const inPlane = matrix(planes.length, 2 * atoms);
  const along: [Matrix, Matrix] = [matrix(atoms, 2 * most + 1), matrix(atoms, 2 * most + 1)];
  for (let i = 0; i < atoms; i++) {
    const [one, two, three] = [0, 1, 2].map(
      (k) =>
        2 * Math.PI * [0, 1, 2].reduce((sum, d) => sum + reciprocal[3 * k + d] * structure.positions[3 * i + d], 0),
    );
    planes.forEach(([a, b], plane) => {
      inPlane.data[2 * plane * atoms + i] = Math.cos(a * one + b * two);
      inPlane.data[(2 * plane + 1) * atoms + i] = Math.sin(a * one + b * two);
    });
    for (let c = -most; c <= most; c++)
      [Math.cos(c * three), Math.sin(c * three)].forEach(
        (value, part) => (along[part].data[i * (2 * most + 1) + c + most] = value),
      );
  }
  return {
    planes,
    most,
    inPlane,
    along,
    vector(plane, n3) {
      const [a, b] = planes[plane];
      if (a === 0 && b === 0 && n3 <= 0) return undefined;
      const g = waveVector(reciprocal, [a, b, n3]);
      return Math.hypot(...g) < cutoff ? g : undefined;
    },
  };
}

/** (4π/Ω) exp(−s²G²/2)/G² Σ_j of cosines and sines with what is at the atoms: [planes, 2 (2 most + 1)]. */
function potentialOfWaves(waves: Waves, sources: Matrix, width: number, scale: number): Matrix {
  const { planes, most, inPlane, along } = waves;
  const depth = 2 * most + 1;
  const atoms = sources.rows;
  const weighted = matrix(2 * atoms, 8 * depth);
  const [cosines, sines] = along;
  for (let i = 0; i < atoms; i++)
    for (let s = 0; s < 4; s++) {
      const source = sources.data[4 * i + s];
      if (source === 0) continue;
      const cosineRow = i * weighted.columns + s * depth;
      const sineRow = cosineRow + atoms * weighted.columns;
      for (let c = 0; c < depth; c++) {
        const [cosine, sine] = [source * cosines.data[i * depth + c], source * sines.data[i * depth + c]];
        weighted.data[cosineRow + c] = cosine;
        weighted.data[cosineRow + 4 * depth + c] = sine;
        weighted.data[sineRow + c] = -sine;
        weighted.data[sineRow + 4 * depth + c] = cosine;
      }
    }
  const sums = matrix(planes.length, 8 * depth);
  gemm(false, false, 1, inPlane, weighted, 0, sums);
  const potential = matrix(planes.length, 2 * depth);
  planes.forEach((_, plane) => {
    for (let c = 0; c < depth; c++) {
      const g = waves.vector(plane, c - most);
      if (!g) continue;
      const square = g[0] ** 2 + g[1] ** 2 + g[2] ** 2;
      const strength = (scale * Math.exp(-0.5 * width * width * square)) / square;
      const sum = (s: number): number => sums.data[plane * sums.columns + s * depth + c];
      const [ofCosines, ofSines] = [0, 4].map(
        (part) => g[0] * sum(part + 1) + g[1] * sum(part + 2) + g[2] * sum(part + 3),
      );
      potential.data[plane * potential.columns + c] = strength * (sum(0) - ofSines);
      potential.data[plane * potential.columns + depth + c] = strength * (sum(4) + ofCosines);
    }
  });
  return potential;
}

/** The real part of Σ_G of the potential times i^l S_lm(G) exp(iG·r_i). */
function addDerivatives(waves: Waves, potential: Matrix, l: number, field: Matrix): void {
  const { planes, most, inPlane, along } = waves;
  const depth = 2 * most + 1;
  const size = 2 * l + 1;
  const sign = (l + 1) % 4 < 2 ? 1 : -1; // i^l is sign or, for odd l, sign · (−i)
  const harmonics = new Float64Array((l + 1) ** 2);
  const weights = matrix(planes.length, 2 * size * depth);
  planes.forEach((_, plane) => {
    for (let c = 0; c < depth; c++) {
      const g = waves.vector(plane, c - most);
      if (!g) continue;
      solidHarmonics(l, ...g, harmonics);
      const [cosine, sine] = [0, depth].map((part) => sign * potential.data[plane * 2 * depth + part + c]);
      for (let m = 0; m < size; m++) {
        const at = plane * weights.columns + m * depth + c;
        weights.data[at] = harmonics[l * l + m] * (l % 2 === 0 ? cosine : -sine);
        weights.data[at + size * depth] = harmonics[l * l + m] * (l % 2 === 0 ? sine : cosine);
      }
    }
  });
  const sums = matrix(inPlane.columns, weights.columns);
  gemm(true, false, 1, inPlane, weights, 0, sums);
  const [cosines, sines] = along;
  const atoms = field.rows;
  for (let i = 0; i < atoms; i++)
    for (let m = 0; m < size; m++) {
      const ofCosine = i * sums.columns + m * depth;
      const ofSine = ofCosine + atoms * sums.columns;
      let sum = 0;
      for (let c = 0; c < depth; c++)
        sum +=
          cosines.data[i * depth + c] * (sums.data[ofCosine + c] + sums.data[ofSine + size * depth + c]) +
          sines.data[i * depth + c] * (sums.data[ofCosine + size * depth + c] - sums.data[ofSine + c]);
      field.data[i * field.columns + l * l + m] = sum;
    }
}
