/** Bases, molecules and PySCF's order of functions for the integral tests. */
import { readFileSync } from "node:fs";
import type { Basis, PlacedBasis } from "../../dist/basis/basis.js";
import { threeCentreIntegrals } from "../../dist/integrals/index.js";
import { readBasisSetExchange } from "../../dist/io/bse.js";
import { matrix, type Matrix } from "../../dist/math/matrix.js";
import type { Structure } from "../../dist/structure/structure.js";

const data = (path: string): string =>
  readFileSync(new URL(`../data/pyscf-integrals/${path}`, import.meta.url), "utf8");

export const reference = <T>(file: string): T => JSON.parse(data(file)) as T;

export function basis(name: string): Basis {
  const bundled = name.startsWith("def2");
  return readBasisSetExchange(
    bundled ? readFileSync(new URL(`../../data/basis/${name}.json`, import.meta.url), "utf8") : data(`${name}.json`),
    name,
  );
}

const NUMBERS: Record<string, number> = { H: 1, C: 6, N: 7, O: 8 };

export function molecule(name: string): Structure {
  const { symbols, coords_bohr } =
    reference<Record<string, { symbols: string[]; coords_bohr: number[][] }>>("molecules.json")[name];
  return {
    species: Uint8Array.from(symbols, (symbol) => NUMBERS[symbol]),
    positions: Float64Array.from(coords_bohr.flat()),
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

/** Index in brine's order of each function in PySCF's order (p: x, y, z there, y, z, x here). */
export function fromPyscf(placed: PlacedBasis): Int32Array {
  const result = new Int32Array(placed.size);
  for (const { first, l } of placed.shells)
    for (let m = 0; m < 2 * l + 1; m++) result[first + m] = first + (l === 1 ? [2, 0, 1][m] : m);
  return result;
}

/** (i, j), i ≥ j, of a packed index. */
export function unpack(index: number): [number, number] {
  let i = Math.floor((Math.sqrt(8 * index + 1) - 1) / 2);
  if (((i + 1) * (i + 2)) / 2 <= index) i++;
  if ((i * (i + 1)) / 2 > index) i--;
  return [i, index - (i * (i + 1)) / 2];
}

/** Row of the pair (i, j) in packed storage. */
export const packedRow = (i: number, j: number): number => (i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i);

/** (μν|P) of all pairs: [pairs μ ≥ ν, auxiliary], zero without overlap. */
export function threeCenterCoulomb(orbitals: PlacedBasis, auxiliary: PlacedBasis): Matrix {
  const size = auxiliary.size;
  const result = matrix((orbitals.size * (orbitals.size + 1)) / 2, size);
  const integrals = threeCentreIntegrals(orbitals, auxiliary, 0);
  for (let index = 0; index < integrals.batches; index++) {
    const { pairs, integrals: rows } = integrals.on(index);
    pairs.forEach((pair, row) =>
      integrals.columns.forEach((p, c) => (result.data[pair * size + p] = rows.data[row * size + c])),
    );
  }
  return result;
}
