/**
 * Energies of Gaussians and plane waves: CP2K 2023.1 with the same basis, pseudopotentials, functional and grid
 * (test/data/cp2k-water). Totals to 1e-6 hartree an atom and components to 1e-5 are asked for.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import type { Engine, GroundState } from "../../dist/engine/engine.js";
import { gridSize } from "../../dist/grid/uniform-grid.js";
import { closedShell } from "../../dist/kohn-sham/state.js";
import { evaluateTerms } from "../../dist/kohn-sham/term.js";
import type { LevelOfTheory } from "../../dist/level.js";
import { unpackPairs, type Matrix } from "../../dist/math/matrix.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { superposedAtoms } from "../../dist/atoms/superposed-atoms.js";
import { preparePeriodic } from "../../dist/periodic/prepare-periodic.js";
import { periodicStructure } from "./periodic-structures.js";

interface System {
  readonly name: string;
  readonly cell_angstrom: number[];
  readonly species: string[];
  readonly positions_angstrom: number[][];
  readonly energy_ha: Record<string, number>;
  readonly eigenvalues_occupied_ha: number[];
  readonly grid_points: number[][];
  readonly cutoff_ry: number;
}

const read = (name: string): never =>
  JSON.parse(readFileSync(new URL(`../data/cp2k-water/${name}.json`, import.meta.url), "utf8")) as never;
const { systems, bohr_in_angstrom: bohr }: { systems: System[]; bohr_in_angstrom: number } = read("energies");
const systemNamed = (name: string): System => systems.find((system) => system.name === name)!;

const orbitals = basisByName("dzvp-molopt-sr-gth");
const pseudopotentials = pseudopotentialsByName("gth-pbe");
const level = (cutoff: number, functional = "pbe-cp2k"): LevelOfTheory => ({
  functional,
  orbitals,
  pseudopotentials,
  auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
  fitMetric: "coulomb",
  numerics: { engine: "builtin", version: "test", planewaveCutoff: cutoff / 2, tolerance: 1e-11 },
});

function structureOf({ cell_angstrom, species, positions_angstrom }: System): ReturnType<typeof periodicStructure> {
  return periodicStructure({ species, positions: positions_angstrom, cell: cell_angstrom }, 1 / bohr);
}

async function expectEnergies(name: string, functional?: string): Promise<{ engine: Engine; state: GroundState }> {
  const system = systemNamed(name);
  const engine = createBuiltinEngine(level(system.cutoff_ry, functional));
  const state = await engine.groundState(structureOf(system));
  const { core_overlap, core_self, core_hamiltonian, hartree, xc, total } = system.energy_ha;
  expect(Math.abs(state.energy - total) / system.species.length).toBeLessThan(1e-7);
  expect(Object.keys(state.components)).toEqual([
    "coreHamiltonian",
    "hartree",
    "exchangeCorrelation",
    "coreOverlap",
    "coreSelf",
  ]);
  Object.values(state.components).forEach((value, i) =>
    expect(Math.abs(value - [core_hamiltonian, hartree, xc, core_overlap, core_self][i])).toBeLessThan(2e-6),
  );
  system.eigenvalues_occupied_ha.forEach((value, i) =>
    expect(Math.abs(state.state.orbitals[0].energies[i] - value)).toBeLessThan(2e-6),
  );
  return { engine, state };
}

describe("the periodic engine against CP2K", () => {
  it("grids have the same points", () => {
    for (const { cell_angstrom, grid_points, cutoff_ry } of systems)
      cell_angstrom.forEach((length, k) => expect(gridSize(length / bohr, cutoff_ry / 2)).toBe(grid_points[0][k]));
    expect(gridSize(9.67446 / bohr, 200)).toBe(120);
  });

  it("converges a water molecule to the same energy, and its fit comes back to it", { timeout: 300000 }, async () => {
    const { engine, state } = await expectEnergies("h2o_6A_c300");
    const { density, quality } = await engine.fit(state);
    expect(Math.abs(quality.electrons - 8)).toBeLessThan(0.1); // the metric without G = 0 hardly sees the total charge
    expect(quality.absoluteErrorPerElectron).toBeLessThan(0.012);
    const { oneShot, harrisFoulkes, energy } = await engine.oneShot(density);
    // Fit floor of this auxiliary basis: 0.0018 meV an atom, Harris–Foulkes 0.9 meV an atom.
    expect(oneShot - state.energy).toBeGreaterThan(0);
    expect(oneShot - state.energy).toBeLessThan(5e-7);
    expect(Math.abs(harrisFoulkes - state.energy)).toBeLessThan(3e-4);
    expect(Math.abs(energy - state.energy)).toBeLessThan(1e-6);
    expect((await engine.oneShot(density, { response: false })).energy).toBe(oneShot);
    const atoms = await superposedAtoms({ ...level(300), pseudopotentials }, state.structure);
    const rough = await engine.oneShot(atoms);
    expect(rough.oneShot - state.energy).toBeGreaterThan(0.05);
    expect(rough.response!.reliable).toBe(true);
    expect(Math.abs(rough.energy - state.energy)).toBeLessThan(0.002 * (rough.oneShot - state.energy));
    const again = await engine.groundState(state.structure, { guess: density });
    expect(Math.abs(again.energy - state.energy)).toBeLessThan(1e-9);
    expect(again.iterations).toBeLessThanOrEqual(state.iterations - 3);
  });

  it.runIf(process.env.BRINE_FULL)(
    "and so it does on other grids, in larger boxes, shifted, with libxc's constants, two molecules and silicon",
    { timeout: 3600000 },
    async () => {
      for (const name of ["h2o_6A", "h2o_6A_c600", "h2o_6A_shift", "h2o_10A", "dimer_8A_mg", "si8_mg"])
        await expectEnergies(name);
      await expectEnergies("h2o_6A_libxc", "pbe");
    },
  );

  // CP2K stopped its H2 where FDS − SDF is still 2e-3; the energy of its density matrix is what can be compared.
  it("gives the energy of CP2K's density matrices", { timeout: 300000 }, async () => {
    const { structures }: { structures: { name: string; density: number[] }[] } = read("core-matrices");
    expect(structures.map(({ name }) => name)).toEqual(["h2o_6A", "h2_6A"]);
    for (const { name, density } of structures) {
      const system = systemNamed(name);
      const { terms } = await preparePeriodic(level(system.cutoff_ry), structureOf(system));
      const { energy, components } = await evaluateTerms(terms, closedShell(fromTriangle(density)), {
        energyOnly: true,
      });
      expect(Math.abs(components.hartree - system.energy_ha.hartree)).toBeLessThan(2e-7);
      expect(Math.abs(components.exchangeCorrelation - system.energy_ha.xc)).toBeLessThan(2e-7);
      expect(Math.abs(energy - system.energy_ha.total)).toBeLessThan(3e-7);
    }
  });
});

function fromTriangle(triangle: readonly number[]): Matrix {
  return unpackPairs(Float64Array.from(triangle), Math.round((Math.sqrt(8 * triangle.length + 1) - 1) / 2));
}
