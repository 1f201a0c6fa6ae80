/** Water in finite fields against PySCF (test/data/pyscf-scf/polarizability.json): the response of the density. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Matrix } from "../../dist/math/matrix.js";
import { dipoleMatrices } from "../../dist/integrals/index.js";
import { linearTerm } from "../../dist/kohn-sham/linear-term.js";
import { selfConsistentField } from "../../dist/kohn-sham/scf.js";
import { closedShellProblem, dipoleOf, startingFock } from "../../dist/molecule/closed-shell.js";
import { fitDensity } from "../../dist/molecule/fit-density.js";
import { prepareMolecule } from "../../dist/molecule/molecular-system.js";
import { moments } from "../../dist/density/observables.js";
import { level, molecule } from "../data/pyscf-scf/load.js";

const reference = JSON.parse(
  readFileSync(new URL("../data/pyscf-scf/polarizability.json", import.meta.url), "utf8"),
) as {
  field: number;
  energiesPlusMinus: number[][];
  alpha: number[][];
  alphaFromFit: number[][];
};

test("polarizability from the orbitals and from fitted densities", async () => {
  const { field } = reference;
  const structure = molecule("H2O");
  const system = await prepareMolecule(level({ grid: 3 }), structure);
  const problem = closedShellProblem(system, system.grid);
  const start = await startingFock(system);
  const operators = dipoleMatrices(system.orbitals);
  const nuclei = [0, 1, 2].map((axis) =>
    structure.species.reduce((sum, z, atom) => sum + z * structure.positions[3 * atom + axis], 0),
  );
  const solve = async (axis: number, strength: number): Promise<{ energy: number; density: Matrix }> => {
    const operator = { ...operators[axis], data: operators[axis].data.map((x) => strength * x) };
    const terms = [...problem.terms, linearTerm("field", operator)];
    const settings = { tolerance: 1e-10, maxIterations: 50 };
    const result = await selfConsistentField({ ...problem, terms }, start, settings);
    return { energy: result.energy - strength * nuclei[axis], density: result.occupation.density };
  };
  for (let axis = 0; axis < 3; axis++) {
    const [plus, minus] = [await solve(axis, field), await solve(axis, -field)];
    [plus, minus].forEach(({ energy }, k) =>
      expect(Math.abs(energy - reference.energiesPlusMinus[axis][k])).toBeLessThan(5e-6),
    );
    const [ahead, back] = [dipoleOf(system, plus.density), dipoleOf(system, minus.density)];
    const fits = [await fitDensity(system, plus.density), await fitDensity(system, minus.density)];
    const [fitAhead, fitBack] = fits.map(({ density }) => moments(density).dipole);
    for (let k = 0; k < 3; k++) {
      // In the grids the polarizability differs by some 1e-4 of itself.
      expect(Math.abs((ahead[k] - back[k]) / (2 * field) - reference.alpha[k][axis])).toBeLessThan(2e-3);
      expect(Math.abs((fitAhead[k] - fitBack[k]) / (2 * field) - reference.alphaFromFit[k][axis])).toBeLessThan(2e-3);
    }
  }
});
