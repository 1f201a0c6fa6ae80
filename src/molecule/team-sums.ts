/**
 * Sums over grid and integrals of one molecule, distributed over a team of threads (team-tasks.ts). Members' answers are
 * put back into the order of the parts before they are added, so that results have the same bits for any number of members.
 */
import {
  batchColumns,
  fromColumns,
  scatter,
  toColumns,
  type CoulombSums,
  type PairValues,
} from "../integrals/index.js";
import type { GridValue, InputPotential } from "../kohn-sham/exchange-correlation.js";
import type { GridSums } from "../kohn-sham/exchange-correlation-term.js";
import { addParts } from "../kohn-sham/grid-parts.js";
import { kernelOfParts } from "../kohn-sham/kernel-matrix.js";
import { axpy } from "../math/matrix.js";
import { checkpoint, type RunOptions, type Team } from "../run.js";
import type { GridDensity, GridDensityMatrices, TeamMolecule } from "./team-tasks.js";

export interface TeamSums {
  readonly coulomb: CoulombSums;
  onGrid(gridLevel: number): GridSums;
}

/** What a team works on at present. */
const molecules = new WeakMap<Team, TeamMolecule>();

/** Tells the team about the molecule at once, so that its threads are ready when they are asked. */
export function teamSums(team: Team, molecule: TeamMolecule): TeamSums {
  const open = (): Promise<unknown> => {
    molecules.set(team, molecule);
    return team.ask("open", molecule);
  };
  let opening = open();
  opening.catch(() => {}); // whoever asks first hears of it
  const columns = batchColumns(molecule.coulombFit);
  const ask = async <Input, Part>(task: string, input: Input, options?: RunOptions): Promise<Part[]> => {
    await checkpoint(options);
    if (molecules.get(team) !== molecule) opening = open();
    const [answers] = await Promise.all([team.ask<Input, Part[]>(task, input), opening]); // nothing comes in between
    await checkpoint(options);
    return interleaved(answers);
  };
  const n = molecule.orbitals.size;
  return {
    coulomb: {
      async projections(packedDensity, options) {
        const sum = new Float64Array(columns.length);
        for (const part of await ask<Float64Array, Float64Array>("projections", packedDensity, options))
          axpy(1, part, sum);
        return fromColumns(sum, columns);
      },
      async potential(coefficients, options) {
        const result = new Float64Array((n * (n + 1)) / 2);
        const inColumns = toColumns(coefficients, columns);
        for (const part of await ask<Float64Array, PairValues>("potential", inColumns, options)) scatter(part, result);
        return result;
      },
    },
    onGrid: (gridLevel) => ({
      async evaluate(densities, options) {
        const input = { gridLevel, densities, energyOnly: options?.energyOnly ?? false };
        return addParts(await ask<GridDensityMatrices, GridValue>("exchangeCorrelation", input, options));
      },
      ofDensity: async (density, options) =>
        addParts(await ask<GridDensity, InputPotential>("inputPotential", { gridLevel, density }, options)),
      kernel: async (density, options) =>
        kernelOfParts(
          await ask<GridDensity, Float64Array>("kernel", { gridLevel, density }, options),
          molecule.coulombFit.size,
        ),
    }),
  };
}

/** Member m has parts m, m + M, …. */
function interleaved<Part>(answers: readonly (readonly Part[])[]): Part[] {
  const count = answers.reduce((sum, parts) => sum + parts.length, 0);
  return Array.from({ length: count }, (_, part) => answers[part % answers.length][Math.floor(part / answers.length)]);
}
