/** The valence density of water on the grid against CP2K's own cube of the same density matrix (test/data/cp2k-water). */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { uniformValues } from "../../dist/density/uniform-values.js";
import { readCube } from "../../dist/io/cube.js";
import { unpackPairs } from "../../dist/math/matrix.js";
import { basisByName } from "../../dist/node/library.js";
import { periodicStructure, type PeriodicData } from "./periodic-structures.js";

const file = (name: string): Buffer => readFileSync(new URL(`../data/cp2k-water/${name}`, import.meta.url));
const { grid } = readCube(gunzipSync(file("h2o_6A_density_stride3.cube.gz")).toString());
const { bohr, structures }: { bohr: number; structures: (PeriodicData & { density: number[] })[] } = JSON.parse(
  file("core-matrices.json").toString(),
);

it("is CP2K's to the five digits of its cube", { timeout: 60_000 }, async () => {
  const [water] = structures;
  const matrix = unpackPairs(Float64Array.from(water.density), 23);
  const basis = basisByName("dzvp-molopt-sr-gth");
  const { grid: own, values } = await uniformValues({ basis, matrix }, periodicStructure(water, 1 / bohr), 200);
  expect(own.shape).toEqual([75, 75, 75]);
  expect(grid.counts).toEqual([25, 25, 25]);
  let at = 0;
  let largest = 0;
  for (let i = 0; i < 75; i += 3)
    for (let j = 0; j < 75; j += 3)
      for (let k = 0; k < 75; k += 3, at++) {
        const theirs = grid.values[at];
        // Half a unit of the last digit, and what functions cut off below 1e-7 leave of a density.
        const allowed = 0.51 * 10 ** (Math.floor(Math.log10(Math.abs(theirs))) - 4) + NEGLIGIBLE;
        largest = Math.max(largest, Math.abs(values[(75 * i + j) * 75 + k] - theirs) / allowed);
      }
  expect(largest).toBeLessThan(1);
});

const NEGLIGIBLE = 5e-8;
