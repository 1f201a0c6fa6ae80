/**
 * Expansion of the smeared neighbour density around each atom on radial functions and spherical harmonics,
 *
 *   X^l_m,(b n) = Σ_{j of species b} f_c(r_ij) u(r_ij) g_ln(r_ij) S_lm(r_ij),   S_lm = r^l Y_lm,
 *
 * the atom at the centre counting as a neighbour at r = 0 with weight 1 (Bartók, Kondor & Csányi, Phys. Rev. B 87,
 * 184115 (2013), doi:10.1103/PhysRevB.87.184115). The far field, if there is one, is the last channel.
 */
import { BrineError } from "../errors.js";
import { kernels, SCRATCH_SIZE, SCRATCH_START } from "../math/kernels.js";
import { solidHarmonics } from "../math/solid-harmonics.js";
import { elementSymbol } from "../structure/elements.js";
import { neighbourWeight } from "./cutoff.js";
import type { Environment } from "./environment.js";
import { radialIntegrals } from "./radial-integrals.js";
import { type DescriptorSettings, channelCount, checkSettings } from "./settings.js";

export interface Expansion {
  readonly environments: number;
  readonly lmax: number;
  /** Channels q = (neighbour species, n), n fastest; then that of the far field. */
  readonly channels: number;
  /** Per l: [environments, 2l+1, channels]. */
  readonly coefficients: readonly Float64Array[];
}

/**
 * Expansion coefficients of the neighbourhoods, in order. Throws `usage` for impossible settings and `mismatch`
 * for a species that the settings do not list.
 */
export function sphericalExpansion(neighbourhoods: readonly Environment[], settings: DescriptorSettings): Expansion {
  checkSettings(settings);
  const { lmax } = settings;
  const channels = channelCount(settings);
  const firstSpecies = speciesIndices(neighbourhoods, settings);
  const coefficients = Array.from(
    { length: lmax + 1 },
    (_, l) => new Float64Array(neighbourhoods.length * (2 * l + 1) * channels),
  );
  const sum = neighbourSum(settings);
  neighbourhoods.forEach(({ centre, species, displacements, field }, environment) => {
    sum.clear();
    sum.add(firstSpecies[centre], 0, 0, 0, 0, 1);
    for (let j = 0; j < species.length; j++) {
      const x = displacements[3 * j];
      const y = displacements[3 * j + 1];
      const z = displacements[3 * j + 2];
      const r = Math.sqrt(x * x + y * y + z * z);
      const weight = neighbourWeight(r, settings);
      if (weight !== 0) sum.add(firstSpecies[species[j]], x, y, z, r, weight);
    }
    for (let l = 0; l <= lmax; l++) sum.copy(l, coefficients[l], environment * (2 * l + 1) * channels);
    if (settings.farField) copyField(field, settings.farField.factors, coefficients, environment, channels);
  });
  return { environments: neighbourhoods.length, lmax, channels, coefficients };
}

/** X of one environment in the scratch of the WebAssembly kernels. */
interface NeighbourSum {
  clear(): void;
  /** Adds a neighbour: species index, displacement, distance, weight. */
  add(species: number, x: number, y: number, z: number, r: number, weight: number): void;
  /** Copies [m, species, n] of l to the channels of `target` from `at` on. */
  copy(l: number, target: Float64Array, at: number): void;
}

/** Layout of the scratch: S_lm, g_ln, X [lm, species, width], and polynomials of as many intervals as fit. */
function neighbourSum(settings: DescriptorSettings): NeighbourSum {
  const { lmax, nmax, species } = settings;
  const { width, intervals, length, terms, powers } = radialIntegrals(settings);
  const { doubles, addNeighbour } = kernels();
  const size = terms * (lmax + 1) * width;
  const row = species.length * width;
  const channels = channelCount(settings);
  const y = SCRATCH_START;
  const g = y + (lmax + 1) ** 2;
  const sum = g + (lmax + 1) * width;
  const end = sum + (lmax + 1) ** 2 * row;
  const slots = Math.floor((SCRATCH_START + SCRATCH_SIZE - end) / size);
  if (slots < 1)
    throw new BrineError("usage", `${row} channels are too many for lmax ${lmax}; use a smaller nmax or lmax`, {
      where: "descriptor settings",
    });
  const inSlot = new Int32Array(slots).fill(-1);
  const bringIn = (interval: number): number => {
    const slot = interval % slots;
    const at = end + slot * size;
    if (inSlot[slot] !== interval) {
      doubles.set(powers.subarray(interval * size, (interval + 1) * size), at);
      inSlot[slot] = interval;
    }
    return at;
  };
  return {
    clear: () => doubles.fill(0, sum, end),
    add(index, dx, dy, dz, r, weight) {
      const interval = Math.min(intervals - 1, Math.floor(r / length));
      const t = (2 * r) / length - 2 * interval - 1;
      solidHarmonics(lmax, dx, dy, dz, doubles, y);
      const target = 8 * (sum + index * width);
      addNeighbour(8 * bringIn(interval), terms, t, weight, 8 * y, lmax, width, 8 * g, target, 8 * row);
    },
    copy(l, target, at) {
      const from = sum + l * l * row;
      if (channels === row) target.set(doubles.subarray(from, from + (2 * l + 1) * row), at);
      else
        for (let m = 0; m <= 2 * l; m++)
          for (let b = 0; b < species.length; b++)
            for (let n = 0; n < nmax; n++)
              target[at + m * channels + b * nmax + n] = doubles[from + m * row + b * width + n];
    },
  };
}

/** The field at the centre of an environment as the last channel. */
function copyField(
  field: Float64Array | undefined,
  factors: readonly number[],
  coefficients: readonly Float64Array[],
  environment: number,
  channels: number,
): void {
  if (!field) throw new BrineError("mismatch", "the descriptor wants the field at the atoms, which was not computed");
  factors.forEach((factor, l) => {
    for (let m = 0; m <= 2 * l; m++)
      coefficients[l][(environment * (2 * l + 1) + m + 1) * channels - 1] = factor * field[l * l + m];
  });
}

/** Position of each atomic number among the species of the settings; refuses species that are not there. */
function speciesIndices(neighbourhoods: readonly Environment[], settings: DescriptorSettings): Int32Array {
  const indices = new Int32Array(256).fill(-1);
  settings.species.forEach((z, index) => (indices[z] = index));
  const refuse = (z: number, where: string): never => {
    throw new BrineError(
      "mismatch",
      `the descriptor knows ${settings.species.map(elementSymbol).join(", ")}, not ${elementSymbol(z)}`,
      { where },
    );
  };
  neighbourhoods.forEach(({ centre }, i) => {
    if (indices[centre] < 0) refuse(centre, `atom ${i} (${elementSymbol(centre)})`);
  });
  neighbourhoods.forEach(({ centre, species }, i) => {
    for (const z of species) if (indices[z] < 0) refuse(z, `a neighbour of atom ${i} (${elementSymbol(centre)})`);
  });
  return indices;
}
