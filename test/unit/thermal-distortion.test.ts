import { expect, test } from "vitest";
import { isBrineError } from "../../dist/errors.js";
import { atomicMasses } from "../../dist/structure/masses.js";
import { modelHessian } from "../../dist/structure/model-hessian.js";
import { normalModes } from "../../dist/structure/normal-modes.js";
import type { Structure } from "../../dist/structure/structure.js";
import { thermalDistortions, thermalVariance } from "../../dist/structure/thermal-distortion.js";
import { BOHR_IN_ANGSTROM, BOLTZMANN } from "../../dist/units.js";
import { equilibriumEthanol } from "../../dist/workflow/demo-structures.js";
import { structureOf } from "../structure-of.js";

const ethanol = equilibriumEthanol();
const demoStructures = (count: number, seed: number): Structure[] =>
  thermalDistortions(ethanol, { temperature: [300, 500], count, seed });
const PER_CENTIMETRE = 219474.6313632;

function distance({ positions: r }: Structure, i: number, j: number): number {
  return Math.hypot(r[3 * i] - r[3 * j], r[3 * i + 1] - r[3 * j + 1], r[3 * i + 2] - r[3 * j + 2]);
}

function molecule(species: number[], angstrom: number[]): Structure {
  const positions = Float64Array.from(angstrom, (x) => x / BOHR_IN_ANGSTROM);
  return { species: Uint8Array.from(species), positions, charge: 0, unpaired: 0, info: {} };
}

test("the model Hessian is symmetric and does not feel translations or rotations", () => {
  const { data, rows } = modelHessian(ethanol);
  const moved = (motion: (i: number) => number): number => {
    let worst = 0;
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < rows; j++) sum += data[i * rows + j] * motion(j);
      worst = Math.max(worst, Math.abs(sum));
    }
    return worst;
  };
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) expect(data[i * rows + j]).toBeCloseTo(data[j * rows + i], 14);
  const r = ethanol.positions;
  for (let axis = 0; axis < 3; axis++) {
    expect(moved((j) => (j % 3 === axis ? 1 : 0))).toBeLessThan(1e-12);
    const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
    expect(moved((j) => (j % 3 === next ? -r[j - next + last] : j % 3 === last ? r[j - last + next] : 0))).toBeLessThan(
      1e-12,
    );
  }
});

// Atoms at 3 bohr from their neighbours; those further apart than that are out of each other's reach, ρ < 1e-3. Atoms that
// move across all bonds that they have change one angle alone: vᵀHv = k ρ… (∂q/∂v)² with the constants of Lindh's table.
test("force constants are those of the paper", () => {
  const [STRETCH, BEND, TORSION] = [0.45, 0.15, 0.005];
  const second = (positions: readonly number[], species: readonly number[], coordinate: number): number => {
    const { data, rows } = modelHessian(structureOf(species, positions));
    return data[coordinate * rows + coordinate];
  };
  // α and r_ref of hydrogen, the second and the third row with one another.
  for (const [z1, z2, alpha, length] of [
    [1, 1, 1, 1.35],
    [1, 6, 0.3949, 2.1],
    [1, 16, 0.3949, 2.53],
    [6, 6, 0.28, 2.87],
    [8, 16, 0.28, 3.4],
    [16, 16, 0.28, 3.4],
  ]) {
    expect(second([0, 0, 0, 0, 0, length], [z1, z2], 5)).toBeCloseTo(STRETCH, 12);
    expect(second([0, 0, 0, 0, 0, 2], [z1, z2], 5)).toBeCloseTo(STRETCH * Math.exp(alpha * (length ** 2 - 4)), 12);
  }
  const b = 3;
  const rho = Math.exp(0.28 * (2.87 ** 2 - b ** 2));
  const straight = [0, 0, 0, 0, 0, b, 0, 0, 2 * b];
  expect(second(straight, [6, 6, 6], 0)).toBeCloseTo((BEND * rho ** 2) / b ** 2, 12);
  // A planar zigzag, and its first atom moved out of the plane: dτ = dx/(b sin θ).
  const theta = (160 * Math.PI) / 180;
  const [across, onward] = [b * Math.sin(theta), -b * Math.cos(theta)];
  const zigzag = [0, across, -onward, 0, 0, 0, 0, 0, b, 0, -across, b + onward];
  expect(second(zigzag, [6, 6, 6, 6], 0)).toBeCloseTo((TORSION * rho ** 3) / across ** 2, 12);
});

test("modes: 3N − 6, or 3N − 5 when linear, at frequencies like those of the molecule", () => {
  const { frequencies, displacements } = normalModes(ethanol);
  expect(frequencies.length).toBe(21);
  const wavenumbers = [...frequencies].map((omega) => omega * PER_CENTIMETRE);
  // Ethanol: torsions at 200–300 cm⁻¹, O–H at 3680 cm⁻¹ (NIST WebBook). The model is good to some tens of percent.
  expect(wavenumbers[0]).toBeGreaterThan(120);
  expect(wavenumbers[0]).toBeLessThan(450);
  expect(wavenumbers.at(-1)).toBeGreaterThan(3200);
  expect(wavenumbers.at(-1)).toBeLessThan(4700);
  const masses = atomicMasses(ethanol.species);
  for (const one of displacements)
    for (const two of displacements) {
      const overlap = one.reduce((sum, x, i) => sum + masses[Math.floor(i / 3)] * x * two[i], 0);
      expect(overlap).toBeCloseTo(one === two ? 1 : 0, 10);
    }
  expect(normalModes(molecule([8, 6, 8], [-1.17, 0, 0, 0, 0, 0, 1.17, 0, 0])).frequencies.length).toBe(4);
  expect(
    [...normalModes(molecule([8, 6, 8], [-1.17, 0, 0, 0, 0, 0, 1.17, 0, 0])).frequencies].every((x) => x > 1e-3),
  ).toBe(true);
  expect(normalModes(molecule([1, 1], [0, 0, 0, 0, 0, 0.74])).frequencies.length).toBe(1);
});

test("the variance is that of the zero-point motion when cold and equipartition when warm", () => {
  expect(thermalVariance(0.015, 1)).toBeCloseTo(1 / (2 * 0.015), 8);
  expect(thermalVariance(0.001, 1e5)).toBeCloseTo((BOLTZMANN * 1e5) / 0.001 ** 2, -3);
  expect(thermalVariance(1e-9, 300)).toBe(thermalVariance(1e-6, 300));
});

test("the same seed gives the same structures, another seed others; a longer series begins the same", () => {
  const first = demoStructures(3, 7);
  expect(demoStructures(3, 7)).toEqual(first);
  expect(demoStructures(5, 7).slice(0, 3)).toEqual(first);
  expect(demoStructures(3, 8)[0].positions).not.toEqual(first[0].positions);
  expect(first[1].info).toMatchObject({ seed: 7, distortion: 1, name: "ethanol" });
  // Evenly from the range: the mean of 100 has a standard deviation of 200/√1200 = 6 K.
  const temperatures = demoStructures(100, 7).map(({ info }) => Number(info.temperature));
  expect(Math.min(...temperatures)).toBeGreaterThanOrEqual(300);
  expect(Math.max(...temperatures)).toBeLessThanOrEqual(500);
  expect(Math.abs(temperatures.reduce((a, b) => a + b) / 100 - 400)).toBeLessThan(25);
});

test("energy of each mode, spread of bonds, centre of mass", () => {
  const count = 4000;
  const temperature = 400;
  const structures = thermalDistortions(ethanol, { temperature: [temperature, temperature], count, seed: 3 });
  const { frequencies, displacements } = normalModes(ethanol);
  const masses = atomicMasses(ethanol.species);
  // ⟨V⟩ = (ω/4) coth(ω/2kT) a mode; the relative error of a mean of squares of Gaussians is √(2/count) = 2.2 %, taken 4.5 times.
  for (let mode = 0; mode < frequencies.length; mode++) {
    let sum = 0;
    for (const { positions } of structures) {
      let q = 0;
      for (let i = 0; i < positions.length; i++)
        q += displacements[mode][i] * masses[Math.floor(i / 3)] * (positions[i] - ethanol.positions[i]);
      sum += 0.5 * frequencies[mode] ** 2 * q * q;
    }
    const expected = frequencies[mode] / 4 / Math.tanh(frequencies[mode] / (2 * BOLTZMANN * temperature));
    expect(sum / count / expected).toBeGreaterThan(0.9);
    expect(sum / count / expected).toBeLessThan(1.1);
  }
  const bond = structures.map((structure) => distance(structure, 0, 3) * BOHR_IN_ANGSTROM);
  const mean = bond.reduce((a, b) => a + b) / count;
  const spread = Math.sqrt(bond.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count);
  // Electron diffraction finds 0.078 Å for the C–H bonds of hydrocarbons; the model's bond is a little stiff.
  expect(spread).toBeGreaterThan(0.065);
  expect(spread).toBeLessThan(0.085);
  for (const { positions } of structures.slice(0, 20)) {
    const shift = [0, 0, 0];
    for (let i = 0; i < positions.length; i++)
      shift[i % 3] += masses[Math.floor(i / 3)] * (positions[i] - ethanol.positions[i]);
    for (const x of shift) expect(Math.abs(x) / masses[0]).toBeLessThan(1e-9);
  }
  let closest = Infinity;
  for (const structure of structures)
    for (let i = 0; i < 9; i++) for (let j = 0; j < i; j++) closest = Math.min(closest, distance(structure, i, j));
  expect(closest).toBeGreaterThan(1.1);
});

test("what cannot be done is said", () => {
  const fails = (work: () => unknown, tag: "input" | "unsupported"): void => {
    let error: unknown;
    try {
      work();
    } catch (caught) {
      error = caught;
    }
    expect(isBrineError(error, tag)).toBe(true);
  };
  fails(() => thermalDistortions(ethanol, { temperature: [0, 300], count: 1, seed: 1 }), "input");
  fails(() => thermalDistortions(ethanol, { temperature: [400, 300], count: 1, seed: 1 }), "input");
  fails(
    () => thermalDistortions(molecule([53, 53], [0, 0, 0, 0, 0, 2.67]), { temperature: [300, 300], count: 1, seed: 1 }),
    "unsupported",
  );
});
