/** Files that ASE, NumPy and safetensors wrote (test/data/io), and bytes equal to theirs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readCoefficients } from "../../dist/io/coefficients.js";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { readNpy, writeNpy } from "../../dist/io/npy.js";
import { readNpz } from "../../dist/io/npz.js";
import { readSafetensors } from "../../dist/io/safetensors.js";
import { BOHR_IN_ANGSTROM } from "../../dist/units.js";

const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, "../data/io", name)));
const text = (name: string): string => new TextDecoder().decode(bytes(name));
const square = Float64Array.of(0, 0.25, 0.5, 0.75, 1, 1.25);

it("extended XYZ of ASE", () => {
  const structures = readExtxyz(text("ase.extxyz"));
  const expected: { species: number[]; positions: number[][]; pbc: boolean[]; cell: number[][] }[] = JSON.parse(
    text("ase.json"),
  );
  expect(structures).toHaveLength(expected.length);
  for (const [i, { species, positions, cell }] of structures.entries()) {
    expect([...species]).toEqual(expected[i].species);
    // ASE writes eight decimals.
    positions.forEach((x, k) => expect(x * BOHR_IN_ANGSTROM).toBeCloseTo(expected[i].positions.flat()[k], 8));
    expect(cell?.periodic ?? [false, false, false]).toEqual(expected[i].pbc);
    cell?.vectors.forEach((x, k) => expect(x * BOHR_IN_ANGSTROM).toBeCloseTo(expected[i].cell.flat()[k], 12));
  }
  expect(structures[0]).toMatchObject({ charge: -1, unpaired: 1 });
  expect(structures[0].info).toEqual({
    energy: -76.25,
    name: "two words",
    good: true,
    count: 3,
    dipole: "0.0 0.1 0.2",
    "odd key": 'a "quoted" word',
  });
  expect(readExtxyz(text("ase-plain.xyz"))[0].info).toEqual({ comment: "made by ASE" });
});

it("arrays of NumPy", () => {
  expect(readNpy(bytes("numpy.npy"))).toEqual({ shape: [2], data: Float64Array.of(1, 2) });
  expect(writeNpy({ shape: [2], data: Float64Array.of(1, 2) })).toEqual(bytes("numpy.npy"));
  expect(readNpz(bytes("numpy.npz"))["coefficients"]).toEqual({ shape: [2, 3], data: square });
  expect(readCoefficients(bytes("numpy.npz"))).toEqual([
    { energy: -1.5, coefficients: square.slice(0, 3) },
    { energy: -2.5, coefficients: square.slice(3) },
  ]);
  expect(() => readNpz(bytes("numpy-types.npz"), "n.npz")).toThrow(
    /^n\.npz, fortran\.npy: the array is in Fortran order/,
  );
});

it("tensors of safetensors", () => {
  const { tensors, metadata } = readSafetensors(bytes("numpy.safetensors"));
  expect(metadata).toEqual({ made: "by safetensors" });
  expect(Object.fromEntries(tensors)).toEqual({
    f: { shape: [2, 3], data: square },
    i: { shape: [2], data: Int32Array.of(-1, 7) },
    u: { shape: [3], data: Uint8Array.of(0, 1, 2) },
  });
});
