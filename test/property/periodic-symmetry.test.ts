/** Symmetries of the periodic energy of a water molecule in a 5 Å box at 150 Ry. */
import { beforeAll, describe, expect, it } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { moments } from "../../dist/density/observables.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { superposedAtoms } from "../../dist/atoms/superposed-atoms.js";
import type { Structure } from "../../dist/structure/structure.js";
import { BOHR_IN_ANGSTROM } from "../../dist/units.js";

const BOX = 9.45;
const WATER = [4.1, 4.6, 4.5, 5.3, 5.7, 3.6, 2.8, 5.8, 5.1];

const level = {
  functional: "pbe",
  orbitals: basisByName("dzvp-molopt-sr-gth"),
  pseudopotentials: pseudopotentialsByName("gth-pbe"),
  auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
  fitMetric: "coulomb" as const,
  numerics: { engine: "builtin", version: "test", planewaveCutoff: 75, tolerance: 1e-11 },
};
const engine = createBuiltinEngine(level);

function structure(positions: readonly number[], vectors?: readonly number[], species = [8, 1, 1]): Structure {
  return {
    species: Uint8Array.from(species),
    positions: Float64Array.from(positions),
    cell: {
      vectors: Float64Array.from(vectors ?? [BOX, 0, 0, 0, BOX, 0, 0, 0, BOX]),
      periodic: [true, true, true],
    },
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

/** Functions are cut off block by block where they are below 3e-8, so that it matters where the blocks are. */
const CUT_OFF = 5e-7;

/** Of one diagonalisation from superposed atoms. */
const energyOf = async (system: Structure): Promise<number> =>
  (await engine.oneShot(await superposedAtoms(level, system), { response: false })).energy;
const shifted = (by: readonly number[]): number[] => WATER.map((x, i) => x + by[i % 3]);

/** Points along an edge at this cutoff: 2⌊√150 · 9.45/2π⌋ + 1 = 37, so 40. */
const STEP = BOX / 40;
/** What sampling on the grid costs at this cutoff, hartree: 1e-3 at 150 Ry, 1.4e-5 at 400 Ry. */
const GRID_ERROR = 2e-3;

describe("the periodic energy", () => {
  let energy = 0;
  beforeAll(async () => {
    energy = await energyOf(structure(WATER));
  }, 300000);

  it(
    "does not change with a shift by points of the grid, nor in which image atoms are given",
    { timeout: 300000 },
    async () => {
      expect(Math.abs((await energyOf(structure(shifted([3 * STEP, -STEP, 17 * STEP])))) - energy)).toBeLessThan(
        CUT_OFF,
      );
      const wrapped = WATER.map((x, i) => (i === 3 ? x - BOX : i === 8 ? x + 2 * BOX : x));
      expect(Math.abs((await energyOf(structure(wrapped))) - energy)).toBeLessThan(CUT_OFF);
    },
  );

  it("changes with any other shift by the error of the grid only", { timeout: 300000 }, async () => {
    const difference = Math.abs((await energyOf(structure(shifted([0.3 * STEP, 0.5 * STEP, 0.7 * STEP])))) - energy);
    expect(difference).toBeGreaterThan(CUT_OFF);
    expect(difference).toBeLessThan(GRID_ERROR);
  });

  it(
    "does not change when cell and atoms turn by 90°, or atoms are numbered otherwise",
    { timeout: 300000 },
    async () => {
      const turned = [0, 1, 2].flatMap((a) => [-WATER[3 * a + 1], WATER[3 * a], WATER[3 * a + 2]]);
      const turnedCell = [0, BOX, 0, -BOX, 0, 0, 0, 0, BOX];
      expect(Math.abs((await energyOf(structure(turned, turnedCell))) - energy)).toBeLessThan(CUT_OFF);
      expect(Math.abs((await energyOf(structure(turned))) - energy)).toBeLessThan(CUT_OFF);
      const permuted = [...WATER.slice(6), ...WATER.slice(0, 6)];
      expect(Math.abs((await energyOf(structure(permuted, undefined, [1, 8, 1]))) - energy)).toBeLessThan(CUT_OFF);
    },
  );

  it("is that of a triclinic cell of the same lattice, up to the grid", { timeout: 300000 }, async () => {
    const skewed = [BOX, 0, 0, BOX, BOX, 0, 0, -BOX, BOX];
    expect(Math.abs((await energyOf(structure(WATER, skewed))) - energy)).toBeLessThan(GRID_ERROR);
  });
});

/**
 * Dipoles of a cubic lattice in a conductor, which is what leaving out G = 0 means, interact by −(2π/3) μ²/L³ (Makov and
 * Payne, Phys. Rev. B 51, 4014 (1995), doi:10.1103/PhysRevB.51.4014); the next term falls as L⁻⁵.
 */
describe("a water molecule in boxes of 8, 10 and 12 Å", () => {
  // The energies of cells themselves are against CP2K (oracle/periodic-energies).
  it.runIf(process.env["BRINE_FULL"])(
    "comes to the energy of the isolated one as its dipole says",
    { timeout: 300000 },
    async () => {
      // 80, 100 and 120 points along an edge: 0.1 Å apart in all, so that what the grid does to the molecule cancels.
      const numerics = { ...level.numerics, planewaveCutoff: 131, tolerance: 1e-8 };
      const solver = createBuiltinEngine({ ...level, numerics });
      const [small, middle, large] = [8, 10, 12].map((edge) => edge / BOHR_IN_ANGSTROM);
      const inBox = (edge: number): Structure => structure(WATER, [edge, 0, 0, 0, edge, 0, 0, 0, edge]);
      const { density } = await solver.fit(await solver.groundState(inBox(small)));
      const energies = [];
      for (const edge of [small, middle, large])
        energies.push((await solver.oneShot({ ...density, structure: inBox(edge) }, { response: false })).oneShot);
      const { cell: _cell, ...isolated } = inBox(small);
      const dipole = Math.hypot(...moments({ ...density, structure: isolated }).dipole);
      const interaction = (edge: number): number => ((-2 * Math.PI) / 3) * (dipole ** 2 / edge ** 3);
      const ratios = [
        (energies[1] - energies[0]) / (interaction(middle) - interaction(small)),
        (energies[2] - energies[1]) / (interaction(large) - interaction(middle)),
      ];
      expect(Math.abs(ratios[0] - 1)).toBeLessThan(0.4); // functions of neighbours still overlap in the box of 8 Å
      expect(Math.abs(ratios[1] - 1)).toBeLessThan(0.15);
    },
  );
});
