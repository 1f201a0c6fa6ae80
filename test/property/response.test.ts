/**
 * The linear response of one diagonalisation: its matrix against finite differences of the SCF map, and the order of
 * the error of the energies in the size of the density error (LDA, whose kernel is exact but for its projection).
 */
import { beforeAll, expect, test } from "vitest";
import { evenTempered } from "../../dist/basis/even-tempered.js";
import type { AtomCentredDensity } from "../../dist/density/atom-centred.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import type { Engine } from "../../dist/engine/engine.js";
import { moments } from "../../dist/density/observables.js";
import { withElectrons } from "../../dist/density/fit.js";
import { linearResponse, withinLinearRange } from "../../dist/kohn-sham/response.js";
import { choleskySolve, gemv } from "../../dist/math/linear-algebra.js";
import { axpy, dot } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import { monopoles } from "../../dist/integrals/index.js";
import { realDensity } from "../../dist/kohn-sham/state.js";
import { inputHamiltonian, totalKernel } from "../../dist/kohn-sham/term.js";
import { prepareMolecule } from "../../dist/molecule/prepare-molecule.js";
import type { MolecularSystem } from "../../dist/molecule/molecular-system.js";
import { superposedAtoms } from "../../dist/atoms/superposed-atoms.js";
import { orbitalResponse } from "../../dist/molecule/orbital-response.js";
import { level, molecule, orbitals as orbitalBasis } from "../data/pyscf-scf/load.js";

const lda = level({ functional: "lda", grid: 2 });
const structure = molecule("H2O");
let engine: Engine;
let system: MolecularSystem;
let energy: number;
let fixedPoint: AtomCentredDensity;

/** c_out(c_in), electron count exact. */
async function map(density: AtomCentredDensity): Promise<Float64Array> {
  const { fock } = await inputHamiltonian(system.terms, density);
  const out = await system.hartree.coefficients(realDensity(system.occupy(fock)));
  return withElectrons(system.coulombFit.factor, monopoles(system.coulombFit.placed), 10, out);
}

function moved(density: AtomCentredDensity, direction: Float64Array, size: number): AtomCentredDensity {
  const coefficients = density.coefficients.slice();
  axpy(size, direction, coefficients);
  return { ...density, coefficients };
}

/** √(x|x). */
function coulombNorm(x: Float64Array): number {
  return Math.sqrt(dot(x, gemv(false, system.coulombFit.metric, x)));
}

beforeAll(async () => {
  engine = createBuiltinEngine(lda);
  system = await prepareMolecule(lda, structure);
  const state = await engine.groundState(structure);
  energy = state.energy;
  fixedPoint = { ...(await engine.fit(state)).density };
  // The fixed point of the map itself, where the exchange–correlation potential sees the expansion and not the orbitals.
  for (let step = 0; step < 6; step++) {
    fixedPoint = (await engine.oneShot(fixedPoint)).improved!;
  }
});

test("Newton steps find the fixed point of the map", async () => {
  const out = await map(fixedPoint);
  axpy(-1, fixedPoint.coefficients, out);
  expect(coulombNorm(out)).toBeLessThan(1e-6);
});

test("a Newton step keeps the number of electrons", async () => {
  const { improved } = await engine.oneShot(await superposedAtoms(lda, structure));
  // X alone loses what the fit loses, 5e-4 electrons here.
  expect(Math.abs(moments(improved!).charge)).toBeLessThan(1e-9);
});

test("the response matrix is the derivative of the SCF map", async () => {
  const { fock } = await inputHamiltonian(system.terms, fixedPoint);
  const [orbitals] = system.occupy(fock).orbitals;
  const { placed, metric, factor } = system.coulombFit;
  const random = randomGenerator(3);
  const residual = choleskySolve(
    factor,
    Float64Array.from({ length: placed.size }, () => random.normal()),
  );
  const { step } = await linearResponse({
    densityResponse: orbitalResponse(system.hartree, orbitals),
    metric,
    factor,
    kernel: await totalKernel(system.terms, fixedPoint),
    charges: monopoles(placed),
    residual,
  });
  // δ − Aδ = r, A by central differences
  const h = 1e-3 / coulombNorm(step);
  const up = await map(moved(fixedPoint, step, h));
  const down = await map(moved(fixedPoint, step, -h));
  const found = step.map((value, p) => value - (up[p] - down[p]) / (2 * h));
  axpy(-1, residual, found);
  // The kernel acts through its projection on the auxiliary functions, which costs 2.6 % of this random residual.
  expect(coulombNorm(found) / coulombNorm(residual)).toBeLessThan(0.05);
});

test("the one-shot energy is of second, the corrected energy of third order in the density error", async () => {
  // With so large an auxiliary basis the error of the fit, which is of first order against the others, stays below them.
  const auxiliary = evenTempered(orbitalBasis, 1.6);
  const rich = level({ functional: "lda", grid: 2, coulombFit: auxiliary, auxiliary });
  const solver = createBuiltinEngine(rich);
  const { density } = await solver.fit(await solver.groundState(structure));
  const centre: AtomCentredDensity = {
    ...density,
    coefficients: (await solver.oneShot(density)).improved!.coefficients,
  };
  // A density error as it may occur: what is wrong with the response to superposed atoms, five times as much of it.
  const { improved } = await solver.oneShot(await superposedAtoms(rich, structure));
  const direction = improved!.coefficients.map((value, p) => 5 * (value - centre.coefficients[p]));
  const zero = await solver.oneShot(centre);
  const errors = async (size: number): Promise<{ one: number; corrected: number }> => {
    const result = await solver.oneShot(moved(centre, direction, size));
    return { one: result.oneShot - zero.oneShot, corrected: result.energy - zero.energy };
  };
  const large = await errors(0.8);
  const small = await errors(0.2);
  const order = (a: number, b: number): number => Math.log(Math.abs(a / b)) / Math.log(4);
  expect(order(large.one, small.one)).toBeGreaterThan(1.9);
  expect(order(large.one, small.one)).toBeLessThan(2.1);
  expect(order(large.corrected, small.corrected)).toBeGreaterThan(2.7);
  expect(Math.abs(large.corrected)).toBeLessThan(0.04 * large.one);
});

test("the correction removes the second order of the error from superposed atoms", async () => {
  const atoms = await superposedAtoms(lda, structure);
  const direction = atoms.coefficients.map((value, p) => value - fixedPoint.coefficients[p]);
  const zero = await engine.oneShot(fixedPoint);
  const up = await engine.oneShot(moved(fixedPoint, direction, 0.1));
  const down = await engine.oneShot(moved(fixedPoint, direction, -0.1));
  const one = up.oneShot + down.oneShot - 2 * zero.oneShot;
  const corrected = up.energy + down.energy - 2 * zero.energy;
  expect(one).toBeGreaterThan(1e-3);
  expect(Math.abs(corrected)).toBeLessThan(0.02 * one);
});

test("superposed atoms are outside the linear range, a tenth of the way to them is inside", async () => {
  const atoms = await superposedAtoms(lda, structure);
  const far = await engine.oneShot(atoms);
  expect(far.response!.reliable).toBe(false);
  expect(Math.abs(far.energy - energy)).toBeLessThan(0.05 * (far.oneShot - energy));
  const direction = atoms.coefficients.map((value, p) => value - fixedPoint.coefficients[p]);
  const near = await engine.oneShot(moved(fixedPoint, direction, 0.1));
  expect(near.response!.reliable).toBe(true);
});

test("the range ends where second order does: 0.0075 hartree an atom down, and never up", () => {
  const atoms = 20;
  // 5 % of an atomisation energy of 0.15 hartree an atom; that of QM9's molecules is 0.15 to 0.2.
  expect(withinLinearRange(-0.0074 * atoms, atoms)).toBe(true);
  expect(withinLinearRange(-0.0076 * atoms, atoms)).toBe(false);
  // One diagonalisation is variational: a correction upwards is noise, below a microhartree an atom.
  expect(withinLinearRange(0.9e-6 * atoms, atoms)).toBe(true);
  expect(withinLinearRange(1.1e-6 * atoms, atoms)).toBe(false);
  expect(withinLinearRange(Number.NaN, atoms)).toBe(false);
});
