/** One molecule on several threads: the same bits as on one, whatever the number of threads, and errors that arrive. */
import { afterEach, beforeAll, expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { superposedAtoms } from "../../dist/atoms/superposed-atoms.js";
import { useMachine } from "../../dist/machine.js";
import { chooseBackend } from "../../dist/node/openblas.js";
import { workerTeam } from "../../dist/node/team.js";
import type { Team } from "../../dist/run.js";
import { jfit, level, molecule } from "../data/pyscf-scf/load.js";

const teams: Team[] = [];

function team(members: number): Team {
  const made = workerTeam(members);
  teams.push(made);
  return made;
}

beforeAll(chooseBackend); // that of the threads, too

afterEach(async () => {
  useMachine({ team: undefined });
  await Promise.all(teams.splice(0).map((made) => made.close()));
});

const coarse = level({ grid: 1 });
const methanol = molecule("CH3OH");
const radical = { ...methanol, charge: 1, unpaired: 1 };

/** SCF of closed and open shells, fit, and one diagonalisation with response. */
async function energies(members: Team | undefined): Promise<number[]> {
  useMachine({ team: members });
  const engine = createBuiltinEngine(coarse);
  const state = await engine.groundState(methanol);
  const { quality } = await engine.fit(state);
  const guess = await superposedAtoms(coarse, methanol, undefined, jfit);
  const { energy, harrisFoulkes } = await engine.oneShot(guess);
  return [state.energy, quality.electrons, energy, harrisFoulkes, (await engine.groundState(radical)).energy];
}

test("no bit depends on the number of threads", async () => {
  const alone = await energies(undefined);
  expect(await energies(team(1))).toEqual(alone);
  expect(await energies(team(3))).toEqual(alone);
});

test("two engines can share a team", async () => {
  const shared = team(2);
  const run = async (members: Team | undefined): Promise<number[]> => {
    useMachine({ team: members });
    const both = [molecule("H2O"), molecule("HF")];
    const states = await Promise.all(both.map((one) => createBuiltinEngine(coarse).groundState(one)));
    return states.map(({ energy }) => energy);
  };
  expect(await run(shared)).toEqual(await run(undefined));
});

test("errors of a thread keep their tag, and those of a thread that ended arrive", async () => {
  const one = team(1);
  await expect(one.ask("nonsense", 1)).rejects.toMatchObject({ tag: "usage" });
  const asked = one.ask("projections", new Float64Array(1));
  await expect(asked).rejects.toThrow(/before it was given a molecule/);
  const left = expect(one.ask("open", {})).rejects.toThrow(); // ended while it opens, or by its own error before
  await one.close();
  await left;
});

test("a thread that died of an error says so whenever it is asked", async () => {
  const one = team(1);
  await expect(one.ask("open", {})).rejects.toThrow(/toLowerCase/);
  await expect(one.ask("projections", new Float64Array(1))).rejects.toThrow(/toLowerCase/);
});
