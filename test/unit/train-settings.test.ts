/** Settings of a training: defaults, and what is refused. */
import { expect, test } from "vitest";
import { trainSettings, type PartialTrainSettings } from "../../dist/model/settings.js";

test("what is left out has its default, also within the far field", () => {
  expect(trainSettings()).toEqual(trainSettings({ nmax: undefined, farField: undefined }));
  expect(trainSettings()).toMatchObject({ nmax: 8, lmax: 6, committee: "auto", scaling: { exponent: 4 }, seed: 1 });
  expect(trainSettings({ farField: { width: 1, weight: 2 } }).farField).toEqual({
    width: 1,
    weight: 2,
    polarizability: 5, // docs/decisions/0011-induced-dipoles.md
  });
  expect(trainSettings({ farField: null, scaling: null })).toMatchObject({ farField: null, scaling: null });
  expect(trainSettings({ environments: { 1: 100 }, innerCutoffs: [] })).toMatchObject({
    environments: { 1: 100 },
    innerCutoffs: [],
  });
});

test.each([
  [{ nmax: -1 }, "nmax: expected a whole number from 1 on, not -1"],
  [{ zeta: 1.5 }, "zeta: expected a whole number from 1 on, not 1.5"],
  [{ lmax: "6" }, 'lmax: expected a whole number from 0 on, not "6"'],
  [{ sigma: Number.NaN }, "sigma: expected a positive number, not NaN"],
  [{ cutoffRadius: Infinity }, "cutoffRadius: expected a positive number, not Infinity"],
  [{ validationFraction: 1 }, "validationFraction: expected a number between 0 and 1, not 1"],
  [{ cutoffOfSpecies: { "08": 1 } }, 'cutoffOfSpecies: expected an atomic number as key, not "08"'],
  [{ cutoffOfSpecies: { 8: -1 } }, "cutoffOfSpecies.8: expected a positive number, not -1"],
  [{ innerCutoffs: [5, 0] }, "innerCutoffs.1: expected a positive number, not 0"],
  [{ innerCutoffs: 5 }, "innerCutoffs: expected a list, not 5"],
  [
    { environments: null },
    "environments: expected auto or values by atomic number or a whole number from 1 on, not null",
  ],
  [{ features: "all" }, 'features: expected auto or a whole number from 1 on, not "all"'],
  [{ solver: "lu" }, 'solver: expected one of auto, cg, direct, not "lu"'],
  [{ farField: { width: 1 } }, "farField.weight: expected a positive number, not undefined"],
  [{ farField: { width: 1, weight: 1, polarizability: -1 } }, "farField.polarizability: expected a number that is not"],
  [{ scaling: { exponent: 4, radius: 2, power: 1 } }, "scaling.power: there is no such setting; known are exponent"],
  [{ cutoff: 4 }, "cutoff: there is no such setting; known are cutoffRadius"],
])("%j is refused", (given, message) => {
  expect(() => trainSettings(given as unknown as PartialTrainSettings)).toThrow(
    expect.objectContaining({ tag: "usage", message: expect.stringContaining(`training setting ${message}`) }),
  );
});
