/** Extended XYZ: what is read, what comes back after writing, and what each mistake says. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readExtxyz, writeExtxyz } from "../../dist/io/extxyz.js";
import { BOHR_IN_ANGSTROM } from "../../dist/units.js";

const water = ["3", "COMMENT", "O 0 0 0", "H 0 0 0.96", "H 0.93 0 -0.24"];

function withComment(comment: string): string {
  return water.join("\n").replace("COMMENT", comment);
}

describe("reading", () => {
  it("reads plain xyz; free text is kept as the comment", () => {
    const [structure] = readExtxyz(withComment("gdb 1 -40.47"));
    expect([...structure.species]).toEqual([8, 1, 1]);
    expect(structure.positions[5]).toBeCloseTo(0.96 / BOHR_IN_ANGSTROM, 14);
    expect(structure).toMatchObject({ charge: 0, unpaired: 0, info: { comment: "gdb 1 -40.47" } });
    expect(structure.cell).toBeUndefined();
  });

  it("reads several frames, blank lines between and after them, and Windows line ends", () => {
    const text = `\uFEFF${withComment("")}\n\n${withComment("")}\n\n\n`.replaceAll("\n", "\r\n");
    expect(readExtxyz(text)).toHaveLength(2);
  });

  it("finds the columns by name, atomic numbers included", () => {
    const text = "1\nProperties=forces:R:3:Z:I:1:pos:R:3:tag:S:1\n9 9 9 8 1 2 3 x\n";
    const [structure] = readExtxyz(text);
    expect([...structure.species]).toEqual([8]);
    expect([...structure.positions].map((x) => x * BOHR_IN_ANGSTROM)).toEqual(
      [1, 2, 3].map((x) => expect.closeTo(x, 14)),
    );
    expect(readExtxyz("1\n\n8 0 0 0")[0].species[0]).toBe(8);
  });

  it("reads charge, spin and all other keys", () => {
    const [structure] = readExtxyz(
      withComment(`charge=-1 spin="2" energy=-76.5e0 name="two \\"words\\"" flag converged=T smiles=C=C id='7'`),
    );
    expect(structure).toMatchObject({ charge: -1, unpaired: 2 });
    expect(structure.info).toEqual({
      energy: -76.5,
      name: 'two "words"',
      flag: true,
      converged: true,
      smiles: "C=C",
      id: "7",
    });
  });

  it("reads a cell; a box that repeats nowhere is an isolated molecule", () => {
    const lattice = 'Lattice="10 0 0 0 10 0 0 0 12"';
    const [periodic] = readExtxyz(withComment(lattice));
    expect(periodic.cell?.periodic).toEqual([true, true, true]);
    expect(periodic.cell?.vectors[8]).toBeCloseTo(12 / BOHR_IN_ANGSTROM, 13);
    expect(readExtxyz(withComment(`${lattice} pbc="T T F"`))[0].cell?.periodic).toEqual([true, true, false]);
    expect(readExtxyz(withComment(`${lattice} pbc="F F F"`))[0].cell).toBeUndefined();
    expect(readExtxyz(withComment('pbc="F F F"'))[0].cell).toBeUndefined();
  });

  it("reads the exponents of Fortran and of the QM9 files", () => {
    expect(readExtxyz("1\n\nH 1.0D-3 2*^-3 3e-3")[0].positions[0] * BOHR_IN_ANGSTROM).toBeCloseTo(1e-3, 15);
    expect(readExtxyz("1\n\nH 1.0D-3 2*^-3 3e-3")[0].positions[1] * BOHR_IN_ANGSTROM).toBeCloseTo(2e-3, 15);
  });
});

describe("mistakes", () => {
  const cases: readonly [what: string, text: string, message: RegExp][] = [
    ["an empty file", "", /^f: the file has no structures/],
    ["only blank lines", "\n \n", /^f: the file has no structures/],
    ["no count", "hello\nworld", /^f:1: expected the number of atoms .* found "hello"/],
    ["a count that is none", "3.5\n\nO 0 0 0", /^f:1: expected the number of atoms/],
    ["too few atoms", "3\n\nO 0 0 0\nH 0 0 1", /^f:1: 3 atoms announced, but the file ends after 2/],
    ["too many atoms", "1\n\nO 0 0 0\nH 0 0 1", /^f:4: expected the number of atoms .* found "H 0 0 1"/],
    ["a missing column", "1\n\nO 0 0", /^f:3: expected 4 columns for atom 0, found "O 0 0"/],
    ["NaN", "2\n\nO 0 0 0\nH 0 nan 0", /^f:4: the y coordinate of atom 1 is not a number: "nan"/],
    ["an unknown element", "1\n\nQq 0 0 0", /^f:3: unknown element "Qq"/],
    ["a broken cell", '1\nLattice="1 2 3"\nO 0 0 0', /^f:2: Lattice needs nine numbers, found 3/],
    ["a cell with NaN", '1\nLattice="1 0 0 0 x 0 0 0 1"\nO 0 0 0', /^f:2: a number of Lattice is not a number: "x"/],
    ["pbc without a cell", '1\npbc="T T T"\nO 0 0 0', /^f:2: pbc says .* no Lattice/],
    ["a wrong pbc", '1\npbc="yes"\nO 0 0 0', /^f:2: pbc needs three of T and F/],
    ["a fractional charge", "1\ncharge=0.5\nO 0 0 0", /^f:2: charge must be a whole number/],
    ["a negative spin", "1\nspin=-1\nO 0 0 0", /^f:2: spin is the number of unpaired electrons/],
    ["Properties without positions", "1\nProperties=species:S:1\nO", /^f:2: Properties must name the columns/],
    ["broken Properties", "1\nProperties=species:S\nO", /^f:2: Properties=species:S is not a list/],
    ["an unfinished quote", '1\nenergy=1 name="x\nO 0 0 0', /^f:2: cannot read the comment line from "name="x" on/],
    ["a key without value", '1\nenergy= pbc="F F F"\nO 0 0 0', /^f:2: cannot read the comment line/],
    ["a mistake in the second frame", "1\n\nO 0 0 0\n\n1\n\nO 0 0 x", /^f:7: the z coordinate/],
  ];
  it.each(cases)("%s", (_, text, message) => {
    expect(() => readExtxyz(text, "f")).toThrow(message);
    expect(() => readExtxyz(text, "f")).toThrow(expect.objectContaining({ tag: "input" }));
  });
});

describe("round trip", () => {
  const key = fc
    .string({ minLength: 1, maxLength: 8 })
    .filter(
      (name) =>
        name === name.trim() &&
        !/^(lattice|properties|pbc|charge|spin|__proto__)$/i.test(name) &&
        !/[\n\r]/.test(name) &&
        name.trim() !== "",
    );
  const value = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
    fc.boolean(),
  );
  const coordinate = fc.double({ min: -100, max: 100, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-300);
  const structure = fc
    .record({
      atoms: fc.array(fc.tuple(fc.integer({ min: 1, max: 86 }), coordinate, coordinate, coordinate), {
        minLength: 1,
        maxLength: 5,
      }),
      charge: fc.integer({ min: -3, max: 3 }),
      unpaired: fc.integer({ min: 0, max: 3 }),
      info: fc.dictionary(key, value, { maxKeys: 4 }),
      cell: fc.option(fc.tuple(fc.array(coordinate, { minLength: 9, maxLength: 9 }), fc.boolean(), fc.boolean()), {
        nil: undefined,
      }),
    })
    .map(({ atoms, cell, ...rest }) => ({
      ...rest,
      species: Uint8Array.from(atoms, ([z]) => z),
      positions: Float64Array.from(atoms.flatMap(([, ...xyz]) => xyz)),
      ...(cell && { cell: { vectors: Float64Array.from(cell[0]), periodic: [true, cell[1], cell[2]] as const } }),
    }));

  it("keeps everything; positions to the last digits", () => {
    fc.assert(
      fc.property(fc.array(structure, { minLength: 1, maxLength: 3 }), (structures) => {
        const back = readExtxyz(writeExtxyz(structures));
        expect(back).toHaveLength(structures.length);
        for (const [i, { species, positions, charge, unpaired, info, cell }] of structures.entries()) {
          expect(back[i].species).toEqual(species);
          // Two roundings, bohr to ångström and back: 3 units in the last place.
          positions.forEach((x, k) =>
            expect(Math.abs(back[i].positions[k] - x)).toBeLessThanOrEqual(4e-16 * Math.abs(x) * 2),
          );
          expect(back[i]).toMatchObject({ charge, unpaired });
          expect({ ...back[i].info }).toEqual({ ...info });
          expect(back[i].cell?.periodic).toEqual(cell?.periodic);
        }
      }),
    );
  });
});
