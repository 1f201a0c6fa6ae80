/** A prediction turns with its structure, and does not care where the structure is or how its atoms are numbered. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { functionCount } from "../../dist/basis/basis.js";
import { solveLinear } from "../../dist/math/linear-algebra.js";
import { matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import { solidHarmonics } from "../../dist/math/solid-harmonics.js";
import type { DensityModel } from "../../dist/model/prediction/density-model.js";
import { train } from "../../dist/model/training/train.js";
import type { Structure } from "../../dist/structure/structure.js";
import { few, quick, validation } from "../unit/model-helpers.js";

let model: DensityModel;
beforeAll(async () => {
  ({ model } = await train(few, { ...quick, environments: 20, features: 60, regularization: 1e-7 }));
});

type Rotation = readonly (readonly number[])[];

/** From a quaternion. */
function rotation([a, b, c, d]: readonly number[]): Rotation {
  const n = Math.hypot(a, b, c, d);
  const [w, x, y, z] = [a / n, b / n, c / n, d / n];
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

const turned = (r: Rotation, v: ArrayLike<number>): number[] =>
  r.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);

function moved(structure: Structure, r: Rotation, shift: readonly number[]): Structure {
  const positions = new Float64Array(structure.positions.length);
  for (let i = 0; i < structure.species.length; i++)
    positions.set(
      turned(r, structure.positions.subarray(3 * i, 3 * i + 3)).map((x, k) => x + shift[k]),
      3 * i,
    );
  return { ...structure, positions };
}

/** D with S_l(R v) = D S_l(v), from 2l + 1 random points. */
function wigner(l: number, r: Rotation): number[][] {
  const random = randomGenerator(l + 1);
  const n = 2 * l + 1;
  const before = matrix(n, n);
  const after = matrix(n, n);
  const all = new Float64Array((l + 1) ** 2);
  for (let k = 0; k < n; k++) {
    const v = [random.normal(), random.normal(), random.normal()];
    for (const [point, into] of [
      [v, before],
      [turned(r, v), after],
    ] as const) {
      solidHarmonics(l, point[0], point[1], point[2], all);
      into.data.set(all.subarray(l * l), k * n);
    }
  }
  const transposed = solveLinear(before, after);
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_unused, j) => transposed.data[j * n + i]));
}

function turnedCoefficients(coefficients: Float64Array, structure: Structure, r: Rotation): Float64Array {
  const matrices = [0, 1, 2, 3, 4].map((l) => wigner(l, r));
  const result = new Float64Array(coefficients.length);
  let first = 0;
  for (const z of structure.species)
    for (const { l } of model.level.auxiliary.shells[z]) {
      const d = matrices[l];
      for (let i = 0; i <= 2 * l; i++)
        for (let j = 0; j <= 2 * l; j++) result[first + i] += d[i][j] * coefficients[first + j];
      first += 2 * l + 1;
    }
  return result;
}

describe("predicted coefficients", () => {
  const quaternion = fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
    .filter((q) => Math.hypot(...q) > 0.1);

  test("turn with the structure", async () => {
    await fc.assert(
      fc.asyncProperty(quaternion, fc.integer({ min: 0, max: 51 }), async (q, index) => {
        const { structure } = validation[index];
        const r = rotation(q);
        const expected = turnedCoefficients((await model.predict(structure)).density.coefficients, structure, r);
        const { density } = await model.predict(moved(structure, r, [0, 0, 0]));
        expect(Math.max(...density.coefficients.map((c, p) => Math.abs(c - expected[p])))).toBeLessThan(1e-10);
      }),
      { numRuns: 10 },
    );
  });
  test("do not change with the place of the structure", async () => {
    const { structure } = validation[40];
    const here = await model.predict(structure);
    const there = await model.predict(moved(structure, rotation([1, 0, 0, 0]), [3.1, -20.7, 11.9]));
    expect(
      Math.max(...here.density.coefficients.map((c, p) => Math.abs(c - there.density.coefficients[p]))),
    ).toBeLessThan(1e-10);
  });
  test("follow the numbering of the atoms", async () => {
    const { structure } = validation[40];
    const order = randomGenerator(3).shuffle([...structure.species.keys()]);
    const species = Uint8Array.from(order, (i) => structure.species[i]);
    const positions = Float64Array.from(order.flatMap((i) => [...structure.positions.subarray(3 * i, 3 * i + 3)]));
    const plain = (await model.predict(structure)).density.coefficients;
    const mixed = (await model.predict({ ...structure, species, positions })).density.coefficients;
    const firsts: number[] = [];
    let first = 0;
    for (const z of structure.species) {
      firsts.push(first);
      first += functionCount(model.level.auxiliary.shells[z]);
    }
    let at = 0;
    for (const i of order)
      for (let k = 0; k < functionCount(model.level.auxiliary.shells[structure.species[i]]); k++)
        expect(Math.abs(mixed[at++] - plain[firsts[i] + k])).toBeLessThan(1e-11);
  });
});
