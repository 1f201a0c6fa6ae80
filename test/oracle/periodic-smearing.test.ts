/** Smeared occupations of a cell: Fermi's distribution of its own orbital energies, and the entropy of it. */
import { expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { structureOf } from "../structure-of.js";

const TEMPERATURE = 0.05;

test("occupations of a stretched hydrogen molecule in a box", async () => {
  const engine = createBuiltinEngine({
    functional: "pbe",
    orbitals: basisByName("dzvp-molopt-sr-gth"),
    pseudopotentials: pseudopotentialsByName("gth-pbe"),
    auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
    fitMetric: "coulomb",
    smearing: TEMPERATURE,
    numerics: { engine: "builtin", version: "test", planewaveCutoff: 30, tolerance: 1e-9 },
  });
  const vectors = Float64Array.of(8, 0, 0, 0, 8, 0, 0, 0, 8);
  const cell = { vectors, periodic: [true, true, true] as const };
  const { state, components, energy } = await engine.groundState(structureOf([1, 1], [1, 1, 1, 1, 1, 4], { cell }));
  const [{ occupations, energies }] = state.orbitals;
  const f = [...occupations].map((n) => n / 2);
  expect(f.reduce((a, b) => a + 2 * b, 0)).toBeCloseTo(2, 12);
  // ln((1 − f)/f) = (ε − μ)/kT
  const steps = f.slice(0, 5).map((x) => TEMPERATURE * Math.log((1 - x) / x));
  for (const [i, step] of steps.entries()) expect(step - steps[0]).toBeCloseTo(energies[i] - energies[0], 9);
  const entropy = f.reduce((sum, x) => sum + (x > 0 ? x * Math.log(x) + (1 - x) * Math.log1p(-x) : 0), 0);
  // The orbitals are those of the last F, the energy is of the density before it.
  expect(components.entropy).toBeCloseTo(2 * TEMPERATURE * entropy, 7);
  expect(Object.values(components).reduce((a, b) => a + b)).toBeCloseTo(energy, 10);
});
