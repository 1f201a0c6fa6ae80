/** The unrestricted Kohn–Sham problem of a molecule with unpaired electrons and its solution. */
import { BrineError } from "../errors.js";
import { createDiis } from "../kohn-sham/diis.js";
import type { GroundStateOptions } from "../engine/engine.js";
import type { GridFunctions } from "../kohn-sham/grid-functions.js";
import { selfConsistentField, type KohnShamProblem, type ScfResult, type ScfSettings } from "../kohn-sham/scf.js";
import { ofTotalDensity, openShell, spinBlocks, type OpenShell } from "../kohn-sham/spin-blocks.js";
import { spinExchangeCorrelationTerm } from "../kohn-sham/spin-exchange-correlation.js";
import { electronCount, formula, type Structure } from "../structure/structure.js";
import { COARSE_TOLERANCE, startingFock } from "./closed-shell.js";
import { spinExchangeTerm } from "./exact-exchange.js";
import type { MolecularSystem } from "./molecular-system.js";

/** Electrons of either spin. Throws `input` for counts that the charge does not allow. */
export function spinElectrons(structure: Structure): { alpha: number; beta: number } {
  const electrons = electronCount(structure);
  const { unpaired, charge } = structure;
  if (!(Number.isInteger(electrons) && electrons >= unpaired && (electrons - unpaired) % 2 === 0))
    throw new BrineError(
      "input",
      `${formula(structure)} with charge ${charge} has ${electrons} electrons, of which ${unpaired} cannot be unpaired; check the charge and the number of unpaired electrons`,
    );
  return { alpha: (electrons + unpaired) / 2, beta: (electrons - unpaired) / 2 };
}

export function openShellProblem(system: MolecularSystem, grid: GridFunctions): KohnShamProblem<OpenShell> {
  const { overlap, orthogonaliser, structure, functional, exchange, orbitals, spread } = system;
  const { alpha, beta } = spinElectrons(structure);
  const share = functional.exactExchange;
  return {
    overlap: spinBlocks(overlap, overlap),
    orthogonaliser: spinBlocks(orthogonaliser, orthogonaliser),
    electronsPerOrbital: 1,
    terms: [
      ...system.spinlessTerms.map(ofTotalDensity),
      spread?.exchangeCorrelation(system.levelOf(grid)) ?? spinExchangeCorrelationTerm(functional, grid, orbitals.size),
      ...(share !== undefined && exchange ? [spinExchangeTerm(share, exchange)] : []),
    ],
    occupy: openShell(orthogonaliser, alpha, beta, system.level.smearing),
  };
}

/**
 * From superposed atoms, the same for both spins, to convergence, first on the coarse grid. The rest is done on the
 * grid of the level itself: where an open shell is degenerate, as in atoms, grids turn it into different directions,
 * and a correction from one to the other would not settle.
 */
export async function openShellGroundState(
  system: MolecularSystem,
  settings: ScfSettings,
  options?: GroundStateOptions,
): Promise<ScfResult<OpenShell>> {
  const { coarseGrid, grid } = system;
  const fock = await startingFock(system, options);
  const start = spinBlocks(fock, fock);
  const problem = openShellProblem(system, grid);
  if (coarseGrid === grid) return selfConsistentField(problem, start, settings, options);
  const coarse = await selfConsistentField(
    openShellProblem(system, coarseGrid),
    start,
    { ...settings, tolerance: Math.max(COARSE_TOLERANCE, settings.tolerance) },
    options,
  );
  return selfConsistentField(
    problem,
    coarse.fock,
    { ...settings, before: { iterations: coarse.iterations, energy: Number.NaN, diis: createDiis() } },
    options,
  );
}
