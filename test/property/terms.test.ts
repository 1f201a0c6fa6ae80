/**
 * One harness for every term of the energy, for all functionals, spins and boundaries: the Fock matrix against the energy,
 * the nuclear gradient against the energy, the kernel against the density form, and the density form against the term
 * itself where a density is exact in both. A term that is added to a system is checked by it.
 */
import { describe, expect, test } from "vitest";
import { placeBasis, type Basis } from "../../dist/basis/basis.js";
import type { AtomCentredDensity } from "../../dist/density/atom-centred.js";
import { buildLevel } from "../../dist/engine/level.js";
import { closedShell, combinations, traceOfProducts, type State } from "../../dist/kohn-sham/state.js";
import type { System } from "../../dist/kohn-sham/system.js";
import { inputHamiltonian, type Term } from "../../dist/kohn-sham/term.js";
import type { LevelOfTheory } from "../../dist/level.js";
import { real } from "../../dist/math/hermitian.js";
import { gemv } from "../../dist/math/linear-algebra.js";
import { dot, matrix, type Matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import { prepareMolecule } from "../../dist/molecule/prepare-molecule.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { preparePeriodic } from "../../dist/periodic/prepare-periodic.js";
import { isPeriodic, type Structure } from "../../dist/structure/structure.js";
import { basis, level, molecule } from "../data/pyscf-scf/load.js";
import { fourthOrder } from "./finite-differences.js";

const jkfit = basis("def2-universal-jkfit");
const hydrogenFluoride = molecule("HF");
const radical: Structure = { ...hydrogenFluoride, charge: 1, unpaired: 1 };
const boxed: Structure = {
  ...hydrogenFluoride,
  cell: { vectors: Float64Array.of(7, 0, 0, 0.6, 7.5, 0, 0, -0.4, 8), periodic: [true, true, true] },
};

const allElectron = (functional: string): LevelOfTheory => level({ functional, grid: 1, coulombFit: jkfit });
const valence = (functional: string): LevelOfTheory =>
  buildLevel({
    functional,
    orbitals: basisByName("dzvp-molopt-sr-gth"),
    coulombFit: jkfit,
    pseudopotentials: pseudopotentialsByName("gth-pbe"),
    planewaveCutoff: 60,
    auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
    grid: 1,
  });

const cases: readonly (readonly [string, LevelOfTheory, Structure])[] = [
  ...["lda", "pbe", "blyp", "pbe0", "b3lyp", "hf", "r2scan"].flatMap((functional) => [
    [`${functional}, closed shell`, allElectron(functional), hydrogenFluoride] as const,
    [`${functional}, open shell`, allElectron(functional), radical] as const,
  ]),
  ["pbe with smeared occupations", { ...allElectron("pbe"), smearing: 0.02 }, hydrogenFluoride],
  ["pbe, pseudopotentials in a molecule", valence("pbe"), hydrogenFluoride],
  ["lda, crystal", valence("lda"), boxed],
  ["pbe, crystal", valence("pbe"), boxed],
];

const prepare = (chosen: LevelOfTheory, structure: Structure): Promise<System> =>
  isPeriodic(structure) ? preparePeriodic(chosen, structure) : prepareMolecule(chosen, structure);

/** Five or four made-up orbitals for each channel: positive semidefinite density matrices. */
function madeUp({ channels, overlaps }: System, seed: number): State {
  const n = overlaps[0].real.rows;
  const densities = channels.map(({ electrons }, c) => {
    const result = matrix(n, n);
    const orbital = (i: number, k: number): number => 0.15 * Math.sin(seed + 3 * c + 1.7 * i + 2.3 * k * (i + 1));
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let k = 0; k < 5 - c; k++) result.data[i * n + j] += electrons * orbital(i, k) * orbital(j, k);
    return real(result);
  });
  return { channels, densities, entropyEnergy: -0.01 };
}

describe.each(cases)("%s", (_name, chosen, structure) => {
  test("F is dE/dD, term by term", { timeout: 60_000 }, async () => {
    const system = await prepare(chosen, structure);
    const [a, b] = [madeUp(system, 1), madeUp(system, 2)];
    const direction = combinations([1, -1], [b.densities, a.densities]);
    const between = (t: number): State => ({ ...a, densities: combinations([1 - t, t], [a.densities, b.densities]) });
    for (const term of system.terms) {
      const slope = await fourthOrder(
        async ([t]) => (await term.evaluate(between(t), { energyOnly: true })).energy,
        Float64Array.of(0.5),
        0,
        1e-3,
      );
      const { fock, energy } = await term.evaluate(between(0.5));
      const expected = fock ? traceOfProducts(a.channels, fock, direction) : 0;
      expect(Math.abs(slope - expected), term.name).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
      const again = await term.evaluate(between(0.5), { energyOnly: true });
      expect(Math.abs(again.energy - energy), term.name).toBeLessThan(1e-9);
    }
  });

  test("the gradient is dE/dR at fixed D, or is refused", { timeout: 60_000 }, async () => {
    const system = await prepare(chosen, structure);
    const state = madeUp(system, 1);
    const coordinate = 2;
    const energyOf = async (positions: Float64Array): Promise<Map<string, number>> => {
      const moved = await prepare(chosen, { ...structure, positions });
      const energies = new Map<string, number>();
      for (const term of moved.terms)
        energies.set(term.name, (await term.evaluate(state, { energyOnly: true })).energy);
      return energies;
    };
    const differentiable: { term: Term; found: number }[] = [];
    for (const term of system.terms) {
      try {
        const gradient = await term.gradient?.(state);
        if (gradient) differentiable.push({ term, found: gradient[coordinate] });
      } catch (error) {
        expect(error, term.name).toMatchObject({ tag: "unsupported" });
      }
    }
    if (differentiable.length === 0) return;
    const shift = async (t: number): Promise<Map<string, number>> =>
      energyOf(structure.positions.map((x, i) => (i === coordinate ? x + t : x)));
    const h = 1e-3;
    const [near, back, far, farBack] = [await shift(h), await shift(-h), await shift(2 * h), await shift(-2 * h)];
    for (const { term, found } of differentiable) {
      const at = (energies: Map<string, number>): number => energies.get(term.name)!;
      const slope = (8 * (at(near) - at(back)) - (at(far) - at(farBack))) / (12 * h);
      // Energies of up to 200 hartree over the step.
      expect(Math.abs(slope - found), term.name).toBeLessThan(3e-8 * Math.max(1, Math.abs(found)));
    }
  });
});

describe("kernels", () => {
  // E − Tr D̃F of a density form changes by −ηᵀKc along η. That of GGAs stands in by the LDA's, so here the LDA's.
  test.each(["hartree", "exchangeCorrelation"])("%s, against its density form", async (name) => {
    const chosen = allElectron("lda");
    const system = await prepareMolecule(chosen, hydrogenFluoride);
    const term = system.terms.find((one) => one.name === name)!;
    const density = await system.start();
    const random = randomGenerator(5);
    const direction = density.coefficients.map((c) => 0.05 * c * random.normal());
    const at = (t: number): AtomCentredDensity => ({
      ...density,
      coefficients: density.coefficients.map((c, p) => c + t * direction[p]),
    });
    const slope = await fourthOrder(
      async ([t]) => (await term.ofDensity!(at(t))).doubleCounting,
      Float64Array.of(0),
      0,
      1e-2,
    );
    const expected = -dot(direction, gemv(false, await term.kernel!(density), density.coefficients));
    // Tails below 1e-5 electrons/bohr³ are left out of the kernel.
    expect(Math.abs(slope / expected - 1)).toBeLessThan(name === "hartree" ? 1e-9 : 2e-4);
  });
});

describe("the density form is the term itself where the density is exact in both", () => {
  // One s Gaussian an atom, far apart: orbital products are s Gaussians of twice the exponent, on the same atom.
  const s = (exponent: number): Basis => ({
    name: "one s",
    shells: { 2: [{ l: 0, exponents: [exponent], coefficients: [1] }] },
    valence: { 2: 2 },
  });
  const helium: Structure = {
    species: Uint8Array.of(2),
    positions: Float64Array.of(0.3, -0.2, 0.1),
    charge: 0,
    unpaired: 0,
    info: {},
  };
  const common = { functional: "pbe", orbitals: s(1.3), auxiliary: s(2.6), coulombFit: s(2.6) };
  const cell = { vectors: Float64Array.of(14, 0, 0, 0, 14, 0, 0, 0, 14), periodic: [true, true, true] as const };
  const pseudopotentials = pseudopotentialsByName("gth-pbe");

  test.each([
    ["molecule", buildLevel({ ...common, orbitals: { ...s(1.3), valence: {} }, grid: 3 }), helium, 2],
    ["pseudopotential", buildLevel({ ...common, pseudopotentials, planewaveCutoff: 100 }), helium, 2],
    ["crystal", buildLevel({ ...common, pseudopotentials, planewaveCutoff: 100 }), { ...helium, cell }, 2],
  ] as const)("%s", { timeout: 60_000 }, async (_name, chosen, structure, electrons) => {
    const system = await prepare(chosen, structure);
    const placed = placeBasis(chosen.auxiliary, structure);
    // ∫χ of a normalised s Gaussian is (2π/α)^¾.
    const coefficients = Float64Array.of(electrons / ((2 * Math.PI) / 2.6) ** 0.75);
    expect(placed.size).toBe(1);
    const density: AtomCentredDensity = {
      structure,
      basis: chosen.auxiliary,
      quantity: "density",
      nuclearCharges: system.charges,
      coefficients,
    };
    const state = closedShell(matrix(1, 1, Float64Array.of(electrons / system.overlaps[0].real.data[0])));
    const values = async (terms: readonly Term[]): Promise<{ energy: number; fock: Matrix[] }> => {
      let energy = 0;
      const fock: Matrix[] = [];
      for (const term of terms) {
        const value = await term.evaluate(state);
        energy += value.energy;
        if (value.fock) fock.push(value.fock[0].real);
      }
      return { energy, fock };
    };
    const { energy, fock } = await values(system.terms);
    const expected = fock.reduce((sum, { data }) => sum + data[0], 0);
    const input = await inputHamiltonian(system.terms, density);
    expect(Math.abs(input.fock[0].real.data[0] - expected)).toBeLessThan(1e-6);
    // E = Tr DF + Σ (E_k − Tr D F_k)
    const { data } = state.densities[0].real;
    expect(Math.abs(data[0] * input.fock[0].real.data[0] + input.doubleCounting - energy)).toBeLessThan(2e-6);
  });
});
