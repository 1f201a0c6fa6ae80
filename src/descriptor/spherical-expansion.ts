/**
 * Expansion of the smeared neighbour density around each atom on radial functions and spherical harmonics,
 *
 *   X^l_m,(b n) = Σ_{j of species b} f_c(r_ij) u(r_ij) g_ln(r_ij) S_lm(r_ij),   S_lm = r^l Y_lm,
 *
 * the atom at the centre counting as a neighbour at r = 0 with weight 1 (Bartók, Kondor & Csányi,
 * Phys. Rev. B 87, 184115 (2013), doi:10.1103/PhysRevB.87.184115).
 */
import { BrineError } from "../errors.js";
import { solidHarmonics } from "../math/solid-harmonics.js";
import { elementSymbol } from "../structure/elements.js";
import type { Neighbourhood } from "../structure/neighbours.js";
import { neighbourWeight } from "./cutoff.js";
import { radialIntegrals } from "./radial-integrals.js";
import { type DescriptorSettings, channelCount, checkSettings } from "./settings.js";

export interface Expansion {
  readonly environments: number;
  readonly lmax: number;
  /** Channels q = (neighbour species, n), n fastest. */
  readonly channels: number;
  /** Per l: [environments, 2l+1, channels]. */
  readonly coefficients: readonly Float64Array[];
}

/**
 * Expansion coefficients of the neighbourhoods, in order. Throws `usage` for impossible settings and `mismatch`
 * for a species that the settings do not list.
 */
export function sphericalExpansion(neighbourhoods: readonly Neighbourhood[], settings: DescriptorSettings): Expansion {
  checkSettings(settings);
  const { lmax, nmax } = settings;
  const channels = channelCount(settings);
  const firstChannel = speciesOffsets(neighbourhoods, settings);
  const radial = radialIntegrals(settings);
  const g = new Float64Array(radial.size);
  const s = new Float64Array((lmax + 1) ** 2);
  const coefficients = Array.from(
    { length: lmax + 1 },
    (_, l) => new Float64Array(neighbourhoods.length * (2 * l + 1) * channels),
  );
  const add = (environment: number, offset: number): void => {
    for (let l = 0; l <= lmax; l++) {
      const target = coefficients[l];
      for (let m = 0; m <= 2 * l; m++) {
        const y = s[l * l + m];
        const at = (environment * (2 * l + 1) + m) * channels + offset;
        for (let n = 0; n < nmax; n++) target[at + n] += y * g[l * nmax + n];
      }
    }
  };
  neighbourhoods.forEach(({ centre, species, displacements }, environment) => {
    radial.evaluate(0, 1, g);
    solidHarmonics(lmax, 0, 0, 0, s);
    add(environment, firstChannel[centre]);
    for (let j = 0; j < species.length; j++) {
      const [x, y, z] = [displacements[3 * j], displacements[3 * j + 1], displacements[3 * j + 2]];
      const r = Math.sqrt(x * x + y * y + z * z);
      const weight = neighbourWeight(r, settings);
      if (weight === 0) continue;
      radial.evaluate(r, weight, g);
      solidHarmonics(lmax, x, y, z, s);
      add(environment, firstChannel[species[j]]);
    }
  });
  return { environments: neighbourhoods.length, lmax, channels, coefficients };
}

/** First channel of each atomic number; refuses species that have none. */
function speciesOffsets(neighbourhoods: readonly Neighbourhood[], settings: DescriptorSettings): Int32Array {
  const offsets = new Int32Array(256).fill(-1);
  settings.species.forEach((z, index) => (offsets[z] = index * settings.nmax));
  const refuse = (z: number, where: string): never => {
    throw new BrineError(
      "mismatch",
      `the descriptor knows ${settings.species.map(elementSymbol).join(", ")}, not ${elementSymbol(z)}`,
      { where },
    );
  };
  neighbourhoods.forEach(({ centre }, i) => {
    if (offsets[centre] < 0) refuse(centre, `atom ${i} (${elementSymbol(centre)})`);
  });
  neighbourhoods.forEach(({ centre, species }, i) => {
    for (const z of species) if (offsets[z] < 0) refuse(z, `a neighbour of atom ${i} (${elementSymbol(centre)})`);
  });
  return offsets;
}
