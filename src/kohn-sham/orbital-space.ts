/** The orbitals of a molecule, or of a crystal at Γ: one real overlap matrix for all channels. */
import { real } from "../math/hermitian.js";
import type { Matrix } from "../math/matrix.js";
import { lowestOrbitals, type OrbitalOccupation } from "./occupations.js";
import { canonicalOrthogonaliser } from "./orthogonalisation.js";
import type { KohnShamProblem } from "./scf.js";
import { channelsAtGamma, onAll, type Electrons } from "./state.js";

/** What an SCF needs beside its terms: channels, S and X of each, and how electrons fill them at a `temperature` kT (hartree). */
export function orbitalSpace(
  unpaired: number,
  overlap: Matrix,
  electrons: Electrons,
  temperature?: number,
): Omit<KohnShamProblem<OrbitalOccupation>, "terms"> {
  const channels = channelsAtGamma(unpaired);
  const overlaps = onAll(channels, real(overlap));
  const orthogonalisers = onAll(channels, canonicalOrthogonaliser(overlaps[0]));
  const occupy = lowestOrbitals(channels, orthogonalisers, electrons, temperature);
  return { channels, overlaps, orthogonalisers, occupy };
}
