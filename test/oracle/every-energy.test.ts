/** Every converged energy that there is of PySCF (test/data/pyscf-scf/energies.json): same fit, and four-index integrals. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { basis, level, molecule } from "../data/pyscf-scf/load.js";

type Row = readonly [
  molecule: string,
  basis: string,
  functional: string,
  coulomb: string,
  grid: string,
  energy: number,
];
const path = new URL("../data/pyscf-scf/energies.json", import.meta.url);
const rows = JSON.parse(readFileSync(path, "utf8")) as Row[];

const full = Boolean(process.env["BRINE_FULL"]);
const OTHER_NAMES: Readonly<Record<string, string>> = { SPW92: "lda" };
const FITS: Readonly<Record<string, string>> = {
  dfjfit: "def2-universal-jfit",
  dfjkfit: "def2-universal-jkfit",
  "df cc-pvqz-jkfit": "cc-pvqz-jkfit",
  exact: "def2-universal-jkfit",
};

/** Fits of the Coulomb energy and of exchange: HF/def2-SVP of water is the worst. With the same fit the grids are left. */
function tolerance(functional: string, coulomb: string): number {
  if (coulomb === "exact") return 6e-5;
  return functional === "R2SCAN" ? 2e-5 : 3e-6;
}

/** Without BRINE_FULL water, in grids that are not the largest, and one functional with the exact Coulomb energy. */
const chosen = rows.filter(
  ([name, , functional, coulomb, grid]) =>
    full ||
    (name === "H2O" &&
      grid !== "level7" &&
      (functional === "HF" || coulomb !== "dfjfit") &&
      (functional === "HF" || coulomb !== "exact")),
);

test.each(chosen)("%s %s %s, J %s, %s", async (name, orbitals, functional, coulomb, _, energy) => {
  const choice = {
    functional: OTHER_NAMES[functional] ?? functional.toLowerCase(),
    orbitals: basis(orbitals),
    coulombFit: basis(FITS[coulomb]),
    grid: functional === "R2SCAN" ? 6 : functional === "HF" ? 1 : 4,
  };
  const state = await createBuiltinEngine(level(choice)).groundState(molecule(name));
  expect(Math.abs(state.energy - energy)).toBeLessThan(tolerance(functional, coulomb));
});
