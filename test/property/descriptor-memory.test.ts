/** The memory of descriptors does not grow with the number of structures, but for their neighbourhoods. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

/** Chooses features on so many copies of 172 water clusters and makes them; prints hydrogens and peak memory in MB. */
const program = (copies: number): string => `
  import { neighbourhoods } from "./dist/structure/neighbours.js";
  import { forEachBatch } from "./dist/model/prediction/environment-features.js";
  import { featureRecipe } from "./dist/model/training/feature-recipe.js";
  import { trainSettings } from "./dist/model/settings.js";
  import { waterClusters } from "./test/data/water-clusters/load.mjs";
  const settings = trainSettings({ farField: null });
  const { cutoffRadius, smoothing, sigma, nmax, lmax, scaling } = settings;
  const { training, validation } = waterClusters();
  const around = [...training, ...validation].flatMap(({ structure }) => neighbourhoods(structure, cutoffRadius));
  const atoms = new Map([1, 8].map((z) => {
    const own = around.filter(({ centre }) => centre === z);
    return [z, Array.from({ length: ${copies} }, () => own).flat()];
  }));
  const recipe = await featureRecipe(
    atoms,
    new Map([[1, 2], [8, 4]]),
    { cutoffRadius, smoothing, sigma, nmax, lmax, scaling, species: [1, 8] },
    settings,
  );
  for (const [z, all] of atoms) forEachBatch(all, z, z === 1 ? 2 : 4, recipe, () => undefined);
  console.log(JSON.stringify([atoms.get(1).length, process.resourceUsage().maxRSS / 1024]));
`;

function peak(copies: number): [number, number] {
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program(copies)], {
    cwd: resolve(import.meta.dirname, "../.."),
  });
  return JSON.parse(output.toString()) as [number, number];
}

it("eight times the structures take no more memory than garbage not yet collected", () => {
  const [few, small] = peak(1);
  const [many, large] = peak(8);
  expect(many).toBe(8 * few);
  // All vectors together would take 620 MB more: 4096 hydrogens with 9 and 2048 oxygens with 25 rows of 1000 numbers.
  expect(large - small).toBeLessThan(120);
}, 60_000);
