/** safetensors, npy, npz, cube and foreign coefficients: round trips, known bytes, damaged files. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { readCoefficients, reorder } from "../../dist/io/coefficients.js";
import { readCube, writeCube } from "../../dist/io/cube.js";
import { readNpy, writeNpy } from "../../dist/io/npy.js";
import { readNpz, writeNpz } from "../../dist/io/npz.js";
import { readSafetensors, writeSafetensors, type Tensor } from "../../dist/io/safetensors.js";

const doubles = fc.array(fc.double(), { maxLength: 20 }).map((values) => Float64Array.from(values));
const encode = (document: unknown): Uint8Array =>
  new TextEncoder().encode(typeof document === "string" ? document : JSON.stringify(document));

describe("safetensors", () => {
  const tensor: fc.Arbitrary<Tensor> = fc.oneof(
    doubles.map((data) => ({ shape: [data.length], data })),
    fc
      .array(fc.integer(), { maxLength: 9 })
      .map((values) => ({ shape: [1, values.length], data: Int32Array.from(values) })),
    fc.uint8Array({ maxLength: 9 }).map((data) => ({ shape: [data.length], data: Uint8Array.from(data) })),
  );
  const name = fc.string().filter((text) => text !== "__metadata__" && text !== "__proto__");

  it("comes back the same, wherever the bytes lie in memory", () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, tensor, { maxKeys: 5 }),
        fc.dictionary(name, fc.string()),
        fc.nat(7),
        (tensors, metadata, shift) => {
          const bytes = writeSafetensors(new Map(Object.entries(tensors)), metadata);
          const moved = new Uint8Array(bytes.length + shift);
          moved.set(bytes, shift);
          const back = readSafetensors(moved.subarray(shift));
          expect(Object.fromEntries(back.tensors)).toEqual(Object.fromEntries(Object.entries(tensors)));
          expect({ ...back.metadata }).toEqual({ ...metadata });
        },
      ),
    );
  });

  const bytes = writeSafetensors(
    new Map<string, Tensor>([
      ["u", { shape: [3], data: Uint8Array.of(1, 2, 3) }],
      ["f", { shape: [2], data: Float64Array.of(1, 2) }],
    ]),
    { a: "b" },
  );

  it("puts f64 first and pads the header to 8 bytes, so that tensors are views", () => {
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      __metadata__: { a: "b" },
      f: { dtype: "F64", shape: [2], data_offsets: [0, 16] },
      u: { dtype: "U8", shape: [3], data_offsets: [16, 19] },
    });
    expect(readSafetensors(bytes).tensors.get("f")?.data.buffer).toBe(bytes.buffer);
  });

  it("says what is wrong with every truncation and with foreign bytes", () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => readSafetensors(bytes.slice(0, length), "m")).toThrow(
        expect.objectContaining({ tag: "corrupt", where: "m" }),
      );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
        expect(() => readSafetensors(noise)).toThrow(expect.objectContaining({ tag: "corrupt" }));
      }),
    );
  });

  it("refuses types that brine does not use, and shapes that do not fit", () => {
    const foreign = encode(`________${JSON.stringify({ t: { dtype: "BF16", shape: [1], data_offsets: [0, 2] } })}  `);
    new DataView(foreign.buffer).setBigUint64(0, BigInt(foreign.length - 10), true);
    expect(() => readSafetensors(foreign)).toThrow(expect.objectContaining({ tag: "unsupported" }));
    expect(() => writeSafetensors(new Map([["t", { shape: [2], data: Float64Array.of(1) }]]))).toThrow(
      /tensor t has 1 numbers/,
    );
  });
});

describe("npy and npz", () => {
  it("come back the same", () => {
    fc.assert(
      fc.property(doubles, (data) => {
        const array = { shape: [1, data.length], data };
        expect(readNpy(writeNpy(array))).toEqual(array);
        expect(readNpz(writeNpz({ a: array, b: array }))).toEqual({ a: array, b: array });
      }),
    );
  });

  it("are the same bytes whenever they are written: the date in the zip is 1 January 1980", () => {
    // Local file header (PKWARE's APPNOTE 4.3.7): time at byte 10, date at 12, (year − 1980) · 512 + month · 32 + day.
    const bytes = writeNpz({ a: { shape: [1], data: Float64Array.of(1) } });
    expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(10, true)).toBe((32 + 1) << 16);
  });

  it("write the header that NumPy writes", () => {
    // numpy 2.2: np.save(f, np.array([1.0, 2.0]))
    const bytes = writeNpy({ shape: [2], data: Float64Array.of(1, 2) });
    expect(bytes.length).toBe(128 + 16);
    expect(bytes[0]).toBe(0x93);
    expect(new TextDecoder().decode(bytes.subarray(1, 128))).toBe(
      `NUMPY\u0001\u0000v\u0000${"{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }".padEnd(117)}\n`,
    );
  });

  it("read other number types as f64", () => {
    const header = (descr: string, count: number): Uint8Array =>
      encode(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${count},), }\n`);
    const file = (descr: string, data: Uint8Array, count: number): Uint8Array => {
      const text = header(descr, count);
      return Uint8Array.from([0x93, ...encode("NUMPY"), 1, 0, text.length, 0, ...text, ...data]);
    };
    expect([...readNpy(file("<i4", new Uint8Array(Int32Array.of(-5, 7).buffer), 2)).data]).toEqual([-5, 7]);
    expect([...readNpy(file("<f4", new Uint8Array(Float32Array.of(0.5).buffer), 1)).data]).toEqual([0.5]);
    expect([...readNpy(file("<i8", new Uint8Array(BigInt64Array.of(-9n).buffer), 1)).data]).toEqual([-9]);
    expect(() => readNpy(file("<c16", new Uint8Array(16), 1))).toThrow(expect.objectContaining({ tag: "unsupported" }));
    expect(() => readNpy(file("<f8", new Uint8Array(8), 2))).toThrow(/cut off/);
  });

  it("say what is wrong with other files", () => {
    expect(() => readNpy(encode("hello, this is text"), "x.npy")).toThrow(/^x.npy: not an npy array/);
    expect(() => readNpz(encode("hello"), "x.npz")).toThrow(/^x.npz: not an npz archive/);
  });
});

describe("cube", () => {
  const grid = {
    origin: [-1, 0.5, 2] as const,
    steps: Float64Array.of(0.25, 0, 0, 0, 0.5, 0, 0, 0.1, 0.75),
    counts: [2, 1, 7] as const,
    values: Float64Array.from({ length: 14 }, (_, i) => (i - 6) * 10 ** (i - 7)),
  };
  const structure = {
    species: Uint8Array.of(8, 1),
    positions: Float64Array.of(0, 0, 0, 0, 0, 1.8),
    charge: 0,
    unpaired: 0,
    info: {},
  };

  it("comes back to six digits, the third axis fastest", () => {
    const text = writeCube(grid, structure, "water");
    expect(text.split("\n")[8]).toBe(" -6.00000E-07 -5.00000E-06 -4.00000E-05 -3.00000E-04 -2.00000E-03 -1.00000E-02");
    const back = readCube(text);
    expect(back.title).toBe("water");
    expect(back.grid.origin).toEqual([-1, 0.5, 2]);
    expect(back.grid.counts).toEqual([2, 1, 7]);
    expect(back.grid.steps).toEqual(grid.steps);
    expect(back.structure).toEqual(structure);
    grid.values.forEach((value, i) =>
      expect(back.grid.values[i]).toBeCloseTo(value, 5 - Math.log10(Math.abs(value) || 1)),
    );
  });

  it("is in ångström where the counts are negative", () => {
    // https://gaussian.com/cubegen/: "If the sign of N is negative, the units are ångström"; CODATA 2022: 0.529177210544.
    const angstrom = (line: string, first: number): string =>
      line.replace(/\S+/g, (word, at: number) =>
        line.slice(0, at).trim().split(/\s+/).filter(Boolean).length < first
          ? word
          : (Number(word) * 0.529177210544).toPrecision(17),
      );
    const lines = writeCube(grid, structure, "water").split("\n");
    for (const axis of [3, 4, 5]) lines[axis] = angstrom(lines[axis], 1).replace(/\d+/, "-$&");
    lines[2] = angstrom(lines[2], 1);
    for (const atom of [6, 7]) lines[atom] = angstrom(lines[atom], 2);
    const back = readCube(lines.join("\n"));
    expect(back.grid.counts).toEqual([2, 1, 7]);
    [...grid.steps].forEach((step, i) => expect(back.grid.steps[i]).toBeCloseTo(step, 12));
    grid.origin.forEach((x, i) => expect(back.grid.origin[i]).toBeCloseTo(x, 12));
    [...structure.positions].forEach((x, i) => expect(back.structure.positions[i]).toBeCloseTo(x, 12));
  });

  it("names the line where it is cut off", () => {
    const lines = writeCube(grid, structure, "water").split("\n");
    expect(() => readCube(lines.slice(0, 10).join("\n"), "w.cube")).toThrow(/^w.cube:11: expected 1 numbers/);
    expect(() => readCube("text", "w.cube")).toThrow(expect.objectContaining({ tag: "corrupt" }));
  });
});

describe("coefficients of other programs", () => {
  const basis = { name: "spd", shells: { 1: [0, 1, 2].map((l) => ({ l, exponents: [1], coefficients: [1] })) } };
  const placed = placeBasis(basis, {
    species: Uint8Array.of(1, 1),
    positions: new Float64Array(6),
    charge: 0,
    unpaired: 0,
    info: {},
  });
  const ours = Float64Array.from({ length: 18 }, (_, i) => i);

  it("differ from PySCF's in the order of p only: y, z, x against x, y, z", () => {
    const theirs = reorder(ours, placed, "brine", "pyscf");
    expect([...theirs]).toEqual([0, 3, 1, 2, 4, 5, 6, 7, 8, 9, 12, 10, 11, 13, 14, 15, 16, 17]);
    expect(reorder(theirs, placed, "pyscf", "brine")).toEqual(ours);
    expect(reorder(ours, placed, "brine", "salted")).toEqual(ours);
    expect(() => reorder(ours.slice(1), placed, "brine", "pyscf")).toThrow(
      expect.objectContaining({ tag: "mismatch" }),
    );
  });

  it("are read from JSON, also when it has other keys", () => {
    const list = [{ energy: -1, coefficients: [1, 2], other: 3 }, { coefficients: [3] }];
    const expected = [{ energy: -1, coefficients: Float64Array.of(1, 2) }, { coefficients: Float64Array.of(3) }];
    expect(readCoefficients(encode(list))).toEqual(expected);
    expect(readCoefficients(encode({ program: "x", structures: list }))).toEqual(expected);
  });

  it("are read from npz", () => {
    const energies = { shape: [2], data: Float64Array.of(-1, -2) };
    const square = writeNpz({ energies, coefficients: { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) } });
    expect(readCoefficients(square)).toEqual([
      { energy: -1, coefficients: Float64Array.of(1, 2) },
      { energy: -2, coefficients: Float64Array.of(3, 4) },
    ]);
    const ragged = writeNpz({
      0: { shape: [1], data: Float64Array.of(1) },
      1: { shape: [2], data: Float64Array.of(2, 3) },
    });
    expect(readCoefficients(ragged)).toEqual([
      { coefficients: Float64Array.of(1) },
      { coefficients: Float64Array.of(2, 3) },
    ]);
  });

  it("say which number is none, and what a file should be", () => {
    expect(
      readCoefficients(encode('[{"coefficients": [1, NaN]}, {"energy": Infinity, "coefficients": [1]}, {}]')),
    ).toEqual([
      { problem: "coefficient 1 is not a number: NaN" },
      { problem: "the energy is not a number: Infinity" },
      { problem: 'there is no array "coefficients"' },
    ]);
    expect(() => readCoefficients(encode("{"), "c.json")).toThrow(/^c.json: neither JSON nor an npz/);
    expect(() => readCoefficients(encode("{}"), "c.json")).toThrow(/^c.json: expected an array of/);
  });
});
