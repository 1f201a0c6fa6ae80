/** Molecules with pseudopotentials against PySCF (test/data/pyscf-gth-molecules). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { buildLevel } from "../../dist/engine/level.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { atomicNumber } from "../../dist/structure/elements.js";
import { structureOf } from "../structure-of.js";

interface Result {
  readonly name: string;
  readonly atoms: string;
  readonly functional: string;
  readonly charge: number;
  readonly unpaired: number;
  readonly energy: number;
  readonly nuclearRepulsion: number;
  readonly dipole: readonly number[];
}

const { results } = JSON.parse(
  readFileSync(new URL("../data/pyscf-gth-molecules/energies.json", import.meta.url), "utf8"),
) as { results: Result[] };
const level = (functional: string) =>
  buildLevel({
    functional,
    orbitals: basisByName("dzvp-molopt-sr-gth"),
    coulombFit: basisByName("def2-universal-jkfit"),
    pseudopotentials: pseudopotentialsByName("gth-pbe"),
    auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
    grid: 5,
  });

test.each(results.map((one) => [`${one.name} ${one.functional}`, one] as const))(
  "%s",
  { timeout: 60_000 },
  async (_name, { atoms, functional, charge, unpaired, energy, nuclearRepulsion, dipole }) => {
    const words = atoms.split(";").map((line) => line.trim().split(" "));
    const structure = structureOf(
      words.map(([symbol]) => atomicNumber(symbol)!),
      words.flatMap(([, ...position]) => position.map(Number)),
      { charge, unpaired },
    );
    const engine = createBuiltinEngine(level(functional));
    const state = await engine.groundState(structure);
    expect(Math.abs(state.energy - energy)).toBeLessThan(5e-6); // the grids
    expect(Object.entries(state.components)).toContainEqual(["nuclearRepulsion", expect.closeTo(nuclearRepulsion, 8)]);
    state.dipole!.forEach((value, axis) => expect(Math.abs(value - dipole[axis])).toBeLessThan(3e-4));
    const { density, quality } = await engine.fit(state);
    expect([...density.nuclearCharges]).toEqual([...structure.species].map((z) => (z === 1 ? 1 : z - 2)));
    expect(quality.absoluteErrorPerElectron).toBeLessThan(0.015);
  },
);
