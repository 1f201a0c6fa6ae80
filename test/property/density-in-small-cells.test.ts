/** Densities on the grids of cells that are smaller than a cube of the grid, thin or skewed, against sums over images one by one. */
import { describe, expect, it } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { uniformValues } from "../../dist/density/uniform-values.js";
import { densityAt } from "../../dist/density/evaluate.js";
import { basisByName } from "../../dist/node/library.js";
import { latticeImages } from "../../dist/structure/lattice-images.js";
import type { Structure } from "../../dist/structure/structure.js";

const basis = basisByName("def2-universal-jfit:uncontracted:10");
/** hartree: points 0.3 bohr apart. */
const CUTOFF = 60;
/** Beyond this the most diffuse function is below 1e-8, bohr. */
const REACH = 14;

const cells: [string, number[]][] = [
  ["a point and a half wide", [0.8, 0, 0, 0, 0.9, 0, 0, 0, 0.7]],
  ["thin as a sheet", [0.6, 0, 0, 0, 9, 0, 0, 0, 7]],
  ["long as a needle", [1.1, 0, 0, 0, 1.2, 0, 0, 0, 25]],
  ["skewed", [1.5, 0, 0, 1.2, 1.4, 0, -1.3, 1.1, 2]],
  ["left-handed", [0, 3, 0, 3, 0, 0, 0, 0, 3.5]],
];

describe("the density on the grid of a cell", () => {
  it.each(cells)("%s has all images", { timeout: 60_000 }, async (_, vectors) => {
    const structure: Structure = {
      species: Uint8Array.of(1),
      positions: Float64Array.of(0.3, -0.4, 7.1),
      cell: { vectors: Float64Array.from(vectors), periodic: [true, true, true] },
      charge: 0,
      unpaired: 1,
      info: {},
    };
    const coefficients = Float64Array.from({ length: placeBasis(basis, structure).size }, (_, p) => Math.cos(p));
    const { grid, values } = await uniformValues({ basis, coefficients }, structure, CUTOFF);
    const largest = Math.max(...values.map(Math.abs));
    expect(largest).toBeGreaterThan(0.1);
    for (let p = 0; p < values.length; p += 1 + Math.floor(values.length / 20)) {
      const [, n2, n3] = grid.shape;
      const indices = [Math.floor(p / (n2 * n3)), Math.floor(p / n3) % n2, p % n3];
      const point = [0, 1, 2].map((k) => indices.reduce((sum, i, a) => sum + i * grid.steps[3 * a + k], 0));
      expect(Math.abs(values[p] - (await sumOverImages(structure, coefficients, point))) / largest).toBeLessThan(1e-6);
    }
  });
});

/** Σ_T ρ(r − T) of the lone atom. */
async function sumOverImages(structure: Structure, coefficients: Float64Array, point: number[]): Promise<number> {
  const { cell, positions, ...atom } = structure;
  const d = point.map((x, k) => x - positions[k]);
  const images = latticeImages(cell!.vectors).within(d[0], d[1], d[2], REACH);
  const count = images.length / 3;
  const points = Float64Array.from(
    { length: images.length },
    (_, i) => images[3 * (i % count) + Math.floor(i / count)],
  );
  const alone = { ...atom, positions: new Float64Array(3) };
  const density = {
    structure: alone,
    basis,
    quantity: "density" as const,
    nuclearCharges: Float64Array.of(1),
    coefficients,
  };
  return (await densityAt(density, points)).reduce((sum, value) => sum + value, 0);
}
