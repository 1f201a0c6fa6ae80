/** Units and means of what validation and learning curves report, from made-up errors. */
import { expect, test } from "vitest";
import { mean, sampleDeviation } from "../../dist/math/statistics.js";
import { meanPoint, type CurvePoint } from "../../dist/workflow/learning-curve.js";
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
  expect(summarizeEnergies([-1, -1, 1].map((error) => validated(2, error))).outsideLinearRange).toBe(2);
});

test("repeats have the standard deviation of a sample", () => {
  expect(sampleDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 12);
  expect(sampleDeviation([1])).toBeNull();
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean([])).toBeNull();
});

test("a point of a learning curve is the mean over repeats, each quantity of its own kind", () => {
  const point = (scale: number, failed: number): CurvePoint => ({
    train: 20,
    trainSeconds: 7 * scale,
    validation: {
      structures: 5,
      density: {
        rmsePercent: scale,
        coulombRmsePercent: 2 * scale,
        rmsePercentUnmended: 50,
        coulombRmsePercentUnmended: 60,
        electronCountMaxError: 70,
        maePercent: failed > 2 ? null : 3 * scale,
        maePercentVsScf: 80,
      },
      energy: {
        ...summarizeEnergies([validated(2, 0.001)]),
        maeMeVPerAtom: 4 * scale,
        maeKcalPerMol: 5 * scale,
        oneShotMaeMeVPerAtom: 8 * scale,
        oneShotMaeKcalPerMol: 9 * scale,
      },
      failed: Array.from({ length: failed }, () => ({})) as never,
      seconds: 90,
    },
  });
  // Scales 1 and 3: mean 2, standard deviation of the sample √2. The last has no error on the grid.
  expect(meanPoint([point(1, 2), point(3, 3)])).toEqual({
    train: 20,
    repeats: 2,
    rmsePercent: 2,
    rmsePercentDeviation: expect.closeTo(Math.SQRT2, 12),
    coulombRmsePercent: 4,
    maePercent: 3,
    energyMaeMeVPerAtom: 8,
    energyMaeMeVPerAtomDeviation: expect.closeTo(4 * Math.SQRT2, 12),
    energyMaeKcalPerMol: 10,
    oneShotMaeMeVPerAtom: 16,
    oneShotMaeMeVPerAtomDeviation: expect.closeTo(8 * Math.SQRT2, 12),
    oneShotMaeKcalPerMol: 18,
    trainSeconds: 14,
    failed: 5,
  });
});
