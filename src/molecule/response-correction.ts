/** Puts together what the linear-response correction of a one-shot energy needs, all in the RI-J basis. */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { densityOnBlock } from "../density/density-on-block.js";
import { withElectrons } from "../density/fit.js";
import type { PointDensity } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { monopoles } from "../integrals/index.js";
import { gridFunctions } from "../kohn-sham/grid-functions.js";
import { kernelMatrix } from "../kohn-sham/kernel-matrix.js";
import type { Orbitals } from "../kohn-sham/occupations.js";
import { linearResponse, withinLinearRange } from "../kohn-sham/response.js";
import { axpy } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { atomCount, electronCount } from "../structure/structure.js";
import type { InputHamiltonian } from "./input-hamiltonian.js";
import type { MolecularSystem } from "./molecular-system.js";
import { orbitalResponse } from "./orbital-response.js";

export interface Correction {
  /** hartree, to be added to the Kohn–Sham energy of the output density. */
  readonly energy: number;
  /** c_in + δ in the RI-J basis, electron count exact. */
  readonly coefficients: Float64Array;
  readonly reliable: boolean;
}

/** `orbitals` come from the diagonalisation of `input`, the Hamiltonian of `density`. */
export async function responseCorrection(
  system: MolecularSystem,
  density: AtomCentredDensity,
  input: InputHamiltonian,
  orbitals: Orbitals,
  options?: RunOptions,
): Promise<Correction> {
  const { coulombFit, coarseGrid, hartree, metric, metricFactor, structure } = system;
  const onGrid = gridFunctions(coulombFit, coarseGrid.blocks, 0, 0);
  const onBlock = (block: GridBlock): PointDensity => densityOnBlock(input.auxiliary, density.coefficients, block, 0);
  const exchangeCorrelationKernel = system.spread
    ? await system.spread.kernelMatrix(system.levelOf(coarseGrid), density, options)
    : await kernelMatrix(onGrid, coulombFit.size, onBlock, options);
  const charges = monopoles(coulombFit);
  const residual = withElectrons(
    metricFactor,
    charges,
    electronCount(structure),
    await hartree.coefficients(orbitals.density, options),
  );
  axpy(-1, input.coulombCoefficients, residual);
  const { energy, step } = await linearResponse(
    {
      densityResponse: orbitalResponse(hartree, orbitals, options),
      metric,
      factor: metricFactor,
      exchangeCorrelationKernel,
      charges,
      residual,
    },
    options,
  );
  const coefficients = input.coulombCoefficients.slice();
  axpy(1, step, coefficients);
  return { energy, coefficients, reliable: withinLinearRange(energy, atomCount(structure)) };
}
