import { describe, expect, it } from "vitest";
import { functionCount } from "../../dist/basis/basis.js";
import { checkPseudopotentials, potentialOf, valenceCharges } from "../../dist/basis/pseudopotential.js";
import { readCp2kBasis, writeCp2kBasis } from "../../dist/io/cp2k-basis.js";
import { readGthPotentials, writeGthPotentials } from "../../dist/io/gth-potential.js";
import { levelDifferences, type LevelOfTheory } from "../../dist/level.js";
import { valenceByAngularMomentum } from "../../dist/atoms/spherical-atom.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";

const SET = ` H  DZ-TEST DZ-TEST-q1
 1
 2 0 1 2 2 1   # n lmin lmax exponents, 2 s and 1 p
  2.0  0.5 0.1 1.0
  0.5  0.5 0.0 0.0
`;

describe("readCp2kBasis", () => {
  it("gives the shells of a set their shared exponents, normalised, without zero coefficients", () => {
    const basis = readCp2kBasis(SET, "dz-test");
    expect(basis.valence).toEqual({ 1: 1 });
    expect(basis.shells[1].map(({ l, exponents }) => [l, ...exponents])).toEqual([
      [0, 2, 0.5],
      [0, 2],
      [1, 2],
    ]);
    // ∫χ² = d² (2 + 2 (2√(αβ)/(α+β))^(3/2)) = 1 for equal coefficients d
    const d = 1 / Math.sqrt(2 + 2 * (2 / 2.5) ** 1.5);
    expect(basis.shells[1][0].coefficients[0]).toBeCloseTo(d, 14);
    expect(basis.shells[1][1].coefficients).toEqual([1]);
  });

  it("picks the set that is asked for, with and without its charge, and says when there is none", () => {
    const two = SET + SET.replaceAll("DZ-TEST", "OTHER").replace("2.0", "3.0");
    expect(readCp2kBasis(two, "other").shells[1][0].exponents[0]).toBe(3);
    expect(readCp2kBasis(two, "DZ-TEST-q1").shells[1][0].exponents[0]).toBe(2);
    expect(() => readCp2kBasis(two, "third")).toThrow(/none is called third/);
    expect(() => readCp2kBasis(SET + SET, "dz-test")).toThrow(/several entries are called dz-test/);
  });

  it.each([
    ["no element first", "1\n2 0 0 1 1\n", /not a basis or potential file of CP2K/],
    ["a coefficient missing", SET.replace("0.5 0.1 1.0", "0.5 0.1"), /does not have 3 coefficients/],
    ["a word for a number", SET.replace("0.1", "x"), /"x" is not a number/],
    ["a set cut short", SET.split("\n").slice(0, 3).join("\n"), /set 1 of the basis is not complete/],
    ["a line too many", `${SET} 1.0 2.0\n`, /more lines/],
    ["a negative exponent", SET.replace("2.0", "-2.0"), /exponent is not positive/],
    ["an element that does not exist", SET.replace(" H ", " Qq "), /unknown element/],
    ["an empty file", "# nothing\n", /no elements/],
  ])("refuses %s", (_, text, message) => {
    expect(() => readCp2kBasis(text, "dz-test")).toThrow(message);
  });
});

const SILICON = `Si GTH-PBE-q4 GTH-PBE
    2    2
     0.44000000    1    -6.26928833
    2
     0.43563383    2     8.95174150    -2.70627082
                                        3.49378060
     0.49794218    1     2.43127673
`;

describe("readGthPotentials", () => {
  it("reads local part and projectors", () => {
    expect(readGthPotentials(SILICON, "x").elements[14]).toEqual({
      charge: 4,
      radius: 0.44,
      local: [-6.26928833],
      projectors: [
        {
          l: 0,
          radius: 0.43563383,
          h: [
            [8.9517415, -2.70627082],
            [-2.70627082, 3.4937806],
          ],
        },
        { l: 1, radius: 0.49794218, h: [[2.43127673]] },
      ],
    });
  });

  it.each([
    ["a missing constant", SILICON.replace("1    -6.26928833", "2 -6.2"), /local part is not complete/],
    ["a projector cut short", SILICON.replace("3.49378060", ""), /is not a count|ends too early|not a number/],
    ["a core correction", `${SILICON} NLCC 1\n`, /NLCC are not treated/],
    ["text", "hello world", /not a basis or potential file/],
  ])("refuses %s", (_, text, message) => {
    expect(() => readGthPotentials(text, "x")).toThrow(message);
  });
});

describe("what comes with the package", () => {
  it("has MOLOPT sets with potentials of the same charge", () => {
    for (const name of ["dzvp-molopt-sr-gth", "tzv2p-molopt-gth"]) {
      const basis = basisByName(name);
      for (const functional of ["pbe", "pade", "blyp"])
        checkPseudopotentials(
          basis,
          pseudopotentialsByName(`gth-${functional}`),
          Object.keys(basis.shells).map(Number),
        );
    }
    const { shells } = basisByName("DZVP-MOLOPT-SR-GTH");
    expect([1, 8, 14].map((z) => functionCount(shells[z]))).toEqual([5, 13, 13]);
    expect(functionCount(basisByName("tzv2p-molopt-gth").shells[8])).toBe(22);
  });

  it("has primitives of a basis as functions of their own", () => {
    const fit = basisByName("def2-universal-jfit:uncontracted:30");
    const sizes = (z: number): number[] =>
      [0, 1, 2, 3, 4].map((l) => fit.shells[z].filter((shell) => shell.l === l).length);
    expect(sizes(1)).toEqual([5, 2, 1, 0, 0]);
    expect(sizes(8)).toEqual([7, 4, 4, 2, 1]);
    expect(fit.name).toBe("def2-universal-jfit:uncontracted:30");
    expect(() => basisByName("def2-universal-jfit:uncontracted:none")).toThrow(/must be positive/);
  });

  it("names what there is when a name is wrong", () => {
    expect(() => pseudopotentialsByName("gth-b3lyp")).toThrow(/there are gth-blyp, gth-pade, gth-pbe/);
    expect(() => basisByName("molopt")).toThrow(/dzvp-molopt-sr-gth/);
  });
});

describe("basis and pseudopotential", () => {
  const orbitals = readCp2kBasis(SET, "dz-test");
  const potentials = pseudopotentialsByName("gth-pbe");

  it("give the valence charges of a structure", () => {
    const structure = {
      species: Uint8Array.of(8, 1),
      positions: new Float64Array(6),
      charge: 0,
      unpaired: 0,
      info: {},
    };
    expect([...valenceCharges(potentials, structure)]).toEqual([6, 1]);
    expect(() => potentialOf(potentials, 79)).toThrow(/gth-pbe has no pseudopotential for Au/);
  });

  it("must belong together", () => {
    checkPseudopotentials(orbitals, potentials, [1]);
    checkPseudopotentials(basisByName("def2-svp"), undefined, [1, 8]);
    expect(() => checkPseudopotentials(orbitals, undefined, [1])).toThrow(/there is no pseudopotential/);
    expect(() => checkPseudopotentials(basisByName("def2-svp"), potentials, [8])).toThrow(/all-electron basis/);
    const other = { ...orbitals, valence: { 1: 3 } };
    expect(() => checkPseudopotentials(other, potentials, [1])).toThrow(/for 3 valence electrons, but gth-pbe has 1/);
  });

  it("are part of the level", () => {
    const level = { functional: "pbe", orbitals, pseudopotentials: potentials } as unknown as LevelOfTheory;
    const lda = { ...level, pseudopotentials: pseudopotentialsByName("gth-pade") };
    expect(levelDifferences(level, lda)).toEqual(["pseudopotentials"]);
  });
});

describe("what is written for CP2K", () => {
  const species = [1, 8, 14, 26, 35];

  it.each(["dzvp-molopt-sr-gth"])("%s is read again as it was", (name) => {
    const basis = basisByName(name);
    const { text, order } = writeCp2kBasis(basis, species, "AGAIN");
    const read = readCp2kBasis(text, "again");
    for (const z of species) {
      expect(read.shells[z].map(({ l, exponents }) => [l, ...exponents])).toEqual(
        basis.shells[z].map(({ l, exponents }) => [l, ...exponents]),
      );
      read.shells[z].forEach(({ coefficients }, i) =>
        coefficients.forEach((d, p) => expect(d).toBeCloseTo(basis.shells[z][i].coefficients[p], 13)),
      );
      expect([...order[z]]).toEqual([...order[z].keys()]);
    }
  });

  it("shells of other exponents are a set of their own, and the order says where they belong", () => {
    const shell = (l: number, ...exponents: number[]) => ({ l, exponents, coefficients: exponents.map(() => 1) });
    const basis = { name: "test", shells: { 1: [shell(0, 3), shell(0, 2, 1), shell(2, 2, 1), shell(2, 7)] } };
    const { text, order } = writeCp2kBasis(basis, [1], "TEST");
    expect(text.split("\n").filter((line) => !line.includes("."))).toEqual([
      "H TEST",
      "3",
      "1 0 2 2 1 0 1",
      "1 0 0 1 1",
      "1 2 2 1 1",
      "",
    ]);
    expect([...order[1]]).toEqual([1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11]);
  });

  it("pseudopotentials are read again as they were, with the electrons of their shells", () => {
    const pseudopotentials = pseudopotentialsByName("gth-pbe");
    const text = writeGthPotentials(pseudopotentials, species, "GTH-AGAIN", valenceByAngularMomentum);
    const { elements } = readGthPotentials(text, "gth-again");
    for (const z of species) expect(elements[z]).toEqual(pseudopotentials.elements[z]);
    expect(valenceByAngularMomentum(26, 16)).toEqual([4, 6, 6, 0]);
    expect(valenceByAngularMomentum(35, 7)).toEqual([2, 5, 0, 0]);
  });
});
