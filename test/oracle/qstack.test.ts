/** Fits in cc-pVDZ-JKFIT by Q-stack (test/data/qstack), without a constraint of the electron count. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { normalisedShell, placeBasis, type Basis, type Shell } from "../../dist/basis/basis.js";
import { fitDensityMatrix } from "../../dist/molecule/fit-density-matrix.js";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { basisByName } from "../../dist/node/library.js";
import { choleskySolve, cholesky } from "../../dist/math/linear-algebra.js";
import { coulombMetric, monopoles, overlapMatrix } from "../../dist/integrals/index.js";
import { contract, dot, axpy } from "../../dist/math/matrix.js";
import { electronCount } from "../../dist/structure/structure.js";
import { pyscfOrder, unpack } from "./grid-helpers.js";

interface Fit {
  readonly atoms: (string | number)[][];
  readonly densityMatrix: number[];
  readonly coefficients: number[];
}
const fits = JSON.parse(readFileSync(new URL("../data/qstack/fits.json", import.meta.url), "utf8")) as Record<
  string,
  Fit
>;

/** As PySCF has it: a primitive that is a function of its own is left out of the contractions. */
function withoutRepeatedPrimitives({ name, shells }: Basis): Basis {
  const single = (all: readonly Shell[], l: number): number[] =>
    all.filter((shell) => shell.l === l && shell.exponents.length === 1).map(({ exponents }) => exponents[0]);
  const reduced = (shell: Shell, alone: readonly number[]): Shell => {
    const kept = shell.exponents.map((_, p) => p).filter((p) => !alone.includes(shell.exponents[p]));
    if (shell.exponents.length === 1) return shell;
    return normalisedShell({
      l: shell.l,
      exponents: kept.map((p) => shell.exponents[p]),
      coefficients: kept.map((p) => shell.coefficients[p]),
    });
  };
  const entries = Object.entries(shells).map(([z, all]) => [z, all.map((one) => reduced(one, single(all, one.l)))]);
  return { name, shells: Object.fromEntries(entries) as Basis["shells"] };
}

test.each(Object.keys(fits))("%s", async (name) => {
  const { atoms, densityMatrix, coefficients } = fits[name];
  const [structure] = readExtxyz(`${atoms.length}\n\n${atoms.map((atom) => atom.join(" ")).join("\n")}\n`);
  const orbitals = withoutRepeatedPrimitives(basisByName("cc-pvdz"));
  const placed = placeBasis(orbitals, structure);
  const density = unpack(densityMatrix, placed);
  const count = electronCount(structure);
  expect(Math.abs(contract(density, overlapMatrix(placed)) - count)).toBeLessThan(1e-8);

  const auxiliaryBasis = basisByName("cc-pvdz-jkfit");
  const auxiliary = placeBasis(auxiliaryBasis, structure);
  const fit = await fitDensityMatrix({ structure, basis: orbitals, densityMatrix: density }, auxiliaryBasis, "coulomb");
  // Back to the unconstrained fit: along the direction in which the constraint moved it.
  const charges = monopoles(auxiliary);
  const direction = choleskySolve(cholesky(coulombMetric(auxiliary)), charges);
  const free = fit.coefficients.slice();
  axpy((fit.electrons - count) / dot(charges, direction), direction, free);

  const expected = pyscfOrder(auxiliary).map((place) => coefficients[place]);
  expect(Math.max(...expected.map((c, i) => Math.abs(c - free[i])))).toBeLessThan(1e-7);
  // 10.000199558313856 for water, as Q-stack's own tests have it.
  expect(fit.electrons).toBeCloseTo(name === "H2O" ? 10.000199558313856 : 17.99913844, 7);
});
