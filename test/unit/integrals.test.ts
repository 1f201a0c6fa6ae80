/** Integrals against themselves: symmetries, sums, finite differences, quadrature. */
import { describe, expect, it } from "vitest";
import { normalisedShell, placeBasis, type Basis, type PlacedBasis } from "../../dist/basis/basis.js";
import { evenTempered } from "../../dist/basis/even-tempered.js";
import {
  contractThreeCenterOverlap,
  coulombSums,
  coulombMetric,
  dipoleMatrices,
  dipoleMoments,
  electrostaticPotential,
  kineticMatrix,
  monopoles,
  nuclearAttractionMatrix,
  overlapMatrix,
  secondMoments,
  threeCentreIntegrals,
} from "../../dist/integrals/index.js";
import { matrix, type Matrix } from "../../dist/math/matrix.js";
import type { Structure } from "../../dist/structure/structure.js";
import { threeCenterCoulomb } from "../oracle/integrals-helpers.js";
import { structureOf } from "../structure-of.js";

const shell = (l: number, exponents: number[], coefficients: number[] = [1]): ReturnType<typeof normalisedShell> =>
  normalisedShell({ l, exponents, coefficients });
const orbitals: Basis = {
  name: "orbitals",
  shells: {
    1: [shell(0, [3, 0.4], [0.4, 0.7]), shell(1, [0.7]), shell(2, [0.9])],
    8: [shell(0, [40, 5, 0.9], [0.1, 0.5, 0.6]), shell(1, [4, 0.6], [0.4, 0.8]), shell(3, [1.1]), shell(4, [1.3])],
  },
};
const auxiliary: Basis = {
  name: "auxiliary",
  shells: {
    1: [shell(0, [2]), shell(1, [1.1]), shell(2, [0.8])],
    8: [
      shell(0, [30, 3], [0.3, 0.8]),
      shell(1, [1.4]),
      shell(2, [0.9]),
      shell(3, [1.2]),
      shell(4, [1]),
      shell(5, [1.5]),
    ],
  },
};

const structure = (positions: number[], species = [8, 1, 1]): Structure => structureOf(species, positions);
const bent = [0.2, -0.4, 0.3, 1.2, -1.7, 1.2, -1.4, -0.5, 1.1];
/** Turned by 0.7 about (1, 2, 2)/3 and shifted. */
function moved(positions: number[], shift = [0.3, -2.1, 5]): number[] {
  const axis = [1 / 3, 2 / 3, 2 / 3];
  const [cos, sin] = [Math.cos(0.7), Math.sin(0.7)];
  const result: number[] = [];
  for (let a = 0; a < positions.length; a += 3) {
    const r = positions.slice(a, a + 3);
    const along = r[0] * axis[0] + r[1] * axis[1] + r[2] * axis[2];
    const across = [axis[1] * r[2] - axis[2] * r[1], axis[2] * r[0] - axis[0] * r[2], axis[0] * r[1] - axis[1] * r[0]];
    for (let i = 0; i < 3; i++) result.push(cos * r[i] + sin * across[i] + (1 - cos) * along * axis[i] + shift[i]);
  }
  return result;
}

/** Tr M and Σ M_ij² within each pair of shells are invariant under rotation: all of the latter. */
function shellNorms(placed: PlacedBasis, m: Matrix): number[] {
  return placed.shells.flatMap((a) =>
    placed.shells.map((b) => {
      let sum = 0;
      for (let i = 0; i < 2 * a.l + 1; i++)
        for (let j = 0; j < 2 * b.l + 1; j++) sum += m.data[(a.first + i) * m.columns + b.first + j] ** 2;
      return sum;
    }),
  );
}
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0);

describe("symmetry", () => {
  const here = placeBasis(orbitals, structure(bent));
  const there = placeBasis(orbitals, structure(moved(bent)));
  it("unit self-overlap, symmetric matrices", () => {
    for (const placed of [here, placeBasis(auxiliary, structure(bent))]) {
      const s = overlapMatrix(placed);
      for (let i = 0; i < placed.size; i++) expect(Math.abs(s.data[i * placed.size + i] - 1)).toBeLessThan(1e-13);
      const j = coulombMetric(placed);
      for (const m of [s, j])
        for (let i = 0; i < placed.size; i++)
          for (let k = 0; k < i; k++) expect(m.data[i * placed.size + k]).toBe(m.data[k * placed.size + i]);
    }
  });

  it("rotation and translation leave shell norms alone", () => {
    const of = (placed: PlacedBasis, s: Structure): number[][] =>
      [overlapMatrix(placed), kineticMatrix(placed), nuclearAttractionMatrix(placed, s), coulombMetric(placed)].map(
        (m) => shellNorms(placed, m),
      );
    const [a, b] = [of(here, structure(bent)), of(there, structure(moved(bent)))];
    a.forEach((norms, i) => expect(largestDifference(norms, b[i])).toBeLessThan(1e-11 * Math.max(...norms)));
  });

  it("three-centre integrals follow a permutation of the atoms", () => {
    const permuted = structure([...bent.slice(6), ...bent.slice(0, 6)], [1, 8, 1]);
    const sum = (s: Structure): number =>
      threeCenterCoulomb(placeBasis(orbitals, s), placeBasis(auxiliary, s)).data.reduce((total, x) => total + x * x, 0);
    // (μν|P)² summed over μ ≥ ν does not depend on the order of atoms.
    const [a, b] = [sum(structure(bent)), sum(permuted)];
    expect(Math.abs(a / b - 1)).toBeLessThan(1e-12);
  });
});

describe("identities", () => {
  it("three-centre integrals with a wide s function are overlaps", async () => {
    const wide: Basis = { name: "wide", shells: { 1: [shell(0, [1e-9])], 8: [shell(0, [1e-9])] } };
    const at = structure(bent);
    const placed = placeBasis(orbitals, at);
    const constant = placeBasis(wide, at);
    const height = (2e-9 / Math.PI) ** 0.75;
    const s = overlapMatrix(placed);
    for (const [i, j] of [
      [0, 4],
      [3, 20],
      [11, 33],
    ]) {
      const density = matrix(placed.size, placed.size);
      density.data[i * placed.size + j] = 1;
      expect((await contractThreeCenterOverlap(placed, constant, density))[0] / height).toBeCloseTo(
        s.data[i * placed.size + j],
        6,
      );
    }
  });

  it("kinetic energy is the second derivative of the overlap", () => {
    // −½∇_B² of ⟨a|b⟩ with b on an atom of its own.
    const step = 1e-3;
    const pair = (d: number[]): PlacedBasis =>
      placeBasis(orbitals, structure([0.2, -0.4, 0.3, 1.2 + d[0], -1.7 + d[1], 1.2 + d[2]], [8, 1]));
    const t = kineticMatrix(pair([0, 0, 0]));
    const n = t.columns;
    const s = (d: number[]): Matrix => overlapMatrix(pair(d));
    const centre = s([0, 0, 0]);
    const sides = [
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0, 0, 1],
      [0, 0, -1],
    ].map((d) => s(d.map((x) => x * step)));
    for (let i = 0; i < 20; i++)
      for (let j = 20; j < n; j++) {
        const laplacian =
          sides.reduce((sum, side) => sum + side.data[i * n + j] - centre.data[i * n + j], 0) / step ** 2;
        expect(Math.abs(-0.5 * laplacian - t.data[i * n + j])).toBeLessThan(2e-5);
      }
  });

  it("dipole matrices move by the overlap", () => {
    const shift = [1, -2, 3];
    const shifted = bent.map((x, i) => x + shift[i % 3]);
    const [a, b] = [
      dipoleMatrices(placeBasis(orbitals, structure(bent))),
      dipoleMatrices(placeBasis(orbitals, structure(shifted))),
    ];
    const s = overlapMatrix(placeBasis(orbitals, structure(bent)));
    for (let axis = 0; axis < 3; axis++)
      expect(
        largestDifference(
          b[axis].data,
          a[axis].data.map((x, i) => x + shift[axis] * s.data[i]),
        ),
      ).toBeLessThan(1e-13);
  });

  it("moments of auxiliary functions are those of their far potential", () => {
    const at = structure([0.3, -0.2, 0.1], [1]);
    const placed = placeBasis(auxiliary, at);
    const [q, d, m] = [monopoles(placed), dipoleMoments(placed), secondMoments(placed)];
    // V(r) = q/r + d·r/r³ + Θ/r³ + …
    const r = 4000;
    for (let p = 0; p < placed.size; p++) {
      const c = new Float64Array(placed.size);
      c[p] = 1;
      const directions = [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ];
      directions.forEach((n, axis) => {
        const v = electrostaticPotential(
          placed,
          c,
          Float64Array.from([n[0] * r, -n[0] * r, n[1] * r, -n[1] * r, n[2] * r, -n[2] * r]),
        );
        expect(((v[0] + v[1]) / 2) * r).toBeCloseTo(q[p], 5);
        expect(((v[0] - v[1]) / 2) * r * r).toBeCloseTo(d.data[axis * placed.size + p], 4);
        const trace = m.data[p] + m.data[3 * placed.size + p] + m.data[5 * placed.size + p];
        const quadrupole = 1.5 * m.data[[0, 3, 5][axis] * placed.size + p] - 0.5 * trace;
        expect((((v[0] + v[1]) / 2) * r - q[p]) * r * r).toBeCloseTo(quadrupole, 1);
      });
    }
    // The trace does not show there; of an s Gaussian it is 3/(2α) about its centre.
    const trace = m.data[0] + m.data[3 * placed.size] + m.data[5 * placed.size];
    expect(trace / q[0]).toBeCloseTo(3 / (2 * 2) + 0.3 ** 2 + 0.2 ** 2 + 0.1 ** 2, 12);
  });

  it("the potential of the auxiliary functions is the metric with a narrow Gaussian", () => {
    const at = structure(bent);
    const point: Basis = { name: "point", shells: { 2: [shell(0, [1e10])] } };
    const withPoint: Basis = { name: "both", shells: { ...auxiliary.shells, ...point.shells } };
    const placed = placeBasis(withPoint, structure([...bent, 0.7, 0.9, -1.3], [8, 1, 1, 2]));
    const only = placeBasis(auxiliary, at);
    const metric = coulombMetric(placed);
    const charge = monopoles(placed)[only.size];
    for (let p = 0; p < only.size; p += 3) {
      const c = new Float64Array(only.size);
      c[p] = 1;
      expect(electrostaticPotential(only, c, Float64Array.of(0.7, 0.9, -1.3))[0]).toBeCloseTo(
        metric.data[p * placed.size + only.size] / charge,
        8,
      );
    }
  });

  it("far pairs are screened away as zero rows", () => {
    const apart = structure([0, 0, 0, 60, 0, 0], [1, 1]);
    const placed = placeBasis(orbitals, apart);
    const integrals = threeCenterCoulomb(placed, placeBasis(auxiliary, apart));
    const half = placed.size / 2;
    const row = ((half * (half + 1)) / 2) * integrals.columns;
    expect(integrals.data.subarray(row, row + integrals.columns).every((x) => x === 0)).toBe(true);
    expect(integrals.data.every(Number.isFinite)).toBe(true);
  });
});

describe("refusals and stopping", () => {
  const at = structure(bent);
  it("wrong lengths", async () => {
    const placed = placeBasis(orbitals, at);
    expect(() => nuclearAttractionMatrix(placed, at, [1])).toThrow(/1 nuclear charges for 3 atoms/);
    expect(() => electrostaticPotential(placed, new Float64Array(2), new Float64Array(3))).toThrow(/coefficients/);
    await expect(contractThreeCenterOverlap(placed, placed, matrix(2, 2))).rejects.toThrow(/density matrix/);
    expect(() => evenTempered(orbitals, 1)).toThrow(/above 1/);
  });

  it("an abort signal ends three-centre integrals", async () => {
    const placed = placeBasis(orbitals, at);
    const sums = coulombSums(threeCentreIntegrals(placed, placed, 0), placed.size);
    await expect(sums.potential(new Float64Array(placed.size), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      tag: "aborted",
    });
  });
});
