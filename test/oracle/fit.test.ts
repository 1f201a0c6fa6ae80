/** Fits of a given density matrix against PySCF (test/data/pyscf-scf/fits.json), coefficient by coefficient. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import type { AtomCentredDensity } from "../../dist/density/atom-centred.js";
import { densityAt, electrostaticPotentialAt } from "../../dist/density/evaluate.js";
import { moments } from "../../dist/density/observables.js";
import type { MetricName } from "../../dist/level.js";
import { matrix, type Matrix } from "../../dist/math/matrix.js";
import { closedShell } from "../../dist/kohn-sham/state.js";
import { fitDensityMatrix } from "../../dist/molecule/fit-density-matrix.js";
import { fitDensity } from "../../dist/molecule/fit-density.js";
import { prepareMolecule } from "../../dist/molecule/prepare-molecule.js";
import type { PlacedBasis } from "../../dist/basis/basis.js";
import type { FitQuality } from "../../dist/dataset/record.js";
import { basis, fits, jfit, level, molecule, molecules, orbitals } from "../data/pyscf-scf/load.js";

/** For each of brine's functions its place in PySCF's order (p: x, y, z there, y, z, x here). */
function placesInPyscf(basis: PlacedBasis): number[] {
  return basis.shells.flatMap(({ l, first }) =>
    l === 1 ? [first + 1, first + 2, first] : Array.from({ length: 2 * l + 1 }, (_, k) => first + k),
  );
}

function densityMatrix(name: string): Matrix {
  const basis = placeBasis(orbitals, molecule(name));
  const places = placesInPyscf(basis);
  const packed = fits[name].densityMatrix;
  const result = matrix(basis.size, basis.size);
  for (let i = 0; i < basis.size; i++)
    for (let j = 0; j < basis.size; j++) {
      const [high, low] = places[i] > places[j] ? [places[i], places[j]] : [places[j], places[i]];
      result.data[i * basis.size + j] = packed[(high * (high + 1)) / 2 + low];
    }
  return result;
}

/** [3, n]: all x, all y, all z. */
function byAxis(points: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from([0, 1, 2].flatMap((axis) => points.map((point) => point[axis])));
}

describe.each(["H2O", "CH3OH"])("%s", (name) => {
  describe.each<MetricName>(["coulomb", "overlap"])("%s metric", (metric) => {
    const reference = fits[name].fits[`${metric}_constrained`];
    let density: AtomCentredDensity;
    let quality: FitQuality;
    beforeAll(async () => {
      const system = await prepareMolecule(level({ fitMetric: metric }), molecule(name));
      ({ density, quality } = await fitDensity(system, closedShell(densityMatrix(name))));
    });

    // The reference tensors have ten digits, which leaves 8e-7 of the coefficients undetermined.
    test("coefficients", () => {
      const places = placesInPyscf(placeBasis(jfit, molecule(name)));
      places.forEach((place, i) =>
        expect(Math.abs(density.coefficients[i] - reference.coefficients[place])).toBeLessThan(1e-5),
      );
    });

    test("electrons before and after constraint, distance from the density of the orbitals", () => {
      const { electronsBeforeMending, absoluteErrorPercent } = molecules[name].oneShot[metric];
      expect(Math.abs(moments(density).charge)).toBeLessThan(1e-10);
      // The fit of the SCF with RI-J, a little different from the matrix fitted here.
      expect(Math.abs(quality.electrons - electronsBeforeMending)).toBeLessThan(1e-5);
      expect(Math.abs(100 * quality.absoluteErrorPerElectron! - absoluteErrorPercent)).toBeLessThan(0.02);
      expect(quality.selfRepulsion).toBeGreaterThan(0);
    });

    test("density at points", async () => {
      const values = await densityAt(density, byAxis(fits[name].points));
      reference.density.forEach((value, i) => expect(Math.abs(values[i] - value)).toBeLessThan(1e-6));
    });

    test("electrostatic potential of nuclei and electrons", async () => {
      const values = await electrostaticPotentialAt(density, byAxis(fits[name].espPoints));
      fits[name].espNuclear.forEach((nuclear, i) =>
        expect(Math.abs(values[i] - nuclear - reference.esp_electron[i])).toBeLessThan(1e-6),
      );
    });

    test("dipole", () => {
      // The reference was integrated on a grid.
      moments(density).dipole.forEach((value, k) => expect(Math.abs(value - reference.dipole[k])).toBeLessThan(1e-4));
    });
  });
});

test.each<MetricName>(["coulomb", "overlap"])("water in def2-universal-jkfit, %s metric", async (metric) => {
  const file = new URL("../data/pyscf-scf/fits-jkfit.json", import.meta.url);
  const references = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    { coefficients: number[]; charge: number; esp_electron: number[] }
  >;
  const structure = molecule("H2O");
  const jkfit = basis("def2-universal-jkfit");
  const source = { structure, basis: orbitals, densityMatrix: densityMatrix("H2O") };
  const { coefficients, electrons } = await fitDensityMatrix(source, jkfit, metric);
  expect(Math.abs(electrons - references[metric].charge)).toBeLessThan(1e-7);
  const expected = references[`${metric}_constrained`];
  // The metric's condition, 2e7 (Coulomb), leaves five digits of the tensors' ten.
  placesInPyscf(placeBasis(jkfit, structure)).forEach((place, i) =>
    expect(Math.abs(coefficients[i] - expected.coefficients[place])).toBeLessThan(1e-4),
  );
});
