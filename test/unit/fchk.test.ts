/** Formatted checkpoint files of Gaussian 03 (test/data/fchk): what the file says is what its basis and orbitals give. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { nuclearDipole } from "../../dist/density/observables.js";
import { dipoleMatrices, overlapMatrix } from "../../dist/integrals/index.js";
import { readFchk } from "../../dist/io/fchk.js";
import { contract } from "../../dist/math/matrix.js";

const read = (name: string): string => readFileSync(new URL(`../data/fchk/${name}.fchk`, import.meta.url), "utf8");
const minimal = read("water_sto3g_hf");

describe.each([
  ["water_sto3g_hf", "STO-3G", 7, -74.95929232844362], // shells of s and p together
  ["water_ccpvdz_hf", "CC-pVDZ", 24, -76.01091242432899], // spherical d functions
])("%s", (name, basis, size, energy) => {
  const found = readFchk(read(name), name);
  const placed = placeBasis(found.basis, found.structure);

  test("structure, level and energy", () => {
    expect(Array.from(found.structure.species)).toEqual([8, 1, 1]);
    expect([found.structure.charge, found.structure.unpaired]).toEqual([0, 0]);
    expect([found.method, found.basis.name, found.title]).toEqual(["RHF", basis, "Foo Bar"]);
    expect(found.energy).toBe(energy);
    expect(placed.size).toBe(size);
  });

  test("orthonormal orbitals whose occupied ones make the density", () => {
    expect(found.orthonormality).toBeLessThan(3e-8);
    expect(found.orbitals.map(({ occupation }) => occupation).filter((f) => f > 0)).toEqual([2, 2, 2, 2, 2]);
    const { data, columns } = found.coefficients;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = 0; k < 5; k++) sum += 2 * data[i * columns + k] * data[j * columns + k];
        expect(Math.abs(found.densityMatrix.data[i * size + j] - sum)).toBeLessThan(2e-8);
      }
  });

  test("electrons and dipole moment", () => {
    expect(contract(found.densityMatrix, overlapMatrix(placed))).toBeCloseTo(10, 7);
    const nuclear = nuclearDipole(found.structure.positions, found.structure.species);
    dipoleMatrices(placed).forEach((operator, axis) =>
      expect(nuclear[axis] - contract(found.densityMatrix, operator)).toBeCloseTo(found.dipole![axis], 6),
    );
  });
});

describe("refusals", () => {
  const shellTypes = /(Shell types.*\n +0 +)-1( +0 +0)/;
  test.each([
    ["no checkpoint file", "text\nof another\nkind\n", /not a formatted checkpoint file/],
    [
      "a cut-off file",
      minimal.split("\n").slice(0, 45).join("\n"),
      /Alpha MO coefficients: \d+ numbers of 49; the file is cut off/,
    ],
    ["a word among numbers", minimal.replace("1.30709321E+02", "1.30709321E+0x"), /is not a number/],
    ["effective cores", minimal.replace(/(Nuclear charges.*\n +)8\./, "$16."), /effective core/],
    [
      "Cartesian d functions",
      minimal.replace(shellTypes, (_all, head: string, rest: string) => `${head}2${rest}`),
      /the d functions are Cartesian/,
    ],
    ["orbitals of another basis", minimal.replace("1.79523983E+00", "2.79523983E+00"), /not orthonormal/],
  ])("%s", (_, text, message) => {
    expect(text).not.toBe(minimal);
    expect(() => readFchk(text, "a.fchk")).toThrow(message);
  });
});
