/**
 * Structures as the nuclei of a warm molecule visit them: each normal coordinate Q of a harmonic model is drawn
 * from its quantum distribution, a Gaussian of variance
 *
 *   ⟨Q²⟩ = ħ/(2ω) coth( ħω / 2kT )
 *
 * (F. Bloch, Z. Phys. 74, 295 (1932)). The zero-point motion is in it, which a classical draw leaves out: the
 * spread of a C–H bond is 0.07 Å, not 0.03 Å, at room temperature, and that is what experiments see.
 */
import { BrineError } from "../errors.js";
import { randomGenerator } from "../math/random.js";
import { BOLTZMANN } from "../units.js";
import { normalModes } from "./normal-modes.js";
import { checkStructure, type Structure } from "./structure.js";

/** 150 cm⁻¹: softer modes (torsions) are drawn as if they had this frequency, since displacements are straight lines. */
const SOFTEST = 150 / 219474.6313632;

/**
 * ⟨Q²⟩ of a mode of frequency `omega` (hartree) at `temperature` (kelvin), in m_e bohr². Frequencies below
 * 150 cm⁻¹ count as 150 cm⁻¹.
 */
export function thermalVariance(omega: number, temperature: number): number {
  const used = Math.max(omega, SOFTEST);
  return 1 / (2 * used * Math.tanh(used / (2 * BOLTZMANN * temperature)));
}

/**
 * `count` distortions of `equilibrium`, each at a temperature (kelvin) drawn evenly from the range given. The centre
 * of mass stays, and there is no rotation to first order. `info` gains `temperature`, `seed` and `distortion` (0, 1, …).
 * The same seed gives the same structures, and a larger count begins with those of a smaller one.
 * Throws `input` for a range that is not positive, and what `checkStructure` and `normalModes` throw.
 */
export function thermalDistortions(
  equilibrium: Structure,
  options: { readonly temperature: readonly [number, number]; readonly count: number; readonly seed: number },
): Structure[] {
  const [low, high] = options.temperature;
  if (!(low > 0 && high >= low && high < Infinity))
    throw new BrineError("input", `the temperatures ${low} to ${high} K are not a range above zero`);
  checkStructure(equilibrium);
  const { frequencies, displacements } = normalModes(equilibrium);
  const random = randomGenerator(options.seed);
  return Array.from({ length: options.count }, (_, distortion) => {
    const temperature = low + (high - low) * random.uniform();
    const positions = equilibrium.positions.slice();
    frequencies.forEach((omega, mode) => {
      const amplitude = Math.sqrt(thermalVariance(omega, temperature)) * random.normal();
      const direction = displacements[mode];
      for (let i = 0; i < positions.length; i++) positions[i] += amplitude * direction[i];
    });
    const info = {
      ...equilibrium.info,
      temperature: Math.round(temperature * 10) / 10,
      seed: options.seed,
      distortion,
    };
    return { ...equilibrium, positions, info };
  });
}
