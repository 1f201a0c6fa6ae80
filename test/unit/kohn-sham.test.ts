/** Parts of the Kohn–Sham room: DIIS, occupations, refusals, abort. The terms are in test/property/terms.test.ts. */
import { describe, expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { buildLevel } from "../../dist/engine/level.js";
import { VERSION } from "../../dist/version.js";
import { augmentedDiisWeights } from "../../dist/kohn-sham/augmented-diis.js";
import { createDiis } from "../../dist/kohn-sham/diis.js";
import { canonicalOrthogonaliser, transformed } from "../../dist/kohn-sham/orthogonalisation.js";
import { channelsAtGamma, type PerChannel } from "../../dist/kohn-sham/state.js";
import { real } from "../../dist/math/hermitian.js";
import { identity, matrix } from "../../dist/math/matrix.js";
import { nuclearRepulsion } from "../../dist/molecule/nuclear-repulsion.js";
import { electronsByAngularMomentum } from "../../dist/atoms/spherical-atom.js";
import { superposedAtoms } from "../../dist/atoms/superposed-atoms.js";
import { moments } from "../../dist/density/observables.js";
import type { Structure } from "../../dist/structure/structure.js";
import { jfit, level, molecule, orbitals } from "../data/pyscf-scf/load.js";

test("DIIS solves a linear problem of n unknowns in n + 1 steps", () => {
  // F − A F = B with the error linear in F: the extrapolation is exact once the errors span the space.
  const n = 3;
  const goal = [0.3, -1.2, 2];
  const diis = createDiis(channelsAtGamma(0));
  let x = new Float64Array(n);
  for (let step = 0; step < n + 2; step++) {
    const error = x.map((value, i) => (i + 1) * (value - goal[i]) + 0.3 * (x[(i + 1) % n] - goal[(i + 1) % n]));
    const row = (data: Float64Array): PerChannel => [real(matrix(1, n, data))];
    const next = diis.extrapolate({
      fock: row(x.map((value, i) => value - 0.2 * error[i])),
      error: row(error),
      density: row(x),
    });
    x = next[0].real.data.slice();
  }
  goal.forEach((value, i) => expect(x[i]).toBeCloseTo(value, 6));
});

test("weights far from convergence stay in the simplex and prefer the lower energy", () => {
  // E(D) = Tr D² over diagonal matrices, F = dE/dD = 2D: of diag(1, 0) and diag(0, 1) the mean is lowest.
  const diagonal = (a: number, b: number): PerChannel => [real(matrix(2, 2, Float64Array.of(a, 0, 0, b)))];
  const channels = channelsAtGamma(0);
  const weights = augmentedDiisWeights(channels, [diagonal(1, 0), diagonal(0, 1)], [diagonal(2, 0), diagonal(0, 2)]);
  expect(weights[0]).toBeCloseTo(0.5, 3);
  expect(weights[1]).toBeCloseTo(0.5, 3);
  const lower = augmentedDiisWeights(channels, [diagonal(3, 0), diagonal(0.5, 0.5)], [diagonal(6, 0), diagonal(1, 1)]);
  expect(lower[1]).toBeGreaterThan(0.95);
});

test("linearly dependent functions are left out", () => {
  const overlap = identity(4);
  overlap.data[1] = overlap.data[4] = 1 - 1e-9;
  const x = canonicalOrthogonaliser(real(overlap));
  expect(x.real.columns).toBe(3);
  const unit = transformed(x, real(overlap));
  unit.real.data.forEach((value, k) => expect(value).toBeCloseTo(k % 4 === 0 ? 1 : 0, 10));
});

test("electrons of atoms by angular momentum", () => {
  expect(electronsByAngularMomentum(8)).toEqual([4, 4, 0, 0]);
  expect(electronsByAngularMomentum(26)).toEqual([8, 12, 6, 0]);
  expect(electronsByAngularMomentum(64).reduce((a, b) => a + b)).toBe(64);
});

test("repulsion of two nuclei", () => {
  const structure: Structure = {
    species: Uint8Array.of(8, 1),
    positions: Float64Array.of(0, 0, 0, 0, 0, 2),
    charge: 0,
    unpaired: 0,
    info: {},
  };
  expect(nuclearRepulsion(structure)).toBeCloseTo(4, 14);
});

test("superposed atoms have the electrons of the neutral atoms", async () => {
  const density = await superposedAtoms(level(), molecule("CH2O"));
  expect(Math.abs(moments(density).charge)).toBeLessThan(1e-9);
});

test("water with both bonds stretched to 1.8 Å converges, gap and all", async () => {
  const positions = Float64Array.of(0, 0, 0, 3.4, 0, 0, -0.76, 3.31, 0);
  const stretched: Structure = { species: Uint8Array.of(8, 1, 1), positions, charge: 0, unpaired: 0, info: {} };
  const state = await createBuiltinEngine(level({ grid: 1 })).groundState(stretched);
  const [{ energies, occupied }] = state.state.orbitals;
  const gap = energies[occupied] - energies[occupied - 1];
  expect(gap).toBeGreaterThan(0.03);
  expect(gap).toBeLessThan(0.06);
  expect(state.iterations).toBeLessThan(35);
});

test("the version is that of the package", async () => {
  const { default: description } = await import("../../package.json", { with: { type: "json" } });
  expect(VERSION).toBe(description.version);
});

describe("refusals", () => {
  const engine = createBuiltinEngine(level({ grid: 1 }));
  const water = molecule("H2O");

  test("impossible spins and charges, periodic structures", async () => {
    await expect(engine.groundState({ ...water, charge: 1 })).rejects.toMatchObject({ tag: "unsupported" });
    await expect(engine.groundState({ ...water, unpaired: 1 })).rejects.toThrow(
      /10 electrons, of which 1 cannot be unpaired/,
    );
    await expect(
      engine.oneShot({ ...(await superposedAtoms(level({ grid: 1 }), water)), structure: { ...water, unpaired: 2 } }),
    ).rejects.toThrow(/closed shells only/);
    await expect(engine.groundState({ ...water, charge: 12 })).rejects.toMatchObject({ tag: "input" });
    const cell = { vectors: new Float64Array(9), periodic: [true, true, true] as const };
    await expect(engine.groundState({ ...water, cell })).rejects.toMatchObject({ tag: "unsupported" });
  });

  test("forces of open shells", async () => {
    const atom = { species: Uint8Array.of(1), positions: new Float64Array(3), charge: 0, unpaired: 1, info: {} };
    const state = await engine.groundState(atom);
    expect(state.spinSquared).toBeCloseTo(0.75, 12);
    await expect(engine.gradient(state)).rejects.toMatchObject({ tag: "unsupported" });
  });

  test("an element that the basis does not have", async () => {
    const odd = { ...water, species: Uint8Array.of(92, 1, 1) };
    await expect(engine.groundState(odd)).rejects.toMatchObject({ tag: "unsupported" });
  });

  test("levels that do not exist", () => {
    const choice = { functional: "pbe", orbitals, coulombFit: jfit, auxiliary: jfit };
    expect(() => buildLevel({ ...choice, functional: "nonsense" })).toThrow(/nonsense/);
    expect(() => buildLevel({ ...choice, grid: 10 })).toThrow(/grid/);
    expect(() => buildLevel({ ...choice, tolerance: 0 })).toThrow(/tolerance/);
  });

  test("densities that do not fit the structure or are broken", async () => {
    const density = await superposedAtoms(engine.level, water);
    await expect(engine.oneShot({ ...density, coefficients: density.coefficients.subarray(1) })).rejects.toMatchObject({
      tag: "mismatch",
    });
    await expect(
      engine.oneShot({ ...density, coefficients: density.coefficients.map(() => Number.NaN) }),
    ).rejects.toMatchObject({ tag: "input" });
    await expect(engine.oneShot({ ...density, nuclearCharges: Float64Array.of(6, 1, 1) })).rejects.toMatchObject({
      tag: "mismatch",
    });
  });

  test("too few iterations are reported with numbers", async () => {
    const hasty = createBuiltinEngine(level({ grid: 1 }), { maxIterations: 2 });
    await expect(hasty.groundState(water)).rejects.toMatchObject({
      tag: "not-converged",
      message: expect.stringMatching(/2 iterations.*hartree.*gradient/),
    });
  });

  test("an abort arrives within half a second of work", async () => {
    const controller = new AbortController();
    let before = process.cpuUsage();
    setTimeout(() => {
      before = process.cpuUsage();
      controller.abort();
    }, 300);
    await expect(
      createBuiltinEngine(level()).groundState(molecule("QM9_4088"), { signal: controller.signal }),
    ).rejects.toMatchObject({ tag: "aborted" });
    // Of this process and not of the clock, which also counts what else the machine does.
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(500_000);
  });
});
