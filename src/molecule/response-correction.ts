/** Puts together what the linear-response correction of a one-shot energy needs, all in the RI-J basis. */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { withElectrons } from "../density/fit.js";
import { monopoles } from "../integrals/index.js";
import type { OrbitalOccupation } from "../kohn-sham/occupations.js";
import { linearResponse, withinLinearRange } from "../kohn-sham/response.js";
import { realDensity } from "../kohn-sham/state.js";
import type { Correction } from "../kohn-sham/system.js";
import { totalKernel } from "../kohn-sham/term.js";
import { axpy } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { atomCount, electronCount } from "../structure/structure.js";
import type { MolecularSystem } from "./molecular-system.js";
import { orbitalResponse } from "./orbital-response.js";

/** `occupation` is of the diagonalisation of F[ρ̃], ρ̃ = `density`; the improved density is in the RI-J basis. */
export async function responseCorrection(
  system: MolecularSystem,
  density: AtomCentredDensity,
  occupation: OrbitalOccupation,
  options?: RunOptions,
): Promise<Correction & Required<Pick<Correction, "density">>> {
  const { coulombFit, hartree, structure, charges: nuclearCharges } = system;
  const { basis, placed, metric, factor } = coulombFit;
  const charges = monopoles(placed);
  const input = hartree.coefficientsOf(density);
  const residual = withElectrons(
    factor,
    charges,
    electronCount(structure, nuclearCharges),
    await hartree.coefficients(realDensity(occupation), options),
  );
  axpy(-1, input, residual);
  const { energy, step } = await linearResponse(
    {
      densityResponse: orbitalResponse(hartree, occupation.orbitals[0], options),
      metric,
      factor,
      kernel: await totalKernel(await system.coarseTerms(options), density, options),
      charges,
      residual,
    },
    options,
  );
  const coefficients = input.slice();
  axpy(1, step, coefficients);
  return {
    energy,
    density: { structure, basis, quantity: "density", nuclearCharges, coefficients },
    reliable: withinLinearRange(energy, atomCount(structure)),
  };
}
