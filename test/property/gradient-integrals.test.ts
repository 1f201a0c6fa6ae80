/** Derivatives of contracted integrals against finite differences of them, with functions up to f and a fitting basis up to g. */
import { beforeAll, describe, expect, test } from "vitest";
import { normalisedShell, placeBasis, type Basis, type PlacedBasis } from "../../dist/basis/basis.js";
import {
  coulombMetric,
  kineticGradient,
  kineticMatrix,
  metricGradient,
  nuclearAttractionGradient,
  nuclearAttractionMatrix,
  overlapGradient,
  overlapMatrix,
  threeCenterGradient,
} from "../../dist/integrals/index.js";
import { gemv } from "../../dist/math/linear-algebra.js";
import { contract, dot, matrix, packPairs, type Matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import type { Structure } from "../../dist/structure/structure.js";
import { threeCenterCoulomb } from "../oracle/integrals-helpers.js";
import { fourthOrder } from "./finite-differences.js";

const shell = (l: number, exponents: number[], coefficients = exponents.map(() => 1)) =>
  normalisedShell({ l, exponents, coefficients });
const orbitalBasis: Basis = {
  name: "test orbitals",
  shells: {
    1: [shell(0, [3.1, 0.4], [0.4, 0.7]), shell(1, [0.8])],
    8: [shell(0, [120, 9, 0.3], [0.2, 0.5, 0.6]), shell(1, [5.2, 0.5], [0.3, 0.8]), shell(2, [1.2]), shell(3, [1.4])],
  },
};
const fitBasis: Basis = {
  name: "test fit",
  shells: {
    1: [shell(0, [2.5, 0.6], [0.5, 0.5]), shell(2, [0.9])],
    8: [shell(0, [40, 1.1], [0.3, 0.6]), shell(1, [1.3]), shell(3, [2.0]), shell(4, [1.8])],
  },
};

/** The third pair of atoms sits on a line, the fourth atom far away. */
const positions = Float64Array.of(0.1, 0.2, -0.1, 1.5, 0.3, 0.8, -0.7, 1.4, -0.5, 5, -4, 6);
const at = (moved: Float64Array): Structure => ({
  species: Uint8Array.of(8, 1, 8, 1),
  positions: moved,
  charge: 0,
  unpaired: 0,
  info: {},
});

const random = randomGenerator(7);
const orbitals = placeBasis(orbitalBasis, at(positions));
const auxiliary = placeBasis(fitBasis, at(positions));
const density: Matrix = matrix(orbitals.size, orbitals.size);
for (let i = 0; i < density.rows; i++)
  for (let j = 0; j <= i; j++)
    density.data[i * density.rows + j] = density.data[j * density.rows + i] = random.normal() / orbitals.size;
const coefficients = Float64Array.from({ length: auxiliary.size }, () => random.normal());

const on = (basis: Basis, structure: Structure): PlacedBasis => placeBasis(basis, structure);
const energies: Record<string, (structure: Structure) => Promise<number>> = {
  overlap: async (s) => contract(density, overlapMatrix(on(orbitalBasis, s))),
  kinetic: async (s) => contract(density, kineticMatrix(on(orbitalBasis, s))),
  attraction: async (s) => contract(density, nuclearAttractionMatrix(on(orbitalBasis, s), s)),
  threeCentre: async (s) =>
    dot(packPairs(density), gemv(false, threeCenterCoulomb(on(orbitalBasis, s), on(fitBasis, s)), coefficients)),
  metric: async (s) => 0.5 * dot(coefficients, gemv(false, coulombMetric(on(fitBasis, s)), coefficients)),
};
const gradients: Record<string, Float64Array> = {};

beforeAll(async () => {
  gradients["overlap"] = overlapGradient(orbitals, density);
  gradients["kinetic"] = kineticGradient(orbitals, density);
  gradients["attraction"] = nuclearAttractionGradient(orbitals, at(positions), density);
  gradients["threeCentre"] = await threeCenterGradient(orbitals, auxiliary, density, coefficients);
  gradients["metric"] = metricGradient(auxiliary, coefficients);
});

describe.each(Object.keys(energies))("%s", (name) => {
  test("is the slope of its energy", async () => {
    for (let i = 0; i < positions.length; i++) {
      const slope = await fourthOrder((moved) => energies[name](at(moved)), positions, i, 1e-3);
      // Differences of energies of order 10 with 1e-15 relative error, divided by the step.
      expect(Math.abs(slope - gradients[name][i]), `coordinate ${i}`).toBeLessThan(1e-9);
    }
  });

  test("does not push the whole", () => {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let atom = 0; atom < 4; atom++) sum += gradients[name][3 * atom + axis];
      expect(Math.abs(sum)).toBeLessThan(1e-12);
    }
  });
});

test("sizes that do not fit are refused", async () => {
  expect(() => overlapGradient(orbitals, matrix(2, 2))).toThrow(/density matrix/);
  expect(() => metricGradient(auxiliary, new Float64Array(3))).toThrow(/3 coefficients/);
  await expect(threeCenterGradient(orbitals, auxiliary, density, new Float64Array(3))).rejects.toThrow(
    /3 coefficients/,
  );
});
