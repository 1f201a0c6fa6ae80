/** Converged Kohn–Sham energies against PySCF (test/data/pyscf-scf) on the default grid and on the finest. */
import { describe, expect, test } from "vitest";
import type { EnergyComponents } from "../../dist/dataset/record.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import type { GroundState } from "../../dist/engine/engine.js";
import { level, molecule, molecules, type ScfNumbers } from "../data/pyscf-scf/load.js";

const full = Boolean(process.env["BRINE_FULL"]);

async function solve(name: string, functional: string, grid: number): Promise<GroundState> {
  return createBuiltinEngine(level({ functional, grid })).groundState(molecule(name));
}

/** The reference on the finest grid there is. */
function finest(name: string, functional: string): { grid: number; reference: ScfNumbers } {
  const grid = [7, 6, 3].find((number) => `${functional}/level${number}` in molecules[name].scf)!;
  return { grid, reference: molecules[name].scf[`${functional}/level${grid}`] };
}

function expectComponents(found: EnergyComponents, reference: EnergyComponents, tolerance: number): void {
  for (const key of Object.keys(reference) as (keyof EnergyComponents)[])
    expect(Math.abs(found[key]! - reference[key]!), key).toBeLessThan(tolerance);
}

describe("PBE/def2-SVP on the default grid", () => {
  // The grid errors of both programs: PySCF's level 3 is within 2.3e-6 hartree of its level 7.
  test.each(["H2O", "HF", "N2", "NH3", "CH4", "CH2O", "CH3OH"])("%s within 2e-5 hartree", async (name) => {
    const { reference } = finest(name, "PBE");
    const state = await solve(name, "pbe", 3);
    expect(Math.abs(state.energy - reference.energy)).toBeLessThan(2e-5);
    expectComponents(state.components, reference.components, 2e-4);
    expect(state.iterations).toBeLessThan(20);
  });

  test.runIf(full)("a QM9 molecule of 15 atoms within 2e-5 hartree", async () => {
    const state = await solve("QM9_4088", "pbe", 3);
    expect(Math.abs(state.energy - molecules["QM9_4088"].scf["PBE/level3"].energy)).toBeLessThan(2e-5);
  });
});

describe("PBE/def2-SVP on the finest grid", () => {
  const names = full ? ["H2O", "HF", "N2", "NH3", "CH4", "CH2O", "CH3OH", "QM9_4088"] : ["HF", "N2"];
  test.each(names)("%s with its components", async (name) => {
    const { grid, reference } = finest(name, "PBE");
    const state = await solve(name, "pbe", 9);
    expect(Math.abs(state.energy - reference.energy)).toBeLessThan(grid > 3 ? 1e-6 : 5e-6);
    expectComponents(state.components, reference.components, 1e-4);
    const { dipole, orbitalEnergies } = molecules[name].scf["PBE/level3"];
    dipole?.forEach((component, k) => expect(Math.abs(state.dipole![k] - component)).toBeLessThan(1e-4));
    orbitalEnergies?.forEach((energy, i) =>
      expect(Math.abs(state.state.orbitals[0].energies[i] - energy)).toBeLessThan(1e-4),
    );
  });
});

describe("local density approximation, water", () => {
  test.each([
    ["lda", "SPW92"],
    ["svwn5", "SVWN5"],
  ])("%s", async (functional, key) => {
    const { energy, components } = molecules["H2O"].scf[`${key}/level3`];
    const state = await solve("H2O", functional, 5);
    expect(Math.abs(state.energy - energy)).toBeLessThan(2e-6);
    // First order in the orbitals, so they show the grid error of the reference, level 3.
    expectComponents(state.components, components, 3e-4);
  });
});
