/** What the grid tests share: reference files, basis sets, PySCF's order of p functions, a whole-grid pass. */
import { readFileSync } from "node:fs";
import { type Basis, type PlacedBasis, normalisedShell, type Shell } from "../../dist/basis/basis.js";
import type { Functional } from "../../dist/functional/functional.js";
import { functionsOnBlock } from "../../dist/grid/block-functions.js";
import { densityOfMatrix } from "../../dist/grid/collocate.js";
import type { GridBlock } from "../../dist/grid/grid-block.js";
import { addPotentialMatrix } from "../../dist/grid/integrate.js";
import { type Matrix, matrix } from "../../dist/math/matrix.js";
import { atomicNumber } from "../../dist/structure/elements.js";
import type { Structure } from "../../dist/structure/structure.js";

export function reference<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../data/pyscf-grid/${name}.json`, import.meta.url), "utf8")) as T;
}

interface BasisFile {
  elements: Record<
    string,
    { electron_shells: { angular_momentum: number[]; exponents: string[]; coefficients: string[][] }[] }
  >;
}

export function readBasis(name: string): Basis {
  const file = JSON.parse(readFileSync(new URL(`../../data/basis/${name}.json`, import.meta.url), "utf8")) as BasisFile;
  const shells: Record<number, Shell[]> = {};
  for (const [z, element] of Object.entries(file.elements))
    shells[Number(z)] = element.electron_shells
      .flatMap(({ angular_momentum: [l], exponents, coefficients }) =>
        coefficients.map((column) => {
          const kept = column
            .map(Number)
            .map((c, k) => [Number(exponents[k]), c] as const)
            .filter(([, c]) => c !== 0);
          return normalisedShell({ l, exponents: kept.map(([alpha]) => alpha), coefficients: kept.map(([, c]) => c) });
        }),
      )
      .toSorted((a, b) => a.l - b.l);
  return { name, shells };
}

export function molecule(data: { symbols: string[]; coords_bohr: number[][] }): Structure {
  return {
    species: Uint8Array.from(data.symbols, atomicNumber),
    positions: Float64Array.from(data.coords_bohr.flat()),
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

/** For each function of brine its index in PySCF's order (p as x, y, z). */
export function pyscfOrder(basis: PlacedBasis): number[] {
  const order: number[] = [];
  for (const { l, first } of basis.shells)
    for (let k = 0; k < 2 * l + 1; k++) order[first + k] = first + (l === 1 ? (k + 1) % 3 : k);
  return order;
}

/** A packed lower triangle in PySCF's order as a full matrix in brine's. */
export function unpack(packed: readonly number[], basis: PlacedBasis): Matrix {
  const order = pyscfOrder(basis);
  const full = matrix(basis.size, basis.size);
  for (let i = 0; i < basis.size; i++)
    for (let j = 0; j < basis.size; j++) {
      const a = Math.max(order[i], order[j]);
      const b = Math.min(order[i], order[j]);
      full.data[i * basis.size + j] = packed[(a * (a + 1)) / 2 + b];
    }
  return full;
}

export interface GridPass {
  electrons: number;
  energy: number;
  potential: Matrix;
}

/** Electrons, XC energy and potential matrix of a density matrix. */
export function exchangeCorrelation(
  functional: Functional,
  basis: PlacedBasis,
  blocks: readonly GridBlock[],
  density: Matrix,
): GridPass {
  const gga = functional.family === "gga";
  const result: GridPass = { electrons: 0, energy: 0, potential: matrix(basis.size, basis.size) };
  for (const block of blocks) {
    const n = block.count;
    const functions = functionsOnBlock(basis, block, gga ? 1 : 0);
    const { rho, gradient } = densityOfMatrix(functions, density);
    const sigma = gradient
      ? rho.map((_, p) => gradient[0][p] ** 2 + gradient[1][p] ** 2 + gradient[2][p] ** 2)
      : undefined;
    const out = { exc: new Float64Array(n), vrho: new Float64Array(n), vsigma: new Float64Array(n) };
    functional.evaluate(rho, sigma, out);
    for (let p = 0; p < n; p++) {
      result.electrons += block.weights[p] * rho[p];
      result.energy += block.weights[p] * rho[p] * out.exc[p];
    }
    const along = (axis: number): Float64Array =>
      rho.map((_, p) => 2 * block.weights[p] * out.vsigma[p] * (gradient?.[axis][p] ?? 0));
    addPotentialMatrix(
      functions,
      out.vrho.map((v, p) => v * block.weights[p]),
      gga ? [along(0), along(1), along(2)] : undefined,
      result.potential,
    );
  }
  return result;
}
