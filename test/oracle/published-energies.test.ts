/** Total energies that tests of other programs hold (test/data/published-energies): other grids, other density fitting or none. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { useMachine } from "../../dist/machine.js";
import { libxcFunctionals, libxcVersion } from "../../dist/node/libxc.js";
import { basis, level } from "../data/pyscf-scf/load.js";

interface Published {
  readonly program: string;
  readonly geometry: string;
  readonly basis: string;
  readonly functional: string;
  readonly energy: number;
  /** def2-universal-jkfit when absent. */
  readonly fit?: string;
  readonly tolerance?: number;
}

const path = new URL("../data/published-energies/energies.json", import.meta.url);
const { geometries, energies } = JSON.parse(readFileSync(path, "utf8")) as {
  geometries: Record<string, (string | number)[][]>;
  energies: Published[];
};
const ofLibxc = ({ functional }: Published): boolean => functional.includes("_x_") || functional.includes("_x+");

/** Hartree and exchange by density fitting with one set of functions, and grids: some 1e-5 hartree. */
const TOLERANCE = 5e-5;

async function compare({ geometry, functional, fit, energy, tolerance, ...names }: Published): Promise<void> {
  const atoms = geometries[geometry];
  const [structure] = readExtxyz(`${atoms.length}\n\n${atoms.map((atom) => atom.join(" ")).join("\n")}\n`);
  const coulombFit = basis(fit ?? "def2-universal-jkfit");
  const choice = { functional, orbitals: basis(names.basis), coulombFit, grid: 4 };
  const state = await createBuiltinEngine(level(choice)).groundState(structure);
  expect(Math.abs(state.energy - energy)).toBeLessThan(tolerance ?? TOLERANCE);
}

test.each(energies.filter((one) => !ofLibxc(one)))("$geometry $functional/$basis, $program", compare);

describe.runIf(libxcVersion())("functionals of libxc", () => {
  beforeAll(() => useMachine({ functionals: libxcFunctionals() }));
  test.each(energies.filter(ofLibxc))("$geometry $functional/$basis, $program", compare);
});
