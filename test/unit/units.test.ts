/** Conversion factors against scipy 1.17 (BSD), whose constants are those of CODATA 2022. */
import { expect, test } from "vitest";
import {
  BOHR_IN_ANGSTROM,
  BOLTZMANN,
  DALTON_IN_ELECTRON_MASS,
  HARTREE_IN_EV,
  HARTREE_IN_KCAL_PER_MOL,
  HARTREE_IN_MEV,
} from "../../dist/units.js";

test.each([
  ["bohr in ångström", BOHR_IN_ANGSTROM, 5.29177210544e-11 * 1e10],
  ["hartree in eV", HARTREE_IN_EV, 27.211386245981],
  ["hartree in meV", HARTREE_IN_MEV, 27211.386245981],
  ["hartree in kcal/mol: E_h N_A/4184 J", HARTREE_IN_KCAL_PER_MOL, 627.5094740628974],
  ["Boltzmann's constant: kelvin-hartree relationship", BOLTZMANN, 3.1668115634564e-6],
  ["dalton in electron masses: 1/(electron mass in u)", DALTON_IN_ELECTRON_MASS, 1822.8884862781415],
])("%s", (_, found, expected) => {
  expect(Math.abs(found / expected - 1)).toBeLessThan(1e-12);
});
