/** Cutoffs by species and spheres side by side: each is an expansion of its own, the model is one. */
import { describe, expect, it } from "vitest";
import { expansionsOf, featureCount } from "../../dist/descriptor/index.js";
import { sphericalExpansion } from "../../dist/descriptor/spherical-expansion.js";
import { environmentFeatures } from "../../dist/model/prediction/environment-features.js";
import { loadModel, saveModel } from "../../dist/model/file/model-file.js";
import { trainSettings } from "../../dist/model/settings.js";
import { train } from "../../dist/model/training/train.js";
import { neighbourhoods } from "../../dist/structure/neighbours.js";
import type { Structure } from "../../dist/structure/structure.js";
import { few, quick, validation } from "./model-helpers.js";

const descriptor = {
  cutoffRadius: 7.5,
  smoothing: 0.2,
  sigma: 0.55,
  nmax: 4,
  lmax: 4,
  scaling: null,
  species: [1, 8],
  cutoffOfSpecies: { 1: 6 },
  innerCutoffs: [4.5, 3],
};
const dimer = few[20].structure;

/** Turned about an axis that is none of the frame, and inverted. */
function turned(structure: Structure): Structure {
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  const positions = structure.positions.slice();
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = positions.subarray(i, i + 3);
    const [u, v] = [c * x - s * y, s * x + c * y];
    positions.set([-u, -(c * v - s * z), -(s * v + c * z)], i);
  }
  return { ...structure, positions };
}

describe("several cutoffs", () => {
  it("give the expansion of each radius, which featomic checks, around atoms of each species", () => {
    for (const species of [1, 8]) {
      const around = neighbourhoods(dimer, 7.5).filter(({ centre }) => centre === species);
      const spheres = expansionsOf(around, species, descriptor);
      [species === 1 ? 6 : 7.5, 4.5, 3].forEach((cutoffRadius, c) => {
        const { cutoffOfSpecies: _, innerCutoffs: __, ...plain } = descriptor;
        // What lies beyond the radius does not matter: the neighbourhoods of the radius alone give the same.
        const near = neighbourhoods(dimer, cutoffRadius).filter(({ centre }) => centre === species);
        expect(spheres[c]).toEqual(sphericalExpansion(near, { ...plain, cutoffRadius }));
      });
    }
    expect(featureCount(descriptor, 2)).toBe(3 * featureCount({ ...descriptor, innerCutoffs: [] }, 2));
  });

  it("are normalised together, and kernels do not see rotations and inversions", () => {
    const recipe = {
      descriptor,
      selected: [undefined, undefined, Int32Array.of(0, 5, 300, featureCount(descriptor, 2) - 1)],
      scales: { 8: Float64Array.of(1, 1, 1) },
    };
    const [here, there] = [dimer, turned(dimer)].map((structure) =>
      environmentFeatures(
        neighbourhoods(structure, 7.5).filter(({ centre }) => centre === 8),
        8,
        2,
        recipe,
      ),
    );
    const [scalar] = here;
    let norm = 0;
    for (let f = 0; f < scalar.columns; f++) norm += scalar.data[f] ** 2;
    expect(norm).toBeCloseTo(1, 12);
    here.forEach((p, lambda) => {
      const size = p.data.length / scalar.rows;
      const trace = (x: Float64Array, i: number, j: number): number =>
        x.subarray(i * size, (i + 1) * size).reduce((sum, value, k) => sum + value * x[j * size + k], 0);
      for (let i = 0; i < scalar.rows; i++)
        for (let j = 0; j < scalar.rows; j++)
          expect(trace(there[lambda].data, i, j)).toBeCloseTo(trace(p.data, i, j), 12);
    });
  });

  it("make a model that is saved and loaded with them", async () => {
    const { model } = await train(few, {
      ...quick,
      features: 30,
      innerCutoffs: [4.5],
      cutoffOfSpecies: { 1: 6 },
    });
    expect(model.summary.features).toEqual([60, 60, 60, 60, 60]);
    const loaded = loadModel(saveModel(model));
    expect(loaded.settings.innerCutoffs).toEqual([4.5]);
    const { structure } = validation[50];
    const before = await model.predict(structure);
    expect((await loaded.predict(structure)).unconstrained).toEqual(before.unconstrained);
    const { model: plain } = await train(few, { ...quick, features: 30 });
    expect((await plain.predict(structure)).unconstrained).not.toEqual(before.unconstrained);
  });

  it("larger than the outermost are refused", async () => {
    await expect(train(few, { ...quick, innerCutoffs: [9] })).rejects.toThrow(
      /cutoff radius, 4 Å \(7\.5589 bohr\), not 4\.76259 Å \(9 bohr\)/,
    );
    for (const key of ["O", "08", "0"]) {
      expect(() => trainSettings({ cutoffOfSpecies: { [key]: 3 } })).toThrow(/cutoffOfSpecies/);
      expect(() => trainSettings({ environments: { [key]: 3 } })).toThrow(/environments/);
    }
  });
});
