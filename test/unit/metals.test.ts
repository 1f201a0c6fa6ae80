/** Aluminium at the Γ point: what is said of it, and what smearing makes of it. Numbers are not those of the metal, and that is said, too. */
import { expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { buildLevel } from "../../dist/engine/level.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { structureOf } from "../structure-of.js";

const a = 7.653; // bohr; 4.05 Å
const periodic = [true, true, true] as const;
const conventional = structureOf(
  [13, 13, 13, 13],
  [0, 0, 0, 0, 0.5 * a, 0.5 * a, 0.5 * a, 0, 0.5 * a, 0.5 * a, 0.5 * a, 0],
  { cell: { vectors: Float64Array.of(a, 0, 0, 0, a, 0, 0, 0, a), periodic } },
);
const h = 0.5 * a;
const primitive = structureOf([13], [0, 0, 0], {
  cell: { vectors: Float64Array.of(0, h, h, h, 0, h, h, h, 0), periodic },
});
const engine = (smearing?: number) =>
  createBuiltinEngine(
    buildLevel({
      functional: "pbe",
      orbitals: basisByName("dzvp-molopt-sr-gth"),
      pseudopotentials: pseudopotentialsByName("gth-pbe"),
      planewaveCutoff: 25,
      auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
      ...(smearing === undefined ? {} : { smearing }),
    }),
  );

test("without smearing the SCF stops early and says why", { timeout: 60_000 }, async () => {
  let steps = 0;
  const onProgress = ({ stage }: { stage: string }): void => {
    if (stage === "SCF") steps++;
  };
  await expect(engine().groundState(conventional, { onProgress })).rejects.toMatchObject({
    tag: "not-converged",
    message: expect.stringMatching(/as in a metal .* try smearing/),
  });
  expect(steps).toBeLessThanOrEqual(40);
});

test("an odd number of electrons needs smearing, and then is nothing special", { timeout: 60_000 }, async () => {
  await expect(engine().groundState(primitive)).rejects.toThrow(/odd number of valence electrons \(3\).*smeared/);
  const { state, components, energy, notes } = await engine(0.01).groundState(primitive);
  const [{ occupations }] = state.orbitals;
  expect(occupations.reduce((sum, f) => sum + f)).toBeCloseTo(3, 12);
  expect(components.entropy).toBeLessThan(0);
  expect(Object.values(components).reduce((sum, x) => sum + x)).toBeCloseTo(energy, 10);
  expect(notes?.map(({ tag }) => tag)).toEqual(["gamma-only"]);
  expect(notes?.[0].text).toMatch(/the cell is 2\.3 Å wide and only the Γ point is used/);
});
