/** Larger bases (f, g and h functions, diffuse ones) and Hartree–Fock against PySCF (test/data/pyscf-scf/larger-bases.json). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { atomicNumber } from "../../dist/structure/elements.js";
import { basis, level } from "../data/pyscf-scf/load.js";

interface Case {
  readonly molecule: string;
  readonly functional: string;
  readonly basis: string;
  readonly fit: string;
  readonly functions: number;
  readonly energy: number;
}

const path = new URL("../data/pyscf-scf/larger-bases.json", import.meta.url);
const { molecules, energies } = JSON.parse(readFileSync(path, "utf8")) as {
  molecules: Record<string, [string, number, number, number][]>;
  energies: Case[];
};
const full = Boolean(process.env["BRINE_FULL"]);

/** The grids of both programs at level 5; Hartree–Fock has none. */
const tolerance = (functional: string): number => (functional === "hf" ? 1e-7 : 3e-6);

test.each(energies.filter(({ functions }) => full || functions < 90))(
  "$molecule $functional/$basis, fitted in $fit",
  async ({ molecule, functional, energy, functions, fit, basis: name }) => {
    const atoms = molecules[molecule];
    const structure = {
      species: Uint8Array.from(atoms, ([symbol]) => atomicNumber(symbol)),
      positions: Float64Array.from(atoms.flatMap(([, ...position]) => position)),
      charge: 0,
      unpaired: 0,
      info: {},
    };
    const choice = { functional, orbitals: basis(name), coulombFit: basis(fit), grid: functional === "hf" ? 1 : 5 };
    const state = await createBuiltinEngine(level(choice)).groundState(structure);
    expect(state.state.orbitals[0].coefficients.real.rows).toBe(functions);
    expect(Math.abs(state.energy - energy)).toBeLessThan(tolerance(functional));
  },
);
