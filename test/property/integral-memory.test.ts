/** Three-centre integrals that are made again at each use give what those in memory give. */
import { expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { superposedAtoms } from "../../dist/atoms/superposed-atoms.js";
import { alkane } from "../../bench/molecules/alkane.mjs";
import { jfit, level, molecule } from "../data/pyscf-scf/load.js";

const coarse = level({ grid: 1 });
const all = 2 ** 31;

test("an SCF and an energy with its response, no memory for integrals", async () => {
  const run = async (integralMemory: number) => {
    const engine = createBuiltinEngine(coarse, { integralMemory });
    const guess = await superposedAtoms(coarse, molecule("CH3OH"), undefined, jfit);
    return [(await engine.groundState(molecule("CH3OH"))).energy, (await engine.oneShot(guess)).energy];
  };
  expect(await run(0)).toEqual(await run(all));
});

test("one diagonalisation, memory for a part of the batches", async () => {
  const guess = await superposedAtoms(coarse, molecule("QM9_4088"), undefined, jfit);
  const run = async (integralMemory: number) =>
    (await createBuiltinEngine(coarse, { integralMemory }).oneShot(guess, { response: false })).energy;
  expect(Math.abs((await run(2e7)) - (await run(all)))).toBeLessThan(1e-10);
});

test("exact exchange says what it would need", async () => {
  const engine = createBuiltinEngine(level({ functional: "pbe0", grid: 1 }), { integralMemory: 1000 });
  await expect(engine.groundState(molecule("HF"))).rejects.toThrow(/exact exchange needs all three-centre integrals/);
});

// 0.68 GB of integrals. Nine minutes on two cores busy with other work.
test.runIf(process.env["BRINE_FULL"])(
  "C20H42, 62 atoms, converges with memory for less than half of the integrals",
  async () => {
    const run = async (integralMemory: number) =>
      createBuiltinEngine(coarse, { integralMemory }).groundState(alkane(20));
    const some = await run(3e8);
    expect(some.structure.species.length).toBe(62);
    expect(some.iterations).toBeLessThan(20);
    expect(Math.abs(some.energy - (await run(all)).energy)).toBeLessThan(1e-9);
  },
  900_000,
);
