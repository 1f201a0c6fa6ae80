/** Integrals against PySCF 2.14.0 (libcint); see test/data/pyscf-integrals/README.md. */
import { describe, expect, it } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { evenTempered } from "../../dist/basis/even-tempered.js";
import {
  contractThreeCenterOverlap,
  coulombMetric,
  dipoleMatrices,
  dipoleMoments,
  electrostaticPotential,
  kineticMatrix,
  monopoles,
  nuclearAttractionMatrix,
  overlapMatrix,
} from "../../dist/integrals/index.js";
import { dot, matrix, type Matrix } from "../../dist/math/matrix.js";
import { basis, fromPyscf, molecule, packedRow, reference, threeCenterCoulomb, unpack } from "./integrals-helpers.js";

/** Of the largest element; the references carry 12 to 13 digits. */
const TOLERANCE = 1e-12;

interface Sample {
  largest: number;
  sum: number;
  sumAbs: number;
  elements: [number, number][];
}

function expectSample(computed: Matrix, order: Int32Array, { largest, sum, sumAbs, elements }: Sample): void {
  for (const [index, value] of elements) {
    const [i, j] = unpack(index);
    expect(Math.abs(computed.data[order[i] * computed.columns + order[j]] - value)).toBeLessThan(TOLERANCE * largest);
  }
  let total = 0;
  let magnitude = 0;
  for (let i = 0; i < computed.rows; i++)
    for (let j = 0; j <= i; j++) {
      const value = computed.data[order[i] * computed.columns + order[j]];
      total += value;
      magnitude += Math.abs(value);
    }
  expect(Math.abs(total - sum)).toBeLessThan(TOLERANCE * sumAbs);
  expect(Math.abs(magnitude - sumAbs)).toBeLessThan(TOLERANCE * sumAbs);
}

const matrices = reference<{
  orbital: Record<string, Record<string, Sample>>;
  auxiliary: Record<string, { S: Sample; J: Sample; monopole: number[] }>;
}>("matrices.json");

describe("one-electron integrals of water", () => {
  const water = molecule("H2O");
  it.each(["def2-svp", "cc-pvtz"])("%s", (name) => {
    const placed = placeBasis(basis(name), water);
    const order = fromPyscf(placed);
    const expected = matrices.orbital[name];
    expectSample(overlapMatrix(placed), order, expected.S);
    expectSample(kineticMatrix(placed), order, expected.T);
    expectSample(nuclearAttractionMatrix(placed, water), order, expected.V);
    const dipoles = dipoleMatrices(placed);
    ["dip_x", "dip_y", "dip_z"].forEach((key, axis) => expectSample(dipoles[axis], order, expected[key]));
  });
});

describe("two-centre integrals of auxiliary functions", () => {
  it.each(["def2-universal-jfit", "cc-pvqz-jkfit"])("%s", (name) => {
    const placed = placeBasis(basis(name), molecule("H2O"));
    const order = fromPyscf(placed);
    expectSample(overlapMatrix(placed), order, matrices.auxiliary[name].S);
    expectSample(coulombMetric(placed), order, matrices.auxiliary[name].J);
    const charges = [...monopoles(placed)].filter((q) => q !== 0);
    expect(charges).toHaveLength(matrices.auxiliary[name].monopole.length);
    charges.forEach((q, i) => expect(Math.abs(q / matrices.auxiliary[name].monopole[i] - 1)).toBeLessThan(1e-12));
  });
});

describe("three-centre integrals", () => {
  it("water, def2-svp with def2-universal-jfit", async () => {
    const expected = reference<Sample & { naux: number }>("three-center-h2o.json");
    const [orbitals, auxiliary] = [
      placeBasis(basis("def2-svp"), molecule("H2O")),
      placeBasis(basis("def2-universal-jfit"), molecule("H2O")),
    ];
    const [i, p] = [fromPyscf(orbitals), fromPyscf(auxiliary)];
    const integrals = threeCenterCoulomb(orbitals, auxiliary);
    for (const [index, value] of expected.elements) {
      const [a, b] = unpack(Math.floor(index / expected.naux));
      const computed = integrals.data[packedRow(i[a], i[b]) * auxiliary.size + p[index % expected.naux]];
      expect(Math.abs(computed - value)).toBeLessThan(1e-10 * expected.largest); // 10 digits given
    }
    expect(Math.abs(integrals.data.reduce((sum, x) => sum + x, 0) - expected.sum)).toBeLessThan(
      1e-10 * expected.sumAbs,
    );
  });

  it("methanol, cc-pvtz with cc-pvqz-jkfit: f and h functions", async () => {
    const expected = reference<{ samples: number[][]; checksums: Record<string, number> }>("three-center-ch3oh.json");
    const [orbitals, auxiliary] = [
      placeBasis(basis("cc-pvtz"), molecule("CH3OH")),
      placeBasis(basis("cc-pvqz-jkfit"), molecule("CH3OH")),
    ];
    const [i, p] = [fromPyscf(orbitals), fromPyscf(auxiliary)];
    const integrals = threeCenterCoulomb(orbitals, auxiliary);
    const size = auxiliary.size;
    const largest = integrals.data.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    for (const [a, b, c, value] of expected.samples)
      expect(Math.abs(integrals.data[packedRow(i[a], i[b]) * size + p[c]] - value)).toBeLessThan(TOLERANCE * largest);
    let sum = 0;
    let sumAbs = 0;
    for (let a = 0; a < orbitals.size; a++)
      for (let b = 0; b <= a; b++)
        for (let c = 0; c < size; c++) {
          const value = integrals.data[packedRow(a, b) * size + c];
          sum += value * (a === b ? 1 : 2);
          sumAbs += Math.abs(value) * (a === b ? 1 : 2);
        }
    expect(Math.abs(sumAbs / expected.checksums["sum_abs_int3c2e"] - 1)).toBeLessThan(TOLERANCE);
    expect(Math.abs(sum / expected.checksums["sum_int3c2e"] - 1)).toBeLessThan(TOLERANCE);
  });

  it("methanol: three-centre overlaps, their sum and single elements", async () => {
    const expected = reference<{ samples: number[][]; checksums: Record<string, number> }>("three-center-ch3oh.json");
    const [orbitals, auxiliary] = [
      placeBasis(basis("cc-pvtz"), molecule("CH3OH")),
      placeBasis(basis("cc-pvqz-jkfit"), molecule("CH3OH")),
    ];
    const [i, p] = [fromPyscf(orbitals), fromPyscf(auxiliary)];
    const n = orbitals.size;
    const all = await contractThreeCenterOverlap(orbitals, auxiliary, matrix(n, n, new Float64Array(n * n).fill(1)));
    expect(Math.abs(all.reduce((sum, x) => sum + x, 0) - expected.checksums["sum_int3c1e"])).toBeLessThan(
      TOLERANCE * expected.checksums["sum_abs_int3c1e"],
    );
    const largest = Math.max(...expected.samples.map((sample) => Math.abs(sample[4])));
    for (let s = 0; s < expected.samples.length; s += 60) {
      const [a, b, c, , value] = expected.samples[s];
      const density = matrix(n, n);
      density.data[i[a] * n + i[b]] = 1;
      expect(Math.abs((await contractThreeCenterOverlap(orbitals, auxiliary, density))[p[c]] - value)).toBeLessThan(
        TOLERANCE * largest,
      );
    }
  });
});

describe("projections, potentials and moments of the density of methanol", () => {
  interface DensityFit {
    dm: number[];
    projection_coulomb: number[];
    projection_overlap: number[];
    esp_points: number[][];
    esp_electron_dm: number[];
    fit: { coefficients: number[]; charge: number; hartree: number; esp_electron: number[]; dipole: number[] };
  }
  const expected = reference<DensityFit>("density-fit.json");
  const methanol = molecule("CH3OH");
  const [orbitals, auxiliary] = [
    placeBasis(basis("def2-svp"), methanol),
    placeBasis(basis("def2-universal-jfit"), methanol),
  ];
  const [order, auxiliaryOrder] = [fromPyscf(orbitals), fromPyscf(auxiliary)];
  const density = matrix(orbitals.size, orbitals.size);
  expected.dm.forEach((value, index) => {
    const [i, j] = unpack(index).map((k) => order[k]);
    density.data[i * orbitals.size + j] = density.data[j * orbitals.size + i] = value;
  });
  const coefficients = new Float64Array(auxiliary.size);
  expected.fit.coefficients.forEach((c, i) => (coefficients[auxiliaryOrder[i]] = c));
  // The density matrix is given to 13 digits, the rest to 10 or more.
  const close = (computed: number, value: number, scale = 1): void =>
    expect(Math.abs(computed - value)).toBeLessThan(1e-9 * scale);

  it("(ρ|P) and ⟨ρ|P⟩", async () => {
    const integrals = threeCenterCoulomb(orbitals, auxiliary);
    const overlaps = await contractThreeCenterOverlap(orbitals, auxiliary, density);
    const coulomb = new Float64Array(auxiliary.size);
    for (let i = 0; i < orbitals.size; i++)
      for (let j = 0; j < orbitals.size; j++)
        for (let p = 0; p < auxiliary.size; p++)
          coulomb[p] += density.data[i * orbitals.size + j] * integrals.data[packedRow(i, j) * auxiliary.size + p];
    expected.projection_coulomb.forEach((value, p) => close(coulomb[auxiliaryOrder[p]], value, 10));
    expected.projection_overlap.forEach((value, p) => close(overlaps[auxiliaryOrder[p]], value, 10));
  });

  it("electrostatic potential, charge, Hartree energy and dipole of the fit", () => {
    const n = expected.esp_points.length;
    const points = Float64Array.from({ length: 3 * n }, (_, i) => expected.esp_points[i % n][Math.floor(i / n)]);
    electrostaticPotential(auxiliary, coefficients, points).forEach((value, i) =>
      close(value, -expected.fit.esp_electron[i]),
    );
    close(dot(monopoles(auxiliary), coefficients), expected.fit.charge, 10);
    const metric = coulombMetric(auxiliary);
    let hartree = 0;
    for (let p = 0; p < auxiliary.size; p++)
      hartree +=
        0.5 * coefficients[p] * dot(metric.data.subarray(p * auxiliary.size, (p + 1) * auxiliary.size), coefficients);
    close(hartree, expected.fit.hartree, 100);
    const moments = dipoleMoments(auxiliary);
    for (let axis = 0; axis < 3; axis++) {
      const electronic = dot(moments.data.subarray(axis * auxiliary.size, (axis + 1) * auxiliary.size), coefficients);
      const nuclear = methanol.species.reduce((sum, z, atom) => sum + z * methanol.positions[3 * atom + axis], 0);
      expect(Math.abs(nuclear - electronic - expected.fit.dipole[axis])).toBeLessThan(2e-5); // theirs is a grid quadrature
    }
  });

  it("potential of the density matrix at a point", () => {
    expected.esp_points.slice(0, 4).forEach((point, i) => {
      const probe = {
        species: Uint8Array.of(1),
        positions: Float64Array.from(point),
        charge: 0,
        unpaired: 0,
        info: {},
      };
      close(dot(nuclearAttractionMatrix(orbitals, probe).data, density.data), expected.esp_electron_dm[i]);
    });
  });
});

describe("even-tempered sets", () => {
  const expected = reference<Record<string, Record<string, [number, number][]>>>("even-tempered.json");
  it.each(Object.keys(expected))("%s", (key) => {
    const [name, ratio] = key.split(" ");
    const generated = evenTempered(basis(name), Number(ratio));
    expect(generated.name).toBe(`etb:${Number(ratio)}`);
    for (const [symbol, shells] of Object.entries(expected[key])) {
      const computed = generated.shells[{ H: 1, C: 6, O: 8 }[symbol] ?? 0];
      expect(computed.map((shell) => shell.l)).toEqual(shells.map(([l]) => l));
      computed.forEach((shell, i) => expect(Math.abs(shell.exponents[0] / shells[i][1] - 1)).toBeLessThan(1e-14));
    }
  });
});
