/** Orbitals of a given density and what PySCF starts from. */
import { describe, expect, test } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { overlapMatrix } from "../../dist/integrals/index.js";
import { readNpy } from "../../dist/io/npy.js";
import { pyscfDensityMatrix, pyscfMolecule } from "../../dist/io/pyscf-guess.js";
import { realDensity } from "../../dist/kohn-sham/state.js";
import { contract, matrix, type Matrix } from "../../dist/math/matrix.js";
import { orbitalsOfDensity, type DensityOrbitals } from "../../dist/molecule/orbitals-of-density.js";
import { superposedAtoms } from "../../dist/atoms/superposed-atoms.js";
import { level, molecule } from "../data/pyscf-scf/load.js";

const pbe = level({ functional: "pbe", grid: 2 });
const water = molecule("H2O");
const placed = placeBasis(pbe.orbitals, water);
const matricesOf = ({ state }: DensityOrbitals): Matrix[] => state.densities.map(({ real }) => real);
const occupiedOf = ({ state }: DensityOrbitals): number[] => state.orbitals.map(({ occupied }) => occupied);
const electrons = (density: Matrix): number => contract(density, overlapMatrix(placed));

function largestDifference(a: Matrix, b: Matrix): number {
  return a.data.reduce((most, x, i) => Math.max(most, Math.abs(x - b.data[i])), 0);
}

describe("orbitals of a density", () => {
  test("linear response brings the density matrix closer to the converged one", async () => {
    const engine = createBuiltinEngine(pbe);
    const state = await engine.groundState(water);
    const { density: fitted } = await engine.fit(state);
    const densityMatrix = realDensity(state.state);
    const atoms = await superposedAtoms(pbe, water);
    const coefficients = fitted.coefficients.map((c, i) => 0.8 * c + 0.2 * atoms.coefficients[i]);
    const density = { ...fitted, coefficients };
    const plain = await orbitalsOfDensity(pbe, density, { improve: false });
    const improved = await orbitalsOfDensity(pbe, density);
    expect([plain.improved, occupiedOf(plain)]).toEqual([false, [5]]);
    expect(improved.improved).toBe(true);
    const [[first], [second]] = [matricesOf(plain), matricesOf(improved)];
    expect(electrons(first)).toBeCloseTo(10, 10);
    expect(electrons(second)).toBeCloseTo(10, 10);
    expect(largestDifference(second, densityMatrix)).toBeLessThan(0.3 * largestDifference(first, densityMatrix));
    // The steps know what a fit loses, which one diagonalisation of the converged density's own fit does not.
    const [best] = matricesOf(await orbitalsOfDensity(pbe, fitted, { improve: false }));
    expect(largestDifference(second, densityMatrix)).toBeLessThan(0.4 * largestDifference(best, densityMatrix));
  });

  test("open shells have a matrix for each spin", async () => {
    const cation = { ...water, charge: 1, unpaired: 1 };
    const orbitals = await orbitalsOfDensity(
      pbe,
      await superposedAtoms(pbe, water).then((d) => ({ ...d, structure: cation })),
    );
    expect([occupiedOf(orbitals), orbitals.improved]).toEqual([[5, 4], false]);
    const spins = matricesOf(orbitals);
    expect(spins.map(electrons).map(Math.round)).toEqual([5, 4]);
    expect(readNpy(pyscfDensityMatrix(pbe.orbitals, cation, spins)).shape).toEqual([2, 24, 24]);
  });

  test("electrons that do not pair are refused", async () => {
    const density = await superposedAtoms(pbe, water);
    const wrong = { ...density, structure: { ...water, charge: 1 } };
    await expect(orbitalsOfDensity(pbe, wrong)).rejects.toThrow(/odd number of electrons \(9\)/);
  });
});

describe("what PySCF starts from", () => {
  test("p functions are x, y, z", () => {
    const density = matrix(24, 24);
    const { first } = placed.shells.find(({ l }) => l === 1)!;
    density.data[first * 24 + first + 2] = 1; // y, x
    const { shape, data } = readNpy(pyscfDensityMatrix(pbe.orbitals, water, [density]));
    expect(shape).toEqual([24, 24]);
    expect(data[(first + 1) * 24 + first]).toBe(1);
    expect(data.filter((x) => x !== 0).length).toBe(1);
  });

  test("the molecule has the arguments of gto.M", () => {
    const { atom, unit, spin, basis } = pyscfMolecule(pbe.orbitals, { ...water, unpaired: 2 }) as {
      atom: [string, number[]][];
      unit: string;
      spin: number;
      basis: Record<string, [number, ...[number, number][]][]>;
    };
    expect(atom.map(([symbol]) => symbol)).toEqual(["O", "H", "H"]);
    expect(atom[1][1]).toEqual([...water.positions.subarray(3, 6)]);
    expect([unit, spin]).toEqual(["bohr", 2]);
    expect(basis["H"].map(([l, ...primitives]) => [l, primitives.length])).toEqual([
      [0, 3],
      [0, 1],
      [1, 1],
    ]);
  });

  test("a matrix of another size is refused", () => {
    expect(() => pyscfDensityMatrix(pbe.orbitals, water, [matrix(3, 3)])).toThrow(/3 × 3 for 24 functions/);
  });
});
