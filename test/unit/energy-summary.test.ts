/** Units and means of what validation and learning curves report, from made-up errors. */
import { expect, test } from "vitest";
import { mean, sampleDeviation } from "../../dist/math/statistics.js";
import { summarizeEnergies, type Validated } from "../../dist/workflow/validate.js";
import { structureOf } from "../structure-of.js";

/** A structure of so many helium atoms whose energies are off by multiples of `error` hartree. */
function validated(atoms: number, error: number): Validated {
  const structure = structureOf(
    Array.from({ length: atoms }, () => 2),
    Array.from({ length: 3 * atoms }, (_, k) => 5 * k),
  );
  const energy = {
    energy: error,
    oneShot: -2 * error,
    harrisFoulkes: 3 * error,
    components: { kinetic: -4 * error },
    bounds: { fitFloor: 5 * error, fitFloorOneShot: 6 * error, superposedAtoms: -7 * error },
    improvedAbsolute: Math.abs(error),
    reliable: error > 0,
  };
  return { reference: { structure }, errors: { energy } } as unknown as Validated;
}

test("energies are mean absolute errors, an atom in meV and a molecule in kcal/mol", () => {
  const summary = summarizeEnergies([validated(2, 0.001), validated(4, -0.003)]);
  // (0.001/2 + 0.003/4)/2 and (0.001 + 0.003)/2 hartree
  const [perAtom, perMolecule] = [0.000625 * 27211.386, 0.002 * 627.50947];
  expect(summary.maeMeVPerAtom).toBeCloseTo(perAtom, 4);
  expect(summary.maeKcalPerMol).toBeCloseTo(perMolecule, 4);
  expect(summary.oneShotMaeMeVPerAtom).toBeCloseTo(2 * perAtom, 4);
  expect(summary.oneShotMaeKcalPerMol).toBeCloseTo(2 * perMolecule, 4);
  expect(summary.harrisFoulkesMaeMeVPerAtom).toBeCloseTo(3 * perAtom, 4);
  expect(summary.components.kinetic).toBeCloseTo(4 * perAtom, 4);
  expect(summary.fitFloorMaeMeVPerAtom).toBeCloseTo(5 * perAtom, 4);
  expect(summary.fitFloorOneShotMaeMeVPerAtom).toBeCloseTo(6 * perAtom, 4);
  expect(summary.superposedAtomsMaeMeVPerAtom).toBeCloseTo(7 * perAtom, 4);
  expect(summary.improvedDensityMaePercent).toBeCloseTo(0.2, 12);
  expect(summary.outsideLinearRange).toBe(1);
});

test("repeats have the standard deviation of a sample", () => {
  expect(sampleDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 12);
  expect(sampleDeviation([1])).toBeNull();
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean([])).toBeNull();
});
