/**
 * The nuclear gradient against finite differences of the energy it belongs to: as a whole, and in the parts that only
 * the grid has. Term by term: terms.test.ts.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { placeBasis, type Basis } from "../../dist/basis/basis.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { beckePartition, applyPartition } from "../../dist/grid/becke-partition.js";
import { functionsOnBlock } from "../../dist/grid/block-functions.js";
import { addPartitionGradient } from "../../dist/grid/partition-gradient.js";
import { contractSecondDerivatives } from "../../dist/grid/second-derivatives.js";
import { matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import type { Structure } from "../../dist/structure/structure.js";
import { level, molecule } from "../data/pyscf-scf/load.js";
import { fourthOrder } from "./finite-differences.js";

const water = molecule("H2O");
const at = (positions: Float64Array, structure = water): Structure => ({ ...structure, positions });
const STEP = 4e-3;

describe.each(["pbe", "lda"])("%s", (functional) => {
  // The coarsest grid: forces must fit the energy on any.
  const choice = level({ functional, grid: 1, tolerance: 1e-12 });
  let gradient: Float64Array;

  beforeAll(async () => {
    const engine = createBuiltinEngine(choice);
    gradient = await engine.gradient(await engine.groundState(water));
  });

  test("the whole is the slope of the SCF energy", async () => {
    for (const i of [0, 8]) {
      const slope = await fourthOrder(
        async (positions) => (await createBuiltinEngine(choice).groundState(at(positions))).energy,
        water.positions,
        i,
        STEP,
      );
      expect(Math.abs(slope - gradient[i]), `coordinate ${i}`).toBeLessThan(2e-8);
    }
  });

  test("forces and torques on the whole vanish as far as the energy is invariant", () => {
    const torque = [0, 0, 0];
    for (let axis = 0; axis < 3; axis++) {
      const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
      let sum = 0;
      for (let atom = 0; atom < 3; atom++) {
        sum += gradient[3 * atom + axis];
        torque[axis] +=
          water.positions[3 * atom + u] * gradient[3 * atom + v] -
          water.positions[3 * atom + v] * gradient[3 * atom + u];
      }
      expect(Math.abs(sum)).toBeLessThan(1e-11);
    }
    // The spheres of the grid do not turn with the molecule: at its coarsest 1e-3, see grid-levels.ts for the energy.
    for (const component of torque) expect(Math.abs(component)).toBeLessThan(2e-3);
  });
});

test("turns with the molecule up to the error of the grid", async () => {
  const engine = createBuiltinEngine(level({ grid: 4, tolerance: 1e-10 }));
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  const turn = ([x, y, z]: readonly number[]): number[] => [c * x - s * z, y, s * x + c * z];
  const turnAll = (vectors: Float64Array): Float64Array =>
    Float64Array.from([0, 1, 2].flatMap((atom) => turn([...vectors.subarray(3 * atom, 3 * atom + 3)])));
  const expected = turnAll(await engine.gradient(await engine.groundState(water)));
  const found = await engine.gradient(await engine.groundState(at(turnAll(water.positions))));
  found.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(2e-5));
});

describe("parts of the grid", () => {
  const random = randomGenerator(3);
  const count = 40;
  const numbers = (n: number): Float64Array => Float64Array.from({ length: n }, () => 1.5 * random.normal());

  test("contracted second derivatives, s to g", async () => {
    const basis: Basis = {
      name: "test",
      shells: { 8: [0, 1, 2, 3, 4].map((l) => ({ l, exponents: [0.9, 0.4], coefficients: [0.6, 0.5] })) },
    };
    const structure: Structure = {
      ...water,
      species: Uint8Array.of(8, 8),
      positions: Float64Array.of(0.1, -0.2, 0.3, 0.8, 0.5, -0.6),
    };
    const placed = placeBasis(basis, structure);
    const points = numbers(3 * count);
    const u = [numbers(count), numbers(count), numbers(count)] as const;
    const h = matrix(placed.size, count, numbers(placed.size * count));
    const weights = new Float64Array(count).fill(1);
    const block = { count, points, weights };
    const { alive } = functionsOnBlock(placed, block, 0);
    expect(alive.length).toBe(placed.size);
    const byPoint = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const;
    const found = contractSecondDerivatives(placed, block, alive, u, h, byPoint);
    // Σ_i u_i ∂_i χ at the points moved by t along an axis
    const directional = (axis: number, t: number): Float64Array => {
      const moved = points.map((x, k) => (Math.floor(k / count) === axis ? x + t : x));
      const gradient = functionsOnBlock(placed, { count, points: moved, weights }, 1).gradient!;
      return Float64Array.from(
        { length: placed.size * count },
        (_, k) =>
          h.data[k] *
          (u[0][k % count] * gradient[0].data[k] +
            u[1][k % count] * gradient[1].data[k] +
            u[2][k % count] * gradient[2].data[k]),
      );
    };
    for (let axis = 0; axis < 3; axis++) {
      const [near, back, far, farBack] = [1e-3, -1e-3, 2e-3, -2e-3].map((t) => directional(axis, t));
      const slope = near.map((value, k) => (8 * (value - back[k]) - (far[k] - farBack[k])) / 0.012);
      for (let mu = 0; mu < placed.size; mu++) {
        const sum = slope.subarray(mu * count, (mu + 1) * count).reduce((total, x) => total + x, 0);
        expect(Math.abs(found[3 * mu + axis] - sum), `function ${mu}`).toBeLessThan(1e-8);
      }
      for (let p = 0; p < count; p++) {
        let sum = 0;
        for (let mu = 0; mu < placed.size; mu++) sum += slope[mu * count + p];
        expect(Math.abs(byPoint[axis][p] - sum), `point ${p}`).toBeLessThan(1e-8);
      }
    }
  });

  test.each([5, Infinity])("weights of the partition, reach %d bohr", async (reach) => {
    // Distances on both sides of the reach.
    const structure: Structure = {
      ...water,
      species: Uint8Array.of(8, 1, 6, 1),
      positions: Float64Array.of(0, 0.1, 0, 1.7, 0.2, -0.4, -0.9, 1.9, 0.7, 4.6, -1.5, 2.2),
    };
    const owner = 1;
    const relative = numbers(3 * count);
    const energies = numbers(count);
    const block = (positions: Float64Array) => {
      const points = relative.map((x, k) => x + positions[3 * owner + Math.floor(k / count)]);
      return { count, points, weights: new Float64Array(count).fill(1), owners: new Int32Array(count).fill(owner) };
    };
    const start = block(structure.positions);
    applyPartition(beckePartition(structure, reach), owner, start.points, start.weights, count);
    const gradient = new Float64Array(12);
    addPartitionGradient(
      beckePartition(structure, reach),
      start,
      energies.map((e, p) => e * start.weights[p]),
      gradient,
    );
    for (let i = 0; i < 12; i++) {
      const slope = await fourthOrder(
        (positions) => {
          const { points, weights } = block(positions);
          applyPartition(beckePartition({ ...structure, positions }, reach), owner, points, weights, count);
          return weights.reduce((sum, w, p) => sum + w * energies[p], 0);
        },
        structure.positions,
        i,
        1e-3,
      );
      expect(Math.abs(slope - gradient[i]), `coordinate ${i}`).toBeLessThan(1e-7);
    }
  });
});
