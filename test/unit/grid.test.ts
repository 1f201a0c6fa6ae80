import { describe, expect, it } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { functionalByName, ldaKernel } from "../../dist/functional/functional.js";
import { functionsOnBlock } from "../../dist/grid/block-functions.js";
import { densityOfMatrix } from "../../dist/grid/collocate.js";
import type { GridBlock } from "../../dist/grid/grid-block.js";
import { atomCentredGrid, molecularGrid } from "../../dist/grid/molecular-grid.js";
import { radialRule } from "../../dist/grid/radial-rule.js";
import { lebedev, lebedevSizes } from "../../dist/math/lebedev.js";
import { matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import { harmonicIndex, solidHarmonics } from "../../dist/math/solid-harmonics.js";
import type { Structure } from "../../dist/structure/structure.js";
import { exchangeCorrelation } from "../oracle/grid-helpers.js";

const structure = (species: number[], positions: number[]): Structure => ({
  species: Uint8Array.from(species),
  positions: Float64Array.from(positions),
  charge: 0,
  unpaired: 0,
  info: {},
});
const formaldehydeLike = structure([6, 8, 1, 1], [0, 0, 0.1, 0.1, 0.2, 2.4, 1.7, 0.1, -1, -1.8, 0, -1]);
/** Shells of all l that brine's sets use, contracted and not. */
const highAngular = {
  name: "test",
  shells: {
    1: [
      { l: 0, exponents: [3, 0.4], coefficients: [0.3, 0.8] },
      { l: 2, exponents: [0.9], coefficients: [1] },
    ],
    6: [0, 1, 2, 3].map((l) => ({ l, exponents: [1.1, 0.3], coefficients: [0.5, 0.6] })),
    8: [0, 1, 4, 5, 6].map((l) => ({ l, exponents: [0.8], coefficients: [1] })),
  },
};
const small = {
  name: "small",
  shells: { 1: [highAngular.shells[1][0]], 6: highAngular.shells[6].slice(0, 2), 8: highAngular.shells[8].slice(0, 2) },
};

describe("Lebedev", () => {
  it("integrates spherical harmonics exactly up to its degree (at most 24 here)", () => {
    for (const size of lebedevSizes()) {
      const rule = lebedev(size);
      const top = Math.min(rule.degree, 24);
      const sums = new Float64Array((top + 1) ** 2);
      const single = new Float64Array((top + 1) ** 2);
      for (let k = 0; k < rule.count; k++) {
        solidHarmonics(top, rule.x[k], rule.y[k], rule.z[k], single);
        for (let i = 0; i < sums.length; i++) sums[i] += rule.weights[k] * single[i];
      }
      expect(sums[harmonicIndex(0, 0)]).toBeCloseTo(1 / Math.sqrt(4 * Math.PI), 13);
      expect(Math.max(...sums.subarray(1).map(Math.abs))).toBeLessThan(1e-13);
    }
  });
  it("says which sizes there are", () => expect(() => lebedev(100)).toThrow(/110/));
});

describe("molecular grid", () => {
  it("comes in full blocks of at most 256 points that carry all weight", () => {
    const blocks = molecularGrid(formaldehydeLike, 2);
    expect(Math.max(...blocks.map((block) => block.count))).toBeLessThanOrEqual(256);
    expect(Math.min(...blocks.map((block) => block.count))).toBeGreaterThan(128);
  });
  it("integrates a Gaussian on each atom; the error falls with the level", () => {
    const integral = (level: number): number => {
      let sum = 0;
      for (const { count, points, weights } of molecularGrid(formaldehydeLike, level))
        for (let p = 0; p < count; p++)
          for (let a = 0; a < 4; a++) {
            const [x, y, z] = formaldehydeLike.positions.subarray(3 * a, 3 * a + 3);
            sum +=
              weights[p] *
              Math.exp(-1.3 * ((points[p] - x) ** 2 + (points[count + p] - y) ** 2 + (points[2 * count + p] - z) ** 2));
          }
      return sum / (4 * (Math.PI / 1.3) ** 1.5) - 1;
    };
    expect(Math.abs(integral(1))).toBeLessThan(1e-3);
    expect(Math.abs(integral(3))).toBeLessThan(1e-5);
    expect(Math.abs(integral(6))).toBeLessThan(1e-6);
  });
  it("weights do not depend on atoms beyond the reach of the partition", () => {
    const near = structure([8, 1], [0, 0, 0, 0, 0, 1.8]);
    const far = structure([8, 1, 8], [0, 0, 0, 0, 0, 1.8, 0, 0, 60]);
    const grid = (z: number) => ({ radial: radialRule(20, z), boundaries: [], spheres: [z === 1 ? 50 : 26] });
    const alone = atomCentredGrid(near, grid, 6);
    const together = atomCentredGrid(far, grid, 6);
    for (let p = 0; p < 500; p++) expect(together.weights[p]).toBe(alone.weights[p]);
  });
  it("refuses other levels and periodic structures", () => {
    expect(() => molecularGrid(formaldehydeLike, 10)).toThrow(/level 10/);
    const cell = { vectors: new Float64Array(9), periodic: [true, true, true] as const };
    expect(() => molecularGrid({ ...formaldehydeLike, cell }, 3)).toThrow(/periodic/);
  });
});

const random = randomGenerator(7);
const someBlock = (count: number, spread = 3): GridBlock => ({
  count,
  points: Float64Array.from({ length: 3 * count }, () => spread * random.normal()),
  weights: Float64Array.from({ length: count }, () => random.uniform()),
});

describe("functions on a block", () => {
  const placed = placeBasis(highAngular, formaldehydeLike);
  it("have the gradients of their values (l up to 6)", () => {
    const block = someBlock(12);
    const h = 1e-4;
    const at = (axis: number, step: number) => {
      const points = block.points.slice();
      for (let p = 0; p < block.count; p++) points[axis * block.count + p] += step;
      return functionsOnBlock(placed, { ...block, points }, 0).values.data;
    };
    const { gradient, alive } = functionsOnBlock(placed, block, 1);
    expect(alive.length).toBe(placed.size);
    for (let axis = 0; axis < 3; axis++) {
      const [a, b, c, d] = [at(axis, 2 * h), at(axis, h), at(axis, -h), at(axis, -2 * h)];
      gradient![axis].data.forEach((g, k) =>
        expect(Math.abs(g - (8 * (b[k] - c[k]) - (a[k] - d[k])) / (12 * h))).toBeLessThan(2e-9),
      );
    }
  });
  it("leaves out what is negligible, keeps the order", () => {
    const block = someBlock(20, 0.2);
    for (let p = 0; p < 20; p++) block.points[40 + p] += 9.5;
    const { alive, values } = functionsOnBlock(placed, block, 0);
    expect(alive.length).toBeGreaterThan(0);
    expect(alive.length).toBeLessThan(placed.size);
    expect(alive).toEqual(alive.toSorted((a, b) => a - b));
    expect(values.rows).toBe(alive.length);
  });
  it("may be none: far away the density is zero", () => {
    const block = someBlock(5, 0.1);
    for (let p = 0; p < 15; p++) block.points[p] += 500;
    const functions = functionsOnBlock(placed, block, 1);
    expect(functions.alive.length).toBe(0);
    expect([...densityOfMatrix(functions, matrix(placed.size, placed.size)).rho]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("collocation and integration", () => {
  const placed = placeBasis(small, formaldehydeLike);
  const symmetric = (scale: number) => {
    const d = matrix(placed.size, placed.size);
    for (let i = 0; i < placed.size; i++)
      for (let j = 0; j <= i; j++)
        d.data[i * placed.size + j] = d.data[j * placed.size + i] = scale * random.normal() + (i === j ? 1 : 0);
    return d;
  };
  it.each(["lda", "pbe", "svwn5"])("the %s potential matrix is the derivative of the energy", (name) => {
    const blocks = molecularGrid(formaldehydeLike, 1);
    const functional = functionalByName(name);
    const density = symmetric(0.02);
    const direction = symmetric(0.1);
    const { potential } = exchangeCorrelation(functional, placed, blocks, density);
    const energy = (t: number): number =>
      exchangeCorrelation(functional, placed, blocks, {
        ...density,
        data: density.data.map((v, k) => v + t * direction.data[k]),
      }).energy;
    const h = 1e-4;
    const expected = (energy(h) - energy(-h)) / (2 * h);
    const got = potential.data.reduce((sum, v, k) => sum + v * direction.data[k], 0);
    expect(Math.abs(got - expected)).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
    for (let i = 0; i < placed.size; i++)
      for (let j = 0; j < i; j++) expect(potential.data[i * placed.size + j]).toBe(potential.data[j * placed.size + i]);
  });
});

describe("functionals", () => {
  const rho = Float64Array.from([1e-9, 1e-6, 3e-4, 0.02, 0.4, 7, 300]);
  const sigma = rho.map((n, k) => n ** (8 / 3) * [0, 0.1, 5, 400, 2, 30, 0.5][k]);
  const energyDensity = (name: string, n: Float64Array, s: Float64Array): Float64Array => {
    const out = {
      exc: new Float64Array(n.length),
      vrho: new Float64Array(n.length),
      vsigma: new Float64Array(n.length),
    };
    functionalByName(name).evaluate(n, s, out);
    return out.exc.map((e, p) => e * n[p]);
  };
  it.each(["lda", "pbe", "svwn5"])("%s: derivatives by finite differences", (name) => {
    const out = { exc: new Float64Array(7), vrho: new Float64Array(7), vsigma: new Float64Array(7) };
    functionalByName(name).evaluate(rho, sigma, out);
    const h = 1e-4;
    const scaled = (x: Float64Array, f: number): Float64Array => x.map((v) => v * f);
    const up = energyDensity(name, scaled(rho, 1 + h), sigma);
    const down = energyDensity(name, scaled(rho, 1 - h), sigma);
    const upSigma = energyDensity(name, rho, scaled(sigma, 1 + h));
    const downSigma = energyDensity(name, rho, scaled(sigma, 1 - h));
    for (let p = 0; p < 7; p++) {
      const size = Math.abs(out.exc[p]);
      expect(Math.abs((up[p] - down[p]) / (2 * h * rho[p]) - out.vrho[p])).toBeLessThan(2e-7 * size);
      expect(
        Math.abs((upSigma[p] - downSigma[p]) / (2 * h * rho[p]) - (out.vsigma[p] * sigma[p]) / rho[p]),
      ).toBeLessThan(2e-7 * size);
    }
  });
  it("the LDA kernel is the derivative of the potential", () => {
    const potential = (f: number): Float64Array => {
      const out = { exc: new Float64Array(7), vrho: new Float64Array(7) };
      functionalByName("lda").evaluate(
        rho.map((n) => n * f),
        undefined,
        out,
      );
      return out.vrho;
    };
    const h = 1e-4;
    const [up, down] = [potential(1 + h), potential(1 - h)];
    ldaKernel(rho).forEach((kernel, p) =>
      expect(Math.abs((up[p] - down[p]) / (2 * h * rho[p]) / kernel - 1)).toBeLessThan(1e-7),
    );
  });
  it("empty, negative and NaN-free: no density gives zeros, a negative σ counts as 0", () => {
    const n = Float64Array.from([9e-11, 0, -1e-4, 0.1, 0.1]);
    const s = Float64Array.from([1, 0, 1, -1e-3, 0]);
    const out = {
      exc: new Float64Array(5).fill(NaN),
      vrho: new Float64Array(5).fill(NaN),
      vsigma: new Float64Array(5).fill(NaN),
    };
    functionalByName("PBE").evaluate(n, s, out);
    for (const part of [out.exc, out.vrho, out.vsigma]) {
      expect([...part.subarray(0, 3)]).toEqual([0, 0, 0]);
      expect(part[3]).toBe(part[4]);
    }
    expect([...ldaKernel(n.subarray(0, 3))]).toEqual([0, 0, 0]);
  });
  it("stays finite for steep, thin densities", () => {
    const n = Float64Array.from([1e-10, 1e-9, 1e-5]);
    const s = Float64Array.from([1e10, 1, 1e20]);
    const out = { exc: new Float64Array(3), vrho: new Float64Array(3), vsigma: new Float64Array(3) };
    functionalByName("pbe").evaluate(n, s, out);
    for (const part of [out.exc, out.vrho, out.vsigma]) expect(part.every(Number.isFinite)).toBe(true);
  });
  it("names the functionals it knows", () => {
    expect(functionalByName("spw92").name).toBe("lda");
    expect(() => functionalByName("m06-2x")).toThrow(/pbe, pbe-cp2k, lda, svwn5/);
  });
});
