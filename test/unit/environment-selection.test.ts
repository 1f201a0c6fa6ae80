/** Sparse environments: reproducible, of training structures only, none without its species. */
import { expect, it } from "vitest";
import { environmentFeatures } from "../../dist/model/prediction/environment-features.js";
import { chooseEnvironments } from "../../dist/model/problem/sparse-set.js";
import { featureRecipe } from "../../dist/model/training/feature-recipe.js";
import { environmentCounts } from "../../dist/model/training/sparse-environments.js";
import { trainSettings } from "../../dist/model/settings.js";
import { dot } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import { neighbourhoods, type Neighbourhood } from "../../dist/structure/neighbours.js";

/** A hundred carbons and one fluorine on a jittered lattice. */
function atoms(): Map<number, Neighbourhood[]> {
  const random = randomGenerator(3);
  const species = Uint8Array.from({ length: 101 }, (_, i) => (i === 50 ? 9 : 6));
  const positions = Float64Array.from({ length: 303 }, (_, k) => {
    const i = Math.floor(k / 3);
    return 3 * [i % 5, Math.floor(i / 5) % 5, Math.floor(i / 25)][k % 3] + 0.4 * random.uniform();
  });
  const all = neighbourhoods({ species, positions, charge: 0, unpaired: 0, info: {} }, 7.5);
  return new Map([
    [6, all.filter(({ centre }) => centre === 6)],
    [9, all.filter(({ centre }) => centre === 9)],
  ]);
}

const descriptor = { cutoffRadius: 7.5, smoothing: 0.2, sigma: 0.55, nmax: 4, lmax: 3, scaling: null, species: [6, 9] };
const lambdaMax = new Map([
  [6, 1],
  [9, 1],
]);

it("one fluorine among a hundred carbons keeps its environment, and is seen when features are chosen", async () => {
  const by = atoms();
  const recipe = await featureRecipe(by, lambdaMax, descriptor, trainSettings({ features: 20, farField: null }));
  const counts = environmentCounts(by, "auto", 30);
  expect([...counts]).toEqual([
    [6, 30],
    [9, 1],
  ]);
  const choose = (species: number, count: number): Promise<Int32Array> =>
    chooseEnvironments({ all: by.get(species)!, species, count, recipe });
  expect([...(await choose(9, counts.get(9)!))]).toEqual([0]);
  const carbons = await choose(6, 30);
  expect(new Set(carbons).size).toBe(30);
  expect([...(await choose(6, 30))]).toEqual([...carbons]);
  expect([...(await choose(6, 12))]).toEqual(Array.from(carbons.slice(0, 12)));
});

it("asked for by element: missing ones are automatic, more than there are is all", () => {
  const by = atoms();
  expect([...environmentCounts(by, { 6: 40 }, 300)]).toEqual([
    [6, 40],
    [9, 1],
  ]);
  expect([...environmentCounts(by, 1000, 300)]).toEqual([
    [6, 100],
    [9, 1],
  ]);
});

it.each([[[]], [[4]]])(
  "features of each λ have mean square one over the atoms of a species, with inner cutoffs %j",
  async (innerCutoffs) => {
    const by = atoms();
    const all = { ...descriptor, innerCutoffs };
    const recipe = await featureRecipe(by, lambdaMax, all, trainSettings({ features: 10_000, farField: null }));
    for (const [species, own] of by)
      for (const { data } of environmentFeatures(own, species, 1, recipe))
        expect(dot(data, data) / own.length).toBeCloseTo(1, 9);
  },
);
