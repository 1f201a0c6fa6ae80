/** The far field against derivatives of its potential, the same charges in large boxes, and equal descriptions of one crystal. */
import { describe, expect, it } from "vitest";
import { environmentsOf, expansionsOf } from "../../dist/descriptor/index.js";
import { fieldAtAtoms, fieldOfSources } from "../../dist/descriptor/far-field.js";
import { withInducedDipoles } from "../../dist/descriptor/induced-dipoles.js";
import { erfc } from "../../dist/math/error-function.js";
import { matrix, type Matrix } from "../../dist/math/matrix.js";
import { loadModel, saveModel } from "../../dist/model/file/model-file.js";
import { train } from "../../dist/model/training/train.js";
import { bondCharges, covalentRadius } from "../../dist/descriptor/bond-charges.js";
import type { Structure } from "../../dist/structure/structure.js";
import { structureOf } from "../structure-of.js";
import { few, quick } from "./model-helpers.js";

const WIDTH = 1.5;
const LMAX = 4;
const FIELD = { width: WIDTH, polarizability: 10 };
const CHARGES = { width: WIDTH, polarizability: 0 };
const dimer = few[20].structure;

function inCell(
  structure: Structure,
  vectors: readonly number[],
  periodic: readonly [boolean, boolean, boolean] = [true, true, true],
): Structure {
  return { ...structure, cell: { vectors: Float64Array.from(vectors), periodic } };
}

/** Potential of the charges of all atoms but one at a point. */
function potential({ species, positions }: Structure, charges: Float64Array, without: number, r: number[]): number {
  let sum = 0;
  for (let j = 0; j < species.length; j++) {
    if (j === without) continue;
    const distance = Math.hypot(...r.map((x, d) => x - positions[3 * j + d]));
    sum += (charges[j] * (1 - erfc(distance / (Math.SQRT2 * WIDTH)))) / distance;
  }
  return sum;
}

/** A charge and a dipole at one atom of the dimer. */
function sourceAt(atom: number, values: readonly number[]): Matrix {
  const sources = matrix(dimer.species.length, 4);
  sources.data.set(values, 4 * atom);
  return sources;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((largest, value, k) => Math.max(largest, Math.abs(value - b[k])), 0);
}

describe("charges from bonds", () => {
  it("are those of water in every molecule of a cluster, hydrogen bonds or not", () => {
    const charges = bondCharges(dimer);
    charges.forEach((q, i) => expect(q).toBeCloseTo(dimer.species[i] === 8 ? -2.48 : 1.24, 12));
  });
  it("vanish without differences of electronegativity, and follow the stretch of a bond", () => {
    expect(bondCharges(structureOf([6, 6], [0, 0, 0, 0, 0, 2.5]))).toEqual(new Float64Array(2));
    expect(bondCharges(structureOf([2, 10], [0, 0, 0, 0, 0, 2]))).toEqual(new Float64Array(2));
    const [q] = bondCharges(structureOf([1, 9], [0, 0, 0, 0, 0, 1.35 * 0.88 * 1.8897261]));
    expect(q).toBeCloseTo(1.78 / 2, 5);
    expect(bondCharges(structureOf([1, 9], [0, 0, 0, 0, 0, 5]))).toEqual(new Float64Array(2));
  });
});

describe("the field at atoms", () => {
  it("is the derivatives of the potential of the other atoms' charges", () => {
    const charges = bondCharges(dimer);
    const field = fieldAtAtoms(dimer, CHARGES, LMAX);
    const h = 1e-3;
    for (const atom of [0, 2, 4]) {
      const place = [...dimer.positions.subarray(3 * atom, 3 * atom + 3)];
      const at = (dx: number, dy: number, dz: number): number =>
        potential(dimer, charges, atom, [place[0] + dx, place[1] + dy, place[2] + dz]);
      const row = field.data.subarray(atom * field.columns, (atom + 1) * field.columns);
      expect(row[0]).toBe(0);
      // S_1m of the gradient is √(3/4π) (∂y, ∂z, ∂x); S_2,-2 is ½√(15/π) ∂x∂y.
      const gradient = [at(0, h, 0) - at(0, -h, 0), at(0, 0, h) - at(0, 0, -h), at(h, 0, 0) - at(-h, 0, 0)];
      gradient.forEach((difference, m) =>
        expect(row[1 + m]).toBeCloseTo((WIDTH * Math.sqrt(3 / (4 * Math.PI)) * difference) / (2 * h), 6),
      );
      const mixed = (at(h, h, 0) - at(h, -h, 0) - at(-h, h, 0) + at(-h, -h, 0)) / (4 * h * h);
      expect(row[4]).toBeCloseTo(WIDTH ** 2 * 0.5 * Math.sqrt(15 / Math.PI) * mixed, 5);
    }
  });
  it("of dipoles is that of pairs of charges", () => {
    const h = 1e-4;
    const dipole = [0.3, -0.5, 0.7];
    const at = (shift: number): Float64Array => {
      const positions = dimer.positions.map((x, k) => (k < 3 ? x + shift * h * dipole[k] : x));
      const moved = fieldOfSources({ ...dimer, positions }, WIDTH)(sourceAt(0, [1, 0, 0, 0]), LMAX);
      return moved.data.subarray(moved.columns); // the first atom has its field elsewhere
    };
    for (const structure of [dimer, inCell(dimer, [14, 0, 0, 1, 13, 0, -2, 3, 15])]) {
      const { data, columns } = fieldOfSources(structure, WIDTH)(sourceAt(0, [0, ...dipole]), LMAX);
      if (structure === dimer) {
        const [plus, minus] = [at(1), at(-1)];
        expect(
          largestDifference(
            data.subarray(columns),
            plus.map((x, k) => (x - minus[k]) / (2 * h)),
          ),
        ).toBeLessThan(1e-8);
      }
      // At its own centre a smeared dipole has the field −μ 4π/3 of its mean density, in a large cell.
      const own = Math.sqrt(3 / (4 * Math.PI)) / (3 * Math.sqrt(2 * Math.PI) * WIDTH ** 3 * 0.5);
      const expected = [dipole[1], dipole[2], dipole[0]].map((x) => x * own);
      expect(largestDifference(data.subarray(1, 4), expected)).toBeLessThan(structure === dimer ? 1e-12 : 2e-3);
    }
  });
  it("has dipoles that follow the field", () => {
    const charges = bondCharges(dimer);
    for (const structure of [dimer, inCell(dimer, [14, 0, 0, 1, 13, 0, -2, 3, 15])]) {
      const fieldOf = fieldOfSources(structure, WIDTH);
      const sources = withInducedDipoles(structure, charges, fieldOf, 10);
      const field = fieldOf(sources, 1);
      dimer.species.forEach((z, i) => {
        const alpha = 10 * covalentRadius(z) ** 3;
        [2, 0, 1].forEach((m, d) => {
          const slope = field.data[4 * i + 1 + m] / Math.sqrt(3 / (4 * Math.PI));
          expect(sources.data[4 * i + 1 + d]).toBeCloseTo(-alpha * slope, 5);
        });
      });
    }
  });
  it("of a crystal is that of the molecule in the limit of a large cell", () => {
    const alone = fieldAtAtoms(dimer, FIELD, LMAX).data;
    const [near, far] = [25, 50].map((length) => {
      const cell = [length, 0, 0, 0, length, 0, 0, 0, length];
      return largestDifference(fieldAtAtoms(inCell(dimer, cell), FIELD, LMAX).data, alone);
    });
    expect(far).toBeLessThan(2e-4);
    expect(near / far).toBeGreaterThan(5); // dipoles of images: 1/L³
  });
  it("does not depend on how a crystal is described", () => {
    const cell = [14, 0, 0, 1, 13, 0, -2, 3, 15];
    const plain = fieldAtAtoms(inCell(dimer, cell), FIELD, LMAX).data;
    const skewed = [14, 0, 0, 15, 13, 0, -2, 3, 15];
    expect(largestDifference(fieldAtAtoms(inCell(dimer, skewed), FIELD, LMAX).data, plain)).toBeLessThan(1e-12);
    const moved = dimer.positions.map((x, k) => x + (k < 3 ? cell[6 + k] : 0));
    expect(
      largestDifference(fieldAtAtoms(inCell({ ...dimer, positions: moved }, cell), FIELD, LMAX).data, plain),
    ).toBeLessThan(1e-12);
    const twice = structureOf(
      [...dimer.species, ...dimer.species],
      [...dimer.positions, ...dimer.positions.map((x, k) => x + cell[k % 3])],
    );
    const doubled = fieldAtAtoms(inCell(twice, [28, 0, 0, ...cell.slice(3)]), FIELD, LMAX).data;
    expect(largestDifference(doubled, [...plain, ...plain])).toBeLessThan(1e-12);
  });
  it("is refused for slabs, saying what to do", () => {
    const slab = inCell(dimer, [14, 0, 0, 0, 14, 0, 0, 0, 14], [true, true, false]);
    expect(() => fieldAtAtoms(slab, FIELD, LMAX)).toThrow(
      expect.objectContaining({ settings: ["farField"], value: null }),
    );
  });
});

describe("a model with the far field", () => {
  it("has it as the last channel, in the size that was asked for", async () => {
    const { model } = await train(few, { ...quick, farField: { ...FIELD, weight: 0.2 } });
    const { descriptor } = model.recipe;
    const { farField, ...neighbours } = descriptor;
    // The training atoms are fewer than the sample that the size is taken from: root mean squares compare exactly.
    const squares = Array.from({ length: descriptor.lmax + 1 }, () => ({ neighbours: 0, far: 0 }));
    for (const { structure } of few)
      for (const environment of environmentsOf(structure, descriptor.cutoffRadius, descriptor.lmax, FIELD)) {
        const [together] = expansionsOf([environment], environment.centre, descriptor);
        const [plain] = expansionsOf([environment], environment.centre, neighbours);
        together.coefficients.forEach((values, l) => {
          const isFar = (_: number, k: number): boolean => (k + 1) % together.channels === 0;
          expect(values.filter((value, k) => !isFar(value, k))).toEqual(plain.coefficients[l]);
          for (const value of plain.coefficients[l]) squares[l].neighbours += value * value;
          for (const value of values.filter(isFar)) squares[l].far += value * value;
        });
      }
    expect(squares[0].far).toBe(0);
    for (const { far, neighbours: near } of squares.slice(1)) expect(Math.sqrt(far / near)).toBeCloseTo(0.2, 12);
    expect(farField!.factors).toHaveLength(descriptor.lmax + 1);
  });
  it("sees a molecule beyond its cutoff, is saved with its field, and turns it off", async () => {
    const far: Structure = { ...dimer, positions: dimer.positions.map((x, k) => x + (k >= 9 && k % 3 === 2 ? 12 : 0)) };
    const farther: Structure = { ...far, positions: far.positions.map((x, k) => x + (k >= 9 && k % 3 === 2 ? 1 : 0)) };
    const { model } = await train(few, quick);
    const loaded = loadModel(saveModel(model));
    const { unconstrained } = await loaded.predict(far);
    expect(unconstrained).toEqual((await model.predict(far)).unconstrained);
    expect(largestDifference(unconstrained, (await loaded.predict(farther)).unconstrained)).toBeGreaterThan(1e-6);
    const { model: near } = await train(few, { ...quick, farField: null });
    expect(near.recipe.descriptor.farField).toBeUndefined();
    expect((await near.predict(far)).unconstrained).toEqual((await near.predict(farther)).unconstrained);
  });
});
