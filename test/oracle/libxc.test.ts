/** Functionals of libxc where it is installed: against the built-in ones at points, and in energies against PySCF. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { functionalByName, type Functional, type SpinPoints } from "../../dist/functional/functional.js";
import { useMachine } from "../../dist/machine.js";
import { libxcFunctionals, libxcVersion } from "../../dist/node/libxc.js";
import type { Structure } from "../../dist/structure/structure.js";
import { basis, level, molecule } from "../data/pyscf-scf/load.js";

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../data/${path}`, import.meta.url), "utf8"));

/** Largest difference relative to the values; where exchange and correlation cancel (σ = 0), to their size. */
function difference(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  return Math.max(
    ...a.flatMap((values, k) => Array.from(values, (x, p) => Math.abs(x - b[k][p]) / Math.max(Math.abs(x), 1e-5))),
  );
}

function closed(functional: Functional, points: Record<"rho" | "sigma" | "tau", number[]>): Float64Array[] {
  const { rho, sigma, tau } = points;
  const [exc, vrho, vsigma, vtau] = Array.from({ length: 4 }, () => new Float64Array(rho.length));
  functional.evaluate(
    Float64Array.from(rho),
    Float64Array.from(sigma),
    { exc, vrho, vsigma, vtau },
    Float64Array.from(tau),
  );
  return [exc, vrho, vsigma, vtau];
}

function open(functional: Functional, points: SpinPoints): Float64Array[] {
  const room = (): Float64Array => new Float64Array(points.rho[0].length).fill(7);
  const out = {
    exc: room(),
    vrho: [room(), room()],
    vsigma: [room(), room(), room()],
    vtau: [room(), room()],
  } as const;
  functional.evaluateSpin(points, out);
  return [out.exc, ...out.vrho, ...out.vsigma, ...out.vtau];
}

describe.runIf(libxcVersion())("functionals of libxc", () => {
  beforeAll(() => useMachine({ functionals: libxcFunctionals() }));

  const spin = read("pyscf-open-shell/xc_points.json") as Record<"rho" | "sigma" | "tau", number[][]>;
  const arrays = <T>(lists: number[][]): T => lists.map((list) => Float64Array.from(list)) as T;
  const spinPoints: SpinPoints = { rho: arrays(spin.rho), sigma: arrays(spin.sigma), tau: arrays(spin.tau) };

  it.each([
    ["lda", "lda_x+lda_c_pw"],
    ["svwn5", "lda_x+lda_c_vwn"],
    ["pbe", "gga_x_pbe+gga_c_pbe"],
    ["blyp", "xc_gga_x_b88+XC_GGA_C_LYP"],
    ["b3lyp", "hyb_gga_xc_b3lyp"],
    ["b3lyp5", "hyb_gga_xc_b3lyp5"],
    ["pbe0", "hyb_gga_xc_pbeh"],
    ["r2scan", "mgga_x_r2scan+mgga_c_r2scan"],
  ])("%s is %s", (name, libxcName) => {
    const [own, theirs] = [functionalByName(name), functionalByName(libxcName)];
    const points = read("pyscf-grid/xc_points.json") as Record<"rho" | "sigma" | "tau", number[]>;
    expect(theirs.family).toBe(own.family);
    expect(theirs.exactExchange).toBe(own.exactExchange);
    expect(difference(closed(own, points), closed(theirs, points))).toBeLessThan(1e-9);
    expect(difference(open(own, spinPoints), open(theirs, spinPoints))).toBeLessThan(1e-9);
  });

  it("finds nothing at empty points and never leaves NaN, whatever the spins", () => {
    const tiny = Float64Array.from([-1e-3, 0, 9e-11, 2e-10, 1e-6, 1e-3]);
    const none = new Float64Array(tiny.length);
    const steep = tiny.map((x) => 1e3 * x * x);
    const tau = steep.map((x, p) => (tiny[p] > 0 ? x / (8 * tiny[p]) : 0));
    for (const name of ["gga_x_b88+gga_c_p86", "mgga_x_tpss+mgga_c_tpss"]) {
      const functional = functionalByName(name);
      const lists = (values: Float64Array): number[] => Array.from(values);
      const points = { rho: lists(tiny), sigma: lists(steep), tau: lists(tau) };
      const spins: SpinPoints = { rho: [tiny, none], sigma: [steep, none, none], tau: [tau, none] };
      for (const values of [...closed(functional, points), ...open(functional, spins)]) {
        expect(values.every(Number.isFinite)).toBe(true);
        expect(lists(values.subarray(0, 3))).toEqual([0, 0, 0]);
      }
    }
  });

  it.each([
    ["hyb_gga_xc_hse06", "unsupported", /range-separated/],
    ["gga_xc_vv10", "unsupported", /VV10/],
    ["mgga_x_br89", "unsupported", /Laplacian/],
    ["gga_x_b88+gga_k_tfvw", "unsupported", /gga_k_tfvw .*kinetic energy/],
    ["lda_x_2d", "unsupported", /dimensions/],
    ["gga_x_lb", "unsupported", /potential/],
    ["gga_x_b88+abacus", "usage", /built in are pbe, .*libxc \S+ has no functional "abacus"/],
    ["", "usage", /unknown functional ""/],
  ])("refuses %s", (name, tag, message) => {
    expect(() => functionalByName(name)).toThrow(
      expect.objectContaining({ tag, message: expect.stringMatching(message) }),
    );
  });

  const jkfit = { coulombFit: basis("def2-universal-jkfit") };

  // PySCF 2.14.0 with libxc 7.0.0, def2-SVP, RI-J (hybrids RI-JK), grid level 9, 5 for the radical: scripts/oracles/libxc_functionals.py.
  it.each([
    ["gga_x_b88+gga_c_p86", -76.35860511, 2e-6],
    ["gga_x_pbe_r+gga_c_pbe", -76.332827499, 2e-6],
    ["hyb_gga_xc_b3pw91", -76.332094899, 2e-6],
    // Functionals of τ need finer grids.
    ["mgga_x_tpss+mgga_c_tpss", -76.360141347, 2e-5],
  ])("water, %s", async (functional, expected, tolerance) => {
    const choice = level({ functional, grid: 5, ...(functional.startsWith("hyb") ? jkfit : {}) });
    expect(choice.functional).toBe(functional);
    const state = await createBuiltinEngine(choice).groundState(molecule("H2O"));
    expect(Math.abs(state.energy - expected)).toBeLessThan(tolerance);
  });

  it("a radical, BP86", async () => {
    const radicals = read("pyscf-open-shell/molecules.json") as Record<
      string,
      { species: number[]; positions: number[][] }
    >;
    const { species, positions } = radicals["CH3"];
    const structure: Structure = {
      species: Uint8Array.from(species),
      positions: Float64Array.from(positions.flat()),
      charge: 0,
      unpaired: 1,
      info: {},
    };
    const engine = createBuiltinEngine(level({ functional: "gga_x_b88+gga_c_p86", grid: 5 }));
    expect(Math.abs((await engine.groundState(structure)).energy - -39.799513899)).toBeLessThan(2e-6);
  });

  it("one diagonalisation finds the energy of the SCF, BP86", async () => {
    const engine = createBuiltinEngine(level({ functional: "gga_x_b88+gga_c_p86" }));
    const state = await engine.groundState(molecule("H2O"));
    const one = await engine.oneShot((await engine.fit(state)).density);
    expect(one.response?.reliable).toBe(true);
    expect(Math.abs(one.energy - state.energy)).toBeLessThan(1e-5);
  });

  it("the gradient is the derivative of the energy, BP86", async () => {
    const engine = createBuiltinEngine(level({ functional: "gga_x_b88+gga_c_p86", grid: 4 }));
    const water = molecule("H2O");
    const gradient = await engine.gradient!(await engine.groundState(water));
    const moved = async (step: number): Promise<number> => {
      const positions = water.positions.map((x, k) => (k === 5 ? x + step : x));
      return (await engine.groundState({ ...water, positions })).energy;
    };
    const slope = ((await moved(2e-3)) - (await moved(-2e-3))) / 4e-3;
    // The grid moves with the atoms, and its weights count in the difference.
    expect(Math.abs(gradient[5] - slope)).toBeLessThan(2e-5);
  });
});
