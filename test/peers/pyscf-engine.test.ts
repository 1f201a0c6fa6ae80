/** The engine pyscf against the builtin one: two programs, the same functions, grids of their own. */
import { afterAll, describe, expect, test } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { evenTempered } from "../../dist/basis/even-tempered.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { realDensity } from "../../dist/kohn-sham/state.js";
import type { Engine, GroundState } from "../../dist/engine/engine.js";
import { useMachine } from "../../dist/machine.js";
import { libxcFunctionals, libxcVersion } from "../../dist/node/libxc.js";
import { createPyscfEngine, pyscfVersion } from "../../dist/node/pyscf-engine.js";
import { basis, jfit, level, molecule, orbitals } from "../data/pyscf-scf/load.js";
import { pyscfAvailable } from "./available.js";

const engines: Engine[] = [];
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
});

function both(choice: Parameters<typeof level>[0] = {}): { pyscf: Engine; builtin: Engine } {
  const pair = { pyscf: createPyscfEngine(level(choice)), builtin: createBuiltinEngine(level(choice)) };
  engines.push(pair.pyscf, pair.builtin);
  return pair;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));
}

/** Both grids are of level 3, whose energies are good to some 1e-6 hartree an atom. */
const SAME_ENERGY = 2e-5;

describe.runIf(pyscfAvailable)("references", () => {
  test("say which PySCF", async () => {
    expect(await pyscfVersion()).toMatch(/^2\./);
  });

  test.each(["H2O", "HF", "CH2O"])("of %s agree", async (name) => {
    const { pyscf, builtin } = both();
    const structure = molecule(name);
    const stages: string[] = [];
    const theirs = await pyscf.groundState(structure, {
      onProgress: ({ stage, done }) => stages.push(`${stage} ${done}`),
    });
    const ours = await builtin.groundState(structure);
    expect(stages).toHaveLength(theirs.iterations);
    expect(Math.abs(theirs.energy - ours.energy)).toBeLessThan(SAME_ENERGY);
    expect(distance(Object.values(theirs.components), Object.values(ours.components))).toBeLessThan(2e-4);
    expect(Object.keys(theirs.components)).toEqual(Object.keys(ours.components));
    expect(distance(theirs.dipole!, ours.dipole!)).toBeLessThan(1e-4);
    expect(distance(theirs.state.orbitals[0].energies, ours.state.orbitals[0].energies)).toBeLessThan(1e-4);
    expect(distance(realDensity(theirs.state).data, realDensity(ours.state).data)).toBeLessThan(1e-4);
    expect(theirs.state.orbitals[0].occupied).toBe(ours.state.orbitals[0].occupied);
    const [their, our] = [await pyscf.fit(theirs), await builtin.fit(ours)];
    expect(distance(their.density.coefficients, our.density.coefficients)).toBeLessThan(1e-4);
    expect(Math.abs(their.quality.electrons - our.quality.electrons)).toBeLessThan(1e-6);
    expect(Math.abs(their.quality.absoluteErrorPerElectron! / our.quality.absoluteErrorPerElectron! - 1)).toBeLessThan(
      0.02,
    );
    expect(Math.abs(their.quality.selfRepulsion! - our.quality.selfRepulsion!)).toBeLessThan(1e-8);
  });

  test.each(["lda", "svwn5", "blyp", "b3lyp", "b3lyp5", "pbe0", "hf"])("with %s agree", async (functional) => {
    const { pyscf, builtin } = both({ functional, coulombFit: basis("def2-universal-jkfit") });
    const [theirs, ours] = [await pyscf.groundState(molecule("H2O")), await builtin.groundState(molecule("H2O"))];
    expect(Math.abs(theirs.energy - ours.energy)).toBeLessThan(SAME_ENERGY);
  });

  test.each([
    ["NO2, a radical", [8, 7, 8], [0, 2.07, 0.9, 0, 0, 0, 0, -2.07, 0.9], 0, 1],
    ["O2, a triplet", [8, 8], [0, 0, 0, 0, 0, 2.28], 0, 2],
    ["the anion of OH, closed", [8, 1], [0, 0, 0, 0, 0, 1.83], -1, 0],
  ])("of %s agree", async (_, species, positions, charge, unpaired) => {
    const { pyscf, builtin } = both();
    const structure = {
      species: Uint8Array.from(species),
      positions: Float64Array.from(positions),
      charge,
      unpaired,
      info: {},
    };
    const [theirs, ours] = [await pyscf.groundState(structure), await builtin.groundState(structure)];
    expect(Math.abs(theirs.energy - ours.energy)).toBeLessThan(SAME_ENERGY);
    expect(distance(realDensity(theirs.state).data, realDensity(ours.state).data)).toBeLessThan(2e-4);
    const [their, our] = [await pyscf.fit(theirs), await builtin.fit(ours)];
    expect(distance(their.density.coefficients, our.density.coefficients)).toBeLessThan(1e-4);
    expect(their.spinCoefficients === undefined).toBe(unpaired === 0);
    if (theirs.spinSquared === undefined || ours.spinSquared === undefined) return;
    expect(Math.abs(theirs.spinSquared - ours.spinSquared)).toBeLessThan(1e-4);
    expect(theirs.state.orbitals[1].occupied).toBe(ours.state.orbitals[1].occupied);
    expect(distance(theirs.state.orbitals[1].energies, ours.state.orbitals[1].energies)).toBeLessThan(2e-4);
    expect(distance(their.spinCoefficients!, our.spinCoefficients!)).toBeLessThan(1e-4);
  });

  test.runIf(libxcVersion())("with a functional of libxc agree", async () => {
    useMachine({ functionals: libxcFunctionals() });
    const { pyscf, builtin } = both({ functional: "gga_x_b88+gga_c_p86" });
    const [theirs, ours] = [await pyscf.groundState(molecule("H2O")), await builtin.groundState(molecule("H2O"))];
    expect(Math.abs(theirs.energy - ours.energy)).toBeLessThan(SAME_ENERGY);
  });

  test("agree for the same density matrix in the overlap metric and another basis", async () => {
    const { pyscf, builtin } = both({ auxiliary: evenTempered(orbitals, 2), fitMetric: "overlap" });
    const state = await builtin.groundState(molecule("H2O"));
    const [theirs, ours] = [await pyscf.fit(state), await builtin.fit(state)];
    // The same linear equations; they amplify rounding.
    expect(distance(theirs.density.coefficients, ours.density.coefficients)).toBeLessThan(1e-6);
    expect(Math.abs(theirs.quality.selfRepulsion! - ours.quality.selfRepulsion!)).toBeLessThan(1e-8);
  });
});

describe.runIf(pyscfAvailable)("one diagonalisation", () => {
  test.each([
    ["the RI-J basis", jfit],
    ["an even-tempered basis", evenTempered(orbitals, 2)],
  ])("of a density in %s", async (_, auxiliary) => {
    const { pyscf, builtin } = both({ auxiliary });
    const { density } = await builtin.fit(await builtin.groundState(molecule("CH2O")));
    const [theirs, ours] = [
      await pyscf.oneShot(density, { orbitals: true }),
      await builtin.oneShot(density, { response: false, orbitals: true }),
    ];
    expect(distance(realDensity(theirs.state!).data, realDensity(ours.state!).data)).toBeLessThan(1e-4);
    expect(theirs.response).toBeUndefined();
    expect(theirs.energy).toBe(theirs.oneShot);
    expect(Math.abs(theirs.oneShot - ours.oneShot)).toBeLessThan(SAME_ENERGY);
    // First order in the grid: that of a density that is not self-consistent.
    expect(Math.abs(theirs.harrisFoulkes - ours.harrisFoulkes)).toBeLessThan(1e-4);
    expect(
      distance([...theirs.dipole!, theirs.homo, theirs.lumo], [...ours.dipole!, ours.homo, ours.lumo]),
    ).toBeLessThan(1e-4);
    // First order too, and large: some 1e2 hartree each.
    expect(distance(Object.values(theirs.components), Object.values(ours.components))).toBeLessThan(1e-3);
  });
});

describe.runIf(pyscfAvailable)("forces", () => {
  test("are the derivative of the energy, and those of the builtin engine", async () => {
    const { pyscf, builtin } = both();
    const structure = molecule("H2O");
    const state = await pyscf.groundState(structure);
    const gradient = await pyscf.gradient!(state);
    // Each is the derivative on its own grid.
    expect(distance(gradient, await builtin.gradient!(state))).toBeLessThan(1e-4);
    const h = 0.01;
    const moved = async (step: number): Promise<GroundState> => {
      const positions = structure.positions.slice();
      positions[4] += step;
      return pyscf.groundState({ ...structure, positions });
    };
    const difference = ((await moved(h)).energy - (await moved(-h)).energy) / (2 * h);
    // h² times a third derivative of about 1 hartree/bohr³, over 6.
    expect(Math.abs(gradient[4] - difference)).toBeLessThan(5e-5);
  });
});

describe.runIf(pyscfAvailable)("failures", () => {
  test("say what is wrong, and the engine goes on", async () => {
    const engine = createPyscfEngine(level(), { maxIterations: 2 });
    engines.push(engine);
    const water = molecule("H2O");
    await expect(engine.groundState(water)).rejects.toMatchObject({
      tag: "not-converged",
      message: expect.stringContaining("2 iterations"),
    });
    await expect(engine.groundState({ ...water, charge: 1 })).rejects.toMatchObject({
      tag: "unsupported",
      message: expect.stringContaining("odd number of electrons"),
    });
    await expect(engine.groundState({ ...water, species: Uint8Array.of(8, 1, 118) })).rejects.toThrow();
    const stop = new AbortController();
    const work = engine.groundState(water, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(work).rejects.toMatchObject({ tag: "aborted" });
    await expect(engine.groundState(water)).rejects.toMatchObject({ tag: "not-converged" });
  });

  test("one diagonalisation is not enough for a functional of the orbitals", async () => {
    const { pyscf } = both({ functional: "pbe0" });
    const structure = molecule("HF");
    const density = {
      structure,
      basis: jfit,
      quantity: "density",
      nuclearCharges: Float64Array.of(9, 1),
      coefficients: new Float64Array(placeBasis(jfit, structure).size).fill(0.1),
    } as const;
    await expect(pyscf.oneShot(density)).rejects.toMatchObject({ tag: "unsupported" });
  });

  test("a density of another basis is refused", async () => {
    const { pyscf } = both();
    const structure = molecule("H2O");
    const density = {
      structure,
      basis: jfit,
      quantity: "density",
      nuclearCharges: Float64Array.of(8, 1, 1),
      coefficients: new Float64Array(7),
    } as const;
    await expect(pyscf.oneShot(density)).rejects.toMatchObject({ tag: "mismatch" });
  });
});
