/** Total energies by Psi4, NWChem, Turbomole, Gaussian and ORCA (test/data/published-energies): other grids, other density fitting or none. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Basis } from "../../dist/basis/basis.js";
import { createBuiltinEngine } from "../../dist/engine/builtin.js";
import { readBasisSetExchange } from "../../dist/io/bse.js";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { basis, level } from "../data/pyscf-scf/load.js";

interface Published {
  readonly program: string;
  readonly geometry: string;
  readonly basis: string;
  readonly functional: string;
  readonly energy: number;
}

const folder = new URL("../data/published-energies/", import.meta.url);
const { geometries, energies } = JSON.parse(readFileSync(new URL("energies.json", folder), "utf8")) as {
  geometries: Record<string, (string | number)[][]>;
  energies: Published[];
};

function basisOf(name: string): Basis {
  const file = new URL(`${name}.json`, folder);
  return existsSync(file) ? readBasisSetExchange(readFileSync(file, "utf8"), name) : basis(name);
}

/** Hartree and exchange by density fitting with one set of functions, and grids: some 1e-5 hartree. */
const TOLERANCE = 5e-5;

test.each(energies)("$geometry $functional/$basis, $program", async ({ geometry, functional, energy, ...names }) => {
  const atoms = geometries[geometry];
  const [structure] = readExtxyz(`${atoms.length}\n\n${atoms.map((atom) => atom.join(" ")).join("\n")}\n`);
  const choice = { functional, orbitals: basisOf(names.basis), coulombFit: basis("def2-universal-jkfit"), grid: 4 };
  const state = await createBuiltinEngine(level(choice)).groundState(structure);
  expect(Math.abs(state.energy - energy)).toBeLessThan(TOLERANCE);
});
