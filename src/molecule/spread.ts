/**
 * Sums over grid and integrals of one molecule, spread over a team of threads (share.ts). Members' answers are put
 * back into the order of the parts before they are added, so that results have the same bits for any number of members.
 */
import type { AtomCentredDensity } from "../density/atom-centred.js";
import {
  batchColumns,
  fromColumns,
  scatter,
  toColumns,
  type CoulombSums,
  type PairValues,
} from "../integrals/index.js";
import type { InputPotential } from "../kohn-sham/exchange-correlation.js";
import { addParts } from "../kohn-sham/grid-parts.js";
import { kernelOfParts } from "../kohn-sham/kernel-matrix.js";
import type { Term, TermValue } from "../kohn-sham/term.js";
import { axpy, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions, type Team } from "../run.js";
import type { ExchangeCorrelationTask, InputPotentialTask, KernelTask, ShareSetup } from "./share.js";

export interface SpreadSums {
  readonly coulomb: CoulombSums;
  /** The term of closed shells, or of open ones where the state has two density matrices. */
  exchangeCorrelation(gridLevel: number): Term;
  inputPotential(
    gridLevel: number,
    density: AtomCentredDensity,
    functional: string,
    options?: RunOptions,
  ): Promise<InputPotential>;
  /** ∫χ_P χ_Q f_xc of a density between functions of the RI-J basis. */
  kernelMatrix(gridLevel: number, density: AtomCentredDensity, options?: RunOptions): Promise<Matrix>;
}

let ofThread: Team | undefined;

/** Engines of this thread spread the work on one molecule over `team` from now on. */
export function useTeam(team: Team | undefined): void {
  ofThread = team;
}

export function teamInUse(): Team | undefined {
  return ofThread;
}

/** What a team works on at present. */
const molecules = new WeakMap<Team, ShareSetup>();

/** Tells the team about the molecule at once, so that its threads are ready when they are asked. */
export function spreadSums(team: Team, setup: ShareSetup): SpreadSums {
  const open = (): Promise<unknown> => {
    molecules.set(team, setup);
    return team.ask("open", setup);
  };
  let opening = open();
  opening.catch(() => {}); // whoever asks first hears of it
  const columns = batchColumns(setup.coulombFit);
  const ask = async <Input, Part>(task: string, input: Input, options?: RunOptions): Promise<Part[]> => {
    await checkpoint(options);
    if (molecules.get(team) !== setup) opening = open();
    const [answers] = await Promise.all([team.ask<Input, Part[]>(task, input), opening]); // nothing comes in between
    await checkpoint(options);
    return interleaved(answers);
  };
  const n = setup.orbitals.size;
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
    exchangeCorrelation: (gridLevel) => ({
      name: "exchangeCorrelation",
      evaluate: async ({ density }, options) => {
        const input = { gridLevel, density, energyOnly: options?.energyOnly ?? false };
        return addParts(await ask<ExchangeCorrelationTask, TermValue>("exchangeCorrelation", input, options));
      },
    }),
    inputPotential: async (gridLevel, density, functional, options) =>
      addParts(
        await ask<InputPotentialTask, InputPotential>("inputPotential", { gridLevel, density, functional }, options),
      ),
    kernelMatrix: async (gridLevel, density, options) =>
      kernelOfParts(
        await ask<KernelTask, Float64Array>("kernelMatrix", { gridLevel, density }, options),
        setup.coulombFit.size,
      ),
  };
}

/** Member m has parts m, m + M, …. */
function interleaved<Part>(answers: readonly (readonly Part[])[]): Part[] {
  const count = answers.reduce((sum, parts) => sum + parts.length, 0);
  return Array.from({ length: count }, (_, part) => answers[part % answers.length][Math.floor(part / answers.length)]);
}
