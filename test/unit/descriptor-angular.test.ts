/** Clebsch–Gordan coefficients, modified Bessel functions and radial integrals, each against its definition. */
import { describe, expect, it } from "vitest";
import { clebschGordan, couples } from "../../dist/math/clebsch-gordan.js";
import { scaledBessel } from "../../dist/math/modified-bessel.js";
import { gaussLegendre } from "../../dist/math/quadrature.js";
import { radialBasis } from "../../dist/descriptor/radial-basis.js";
import { radialIntegrals, radialQuadrature } from "../../dist/descriptor/radial-integrals.js";
import { neighbourWeight } from "../../dist/descriptor/cutoff.js";

describe("real Clebsch–Gordan coefficients", () => {
  it("are orthonormal in μ for all l1, l2 ≤ 6 and λ ≤ 6", () => {
    for (let l1 = 0; l1 <= 6; l1++)
      for (let l2 = 0; l2 <= 6; l2++)
        for (let lambda = 0; lambda <= 6; lambda++) {
          if (!couples(l1, l2, lambda)) continue;
          const { mu, m1, m2, values } = clebschGordan(l1, l2, lambda);
          const size = (2 * l1 + 1) * (2 * l2 + 1);
          const rows = Array.from({ length: 2 * lambda + 1 }, () => new Float64Array(size));
          values.forEach((value, k) => (rows[mu[k]][m1[k] * (2 * l2 + 1) + m2[k]] = value));
          rows.forEach((a, i) =>
            rows.forEach((b, j) => expect(a.reduce((sum, x, k) => sum + x * b[k], 0)).toBeCloseTo(i === j ? 1 : 0, 13)),
          );
        }
  });

  it("of two vectors are the dot product and the traceless symmetric product", () => {
    // l = 1 is (y, z, x): C^0 = δ/√3, and xy of λ = 2 is the symmetric pair (x, y)/√2.
    const scalar = clebschGordan(1, 1, 0);
    expect([...scalar.m1]).toEqual([...scalar.m2]);
    scalar.values.forEach((value) => expect(value).toBeCloseTo(1 / Math.sqrt(3), 14));
    const tensor = clebschGordan(1, 1, 2);
    const xy = [...tensor.values.keys()].filter((k) => tensor.mu[k] === 0);
    expect(xy.map((k) => [tensor.m1[k], tensor.m2[k]])).toEqual([
      [0, 2],
      [2, 0],
    ]);
    xy.forEach((k) => expect(tensor.values[k]).toBeCloseTo(Math.SQRT1_2, 14));
  });

  it("refuse what does not couple", () => {
    expect(() => clebschGordan(1, 1, 1)).toThrow(/do not couple/);
    expect(couples(2, 1, 4)).toBe(false);
  });
});

describe("scaled modified spherical Bessel functions", () => {
  const closed = [
    (x: number): number => Math.sinh(x) / x,
    (x: number): number => (x * Math.cosh(x) - Math.sinh(x)) / x ** 2,
    (x: number): number => ((x * x + 3) * Math.sinh(x) - 3 * x * Math.cosh(x)) / x ** 3,
  ];
  it("are the closed forms for l ≤ 2", () => {
    const b = new Float64Array(3);
    for (const x of [2, 5, 17.3, 60, 300]) {
      scaledBessel(2, x, b);
      closed.forEach((i, l) => expect(b[l] / ((Math.exp(-x) * i(x)) / x ** l)).toBeCloseTo(1, 12));
    }
  });

  it("are their power series for small arguments, and 1/(2l+1)!! at zero", () => {
    const b = new Float64Array(9);
    for (const x of [0, 1e-9, 1e-3, 0.5, 3]) {
      scaledBessel(8, x, b);
      let double = 1;
      for (let l = 0; l <= 8; l++) {
        double *= 2 * l + 1;
        let term = 1 / double;
        let sum = 0;
        for (let k = 0; k < 40; k++) {
          sum += term;
          term *= (x * x) / 2 / ((k + 1) * (2 * l + 2 * k + 3));
        }
        expect(b[l] / (Math.exp(-x) * sum)).toBeCloseTo(1, 13);
      }
    }
  });

  it("obey i_{l−1} − i_{l+1} = (2l+1) i_l/x at large argument and order", () => {
    const b = new Float64Array(26);
    for (const x of [1, 40, 1000]) {
      scaledBessel(25, x, b);
      for (let l = 1; l < 25; l++) expect((b[l - 1] - x * x * b[l + 1]) / ((2 * l + 1) * b[l])).toBeCloseTo(1, 9);
    }
  });
});

describe("radial functions", () => {
  it.each([
    [7.5, 8],
    [5, 12],
    [9, 1],
  ])("are orthonormal (r_c %d, n_max %d)", (cutoff, nmax) => {
    const basis = radialBasis(cutoff, nmax);
    const { nodes, weights } = gaussLegendre(200);
    const end = 14 * basis.widths[nmax - 1];
    const gram = new Float64Array(nmax * nmax);
    const value = new Float64Array(nmax);
    nodes.forEach((node, k) => {
      const r = (end / 2) * (1 + node);
      basis.evaluate(r, value);
      for (let n = 0; n < nmax; n++)
        for (let m = 0; m < nmax; m++) gram[n * nmax + m] += (end / 2) * weights[k] * r * r * value[n] * value[m];
    });
    gram.forEach((overlap, k) => expect(overlap).toBeCloseTo(k % (nmax + 1) === 0 ? 1 : 0, 8));
  });

  it("that cannot be told apart are refused", () => {
    expect(() => radialBasis(7.5, 40)).toThrow(/linearly dependent/);
  });
});

describe("table of radial integrals", () => {
  it.each([
    { cutoffRadius: 7.5, sigma: 0.55, nmax: 8, lmax: 6 },
    { cutoffRadius: 5, sigma: 0.2, nmax: 4, lmax: 3 },
    { cutoffRadius: 10, sigma: 1.5, nmax: 10, lmax: 9 },
  ])("interpolates the quadrature: %o", (settings) => {
    const exact = radialQuadrature(settings);
    const table = radialIntegrals(settings);
    const size = (settings.lmax + 1) * settings.nmax;
    const a = new Float64Array(size);
    const value = (r: number, l: number, n: number): number => {
      const i = Math.min(table.intervals - 1, Math.floor(r / table.length));
      const t = (2 * r) / table.length - 2 * i - 1;
      let sum = 0;
      for (let p = table.terms - 1; p >= 0; p--)
        sum = sum * t + table.powers[((i * table.terms + p) * (settings.lmax + 1) + l) * table.width + n];
      return sum;
    };
    let worst = 0;
    for (let i = 0; i <= 300; i++) {
      const r = (settings.cutoffRadius * i) / 300;
      exact(r, a);
      for (let k = 0; k < size; k++) {
        const l = Math.floor(k / settings.nmax);
        worst = Math.max(worst, Math.abs(a[k] - value(r, l, k % settings.nmax)) * r ** l);
      }
    }
    // Measured 7e-14, of values up to 3.5.
    expect(worst).toBeLessThan(1e-12);
  });

  it("is shared by equal settings", () => {
    const settings = { cutoffRadius: 6, sigma: 0.5, nmax: 3, lmax: 2 };
    expect(radialIntegrals({ ...settings })).toBe(radialIntegrals(settings));
  });
});

describe("weight of a neighbour", () => {
  const settings = {
    cutoffRadius: 8,
    smoothing: 1,
    sigma: 1,
    nmax: 1,
    lmax: 0,
    scaling: { exponent: 4, radius: 4 },
    species: [1],
  };
  it("is one at the centre, halves at r_0 and at half the smoothing width, and ends at the cutoff", () => {
    expect(neighbourWeight(0, settings)).toBe(1);
    expect(neighbourWeight(4, settings)).toBe(0.5);
    expect(neighbourWeight(7.5, { ...settings, scaling: null })).toBeCloseTo(0.5, 14);
    expect(neighbourWeight(8 - 1e-6, { ...settings, scaling: null })).toBeLessThan(1e-11);
    expect(neighbourWeight(8, settings)).toBe(0);
  });
});
