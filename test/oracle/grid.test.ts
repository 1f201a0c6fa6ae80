/** Against PySCF 2.14.0 (see test/data/pyscf-grid/README.md): its level-3 grid rebuilt with brine's parts. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { functionalByName } from "../../dist/functional/functional.js";
import { functionsOnBlock } from "../../dist/grid/block-functions.js";
import { compactBlocks } from "../../dist/grid/compact-blocks.js";
import type { AtomGrid } from "../../dist/grid/grid-levels.js";
import { sphereSize } from "../../dist/grid/grid-levels.js";
import { atomCentredGrid, molecularGrid } from "../../dist/grid/molecular-grid.js";
import { braggRadius } from "../../dist/grid/bragg-radii.js";
import type { RadialRule } from "../../dist/grid/radial-rule.js";
import { derivativesFor } from "../../dist/kohn-sham/exchange-correlation.js";
import { gridPartSums, gridSums } from "../../dist/kohn-sham/exchange-correlation-term.js";
import { gridFunctions } from "../../dist/kohn-sham/grid-functions.js";
import { contract } from "../../dist/math/matrix.js";
import { lebedev, lebedevSizes } from "../../dist/math/lebedev.js";
import { exchangeCorrelation, molecule, pyscfOrder, readBasis, reference, unpack } from "./grid-helpers.js";

interface WaterFile {
  molecule: { symbols: string[]; coords_bohr: number[][] };
  ngrid: number;
  per_atom: Record<string, { r: number[]; dr: number[]; angular_points: number[] }>;
  sample_points: { atom: number; xyz: number[]; weight: number }[];
  dm: number[];
  functionals: Record<
    string,
    {
      nelec_level3: number;
      exc_semilocal_level3: number;
      exc_semilocal_level7: number;
      vxc_matrix?: number[];
      vxc_matrix_trace_with_dm: number;
    }
  >;
}
const file = reference<WaterFile>("water_grid_and_potential");
const water = molecule(file.molecule);
/** Without exact exchange. */
const others = (
  JSON.parse(readFileSync(new URL("../data/pyscf-scf/fixed-density.json", import.meta.url), "utf8")) as {
    functionals: WaterFile["functionals"];
  }
).functionals;
/** The M4 mapping of Treutler and Ahlrichs (J. Chem. Phys. 102, 346 (1995)), which PySCF uses. */
function treutlerAhlrichs(n: number, xi: number): RadialRule {
  const x = Float64Array.from({ length: n }, (_, k) => Math.cos(((n - k) * Math.PI) / (n + 1)));
  const scale = xi / Math.LN2;
  return {
    r: x.map((v) => scale * (1 + v) ** 0.6 * Math.log(2 / (1 - v))),
    weights: x.map(
      (v) =>
        ((scale * Math.PI) / (n + 1)) *
        Math.sqrt(1 - v * v) *
        (1 + v) ** 0.6 *
        ((0.6 * Math.log(2 / (1 - v))) / (1 + v) + 1 / (1 - v)),
    ),
  };
}
/** PySCF's level 3 with NWChem pruning. */
const pyscfLevel3 = (z: number): AtomGrid => ({
  radial: z === 1 ? treutlerAhlrichs(50, 0.8) : treutlerAhlrichs(75, 0.9),
  boundaries: (z === 1 ? [0.25, 0.5, 1, 4.5] : [0.1667, 0.5, 0.9, 3.5]).map((b) => b * braggRadius(z)),
  spheres: [50, 86, 266, 302, 266],
});
const cloud = atomCentredGrid(water, pyscfLevel3, Infinity);

describe("Lebedev rules", () => {
  const { grids } = reference<{ grids: Record<string, number>[] }>("lebedev");
  it("has the sizes of the table", () => expect(lebedevSizes()).toEqual(grids.map((grid) => grid.npoints)));
  it.each(grids.map((grid) => [grid.npoints, grid] as const))("%i points", (points, expected) => {
    const { x, y, z, weights, degree } = lebedev(points);
    const sum = (f: (x: number, y: number, z: number) => number): number =>
      weights.reduce((s, w, k) => s + w * f(x[k], y[k], z[k]), 0);
    expect(degree).toBe(expected.order);
    expect(sum(() => 1)).toBeCloseTo(1, 13);
    expect(sum((a) => a ** 4)).toBeCloseTo(expected.wx4, 13);
    expect(sum((a, b, c) => a * a * b * b * c * c)).toBeCloseTo(expected.wx2y2z2, 13);
    expect(sum((a, b, c) => Math.exp(1.1 * a + 0.7 * b - 0.4 * c))).toBeCloseTo(expected.w_exp, 12);
    const top = expected.top_even_degree;
    expect(sum((a) => a ** top)).toBeCloseTo(expected.w_x_top, 12);
  });
});

describe("radial rule and pruning", () => {
  it.each([
    ["H", 1],
    ["O", 8],
  ] as const)("%s", (symbol, z) => {
    const expected = file.per_atom[symbol];
    const { r, weights } = pyscfLevel3(z).radial;
    r.forEach((value, k) => expect(Math.abs(value / expected.r[k] - 1)).toBeLessThan(1e-9));
    weights.forEach((value, k) => expect(Math.abs(value / expected.dr[k] - 1)).toBeLessThan(1e-9));
    expect(Array.from(r, (value) => sphereSize(pyscfLevel3(z), value))).toEqual(expected.angular_points);
  });
});

describe("water grid", () => {
  it("has PySCF's weights at the sample points", () => {
    for (const { xyz, weight } of file.sample_points) {
      let found = -1;
      for (let p = 0; p < cloud.count; p++)
        if (
          Math.abs(cloud.points[p] - xyz[0]) +
            Math.abs(cloud.points[cloud.count + p] - xyz[1]) +
            Math.abs(cloud.points[2 * cloud.count + p] - xyz[2]) <
          1e-9
        )
          found = p;
      if (Math.abs(weight) < 1e-14) continue;
      expect(found).toBeGreaterThanOrEqual(0);
      expect(Math.abs(cloud.weights[found] - weight)).toBeLessThan(1e-10 * Math.abs(weight) + 1e-13);
    }
  });
  it("leaves out only points without weight", () => {
    expect(cloud.count).toBeLessThanOrEqual(file.ngrid);
    expect(cloud.count).toBeGreaterThan(0.95 * file.ngrid);
  });
});

describe("function values", () => {
  const values = reference<{
    points: number[][];
    bases: Record<string, Record<"value" | "dx" | "dy" | "dz", number[][]>>;
  }>("function_values");
  it.each(Object.keys(values.bases))("%s", (name) => {
    const basis = placeBasis(readBasis(name), water);
    const points = Float64Array.from([0, 1, 2].flatMap((axis) => values.points.map((point) => point[axis])));
    const functions = functionsOnBlock(basis, { count: 3, points, weights: new Float64Array(3).fill(1) }, 1);
    const order = pyscfOrder(basis);
    const { value, dx, dy, dz } = values.bases[name];
    [functions.values, ...(functions.gradient ?? [])].forEach((got, which) => {
      const expected = [value, dx, dy, dz][which];
      functions.alive.forEach((index, row) => {
        for (let p = 0; p < 3; p++)
          expect(Math.abs(got.data[row * 3 + p] - expected[p][order[index]])).toBeLessThan(
            2e-11 * Math.max(1, Math.abs(expected[p][order[index]])),
          );
      });
    });
  });
});

describe("exchange and correlation of a fixed density matrix", () => {
  const basis = placeBasis(readBasis("def2-svp"), water);
  const density = unpack(file.dm, basis);
  const blocks = compactBlocks(cloud);
  // Energies agree to 1e-8 on the same grid; matrices to 1e-7 (the reference density matrix has 13 digits).
  it.each([
    ["pbe", "PBE"],
    ["svwn5", "SVWN5"],
    ["lda", "SPW92"],
  ])("%s on PySCF's grid", (name, key) => {
    const expected = file.functionals[key];
    const got = exchangeCorrelation(functionalByName(name), basis, blocks, density);
    expect(Math.abs(got.electrons - expected.nelec_level3)).toBeLessThan(1e-8);
    expect(Math.abs(got.energy - expected.exc_semilocal_level3)).toBeLessThan(1e-8);
    const trace = got.potential.data.reduce((sum, v, k) => sum + v * density.data[k], 0);
    expect(Math.abs(trace - expected.vxc_matrix_trace_with_dm)).toBeLessThan(1e-7);
    if (!expected.vxc_matrix) return;
    unpack(expected.vxc_matrix, basis).data.forEach((v, k) =>
      expect(Math.abs(v - got.potential.data[k])).toBeLessThan(1e-7),
    );
  });
  it.each(Object.keys(others))("%s on PySCF's grid", async (key) => {
    const expected = others[key];
    const functional = functionalByName(key);
    const onGrid = gridFunctions(basis, blocks, derivativesFor(functional), 2 ** 28);
    const sums = gridSums(gridPartSums(functional, basis, basis, onGrid), basis.size);
    const { energy, potentials } = await sums.evaluate([density]);
    const [fock] = potentials!;
    expect(Math.abs(energy - expected.exc_semilocal_level3)).toBeLessThan(1e-8);
    expect(Math.abs(contract(fock, density) - expected.vxc_matrix_trace_with_dm)).toBeLessThan(1e-7);
    if (!expected.vxc_matrix) return;
    unpack(expected.vxc_matrix, basis).data.forEach((v, k) => expect(Math.abs(v - fock.data[k])).toBeLessThan(1e-7));
  });
  // PySCF's level 7 is good to about 1e-8 here.
  it.each([
    [1, 2e-4],
    [3, 2e-5],
    [5, 1e-6],
    [7, 2e-7],
  ])("level %i against PySCF's level 7", (level, tolerance) => {
    const got = exchangeCorrelation(functionalByName("pbe"), basis, molecularGrid(water, level), density);
    expect(Math.abs(got.energy - file.functionals.PBE.exc_semilocal_level7)).toBeLessThan(tolerance);
    expect(Math.abs(got.electrons - 10)).toBeLessThan(5 * tolerance);
  });
});
