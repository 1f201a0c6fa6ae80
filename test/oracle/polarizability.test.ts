/** Water in finite fields against PySCF (test/data/pyscf-scf/polarizability.json): the response of the density. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dipoleMatrices } from "../../dist/integrals/index.js";
import { linearTerm } from "../../dist/kohn-sham/linear-term.js";
import { selfConsistentField } from "../../dist/kohn-sham/scf.js";
import { type State } from "../../dist/kohn-sham/state.js";
import { inputHamiltonian } from "../../dist/kohn-sham/term.js";
import { real } from "../../dist/math/hermitian.js";
import { fitDensity } from "../../dist/molecule/fit-density.js";
import { prepareMolecule } from "../../dist/molecule/prepare-molecule.js";
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
  const { fock: start } = await inputHamiltonian(system.terms, await system.start());
  const operators = dipoleMatrices(system.orbitals);
  const nuclei = [0, 1, 2].map((axis) =>
    structure.species.reduce((sum, z, atom) => sum + z * structure.positions[3 * atom + axis], 0),
  );
  const solve = async (axis: number, strength: number): Promise<{ energy: number; state: State }> => {
    const operator = { ...operators[axis], data: operators[axis].data.map((x) => strength * x) };
    const terms = [...system.terms, linearTerm("field", [real(operator)])];
    const settings = { tolerance: 1e-10, maxIterations: 50 };
    const result = await selfConsistentField({ ...system, terms }, start, settings);
    return { energy: result.energy - strength * nuclei[axis], state: result.occupation };
  };
  for (let axis = 0; axis < 3; axis++) {
    const [plus, minus] = [await solve(axis, field), await solve(axis, -field)];
    [plus, minus].forEach(({ energy }, k) =>
      expect(Math.abs(energy - reference.energiesPlusMinus[axis][k])).toBeLessThan(5e-6),
    );
    const [ahead, back] = [system.dipole!(plus.state), system.dipole!(minus.state)];
    const fits = [await fitDensity(system, plus.state), await fitDensity(system, minus.state)];
    const [fitAhead, fitBack] = fits.map(({ density }) => moments(density).dipole);
    for (let k = 0; k < 3; k++) {
      // In the grids the polarizability differs by some 1e-4 of itself.
      expect(Math.abs((ahead[k] - back[k]) / (2 * field) - reference.alpha[k][axis])).toBeLessThan(2e-3);
      expect(Math.abs((fitAhead[k] - fitBack[k]) / (2 * field) - reference.alphaFromFit[k][axis])).toBeLessThan(2e-3);
    }
  }
});
