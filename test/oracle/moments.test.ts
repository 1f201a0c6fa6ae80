/** Moments of densities: exact ones of spherical charges, PySCF's of molecules (test/data/pyscf-scf/quadrupoles.json). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { normalisedShell, type Basis } from "../../dist/basis/basis.js";
import { evenTempered } from "../../dist/basis/even-tempered.js";
import type { AtomCentredDensity } from "../../dist/density/atom-centred.js";
import { moments } from "../../dist/density/observables.js";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import { level, molecule, orbitals } from "../data/pyscf-scf/load.js";
import { structureOf } from "../structure-of.js";

test("spherical atoms have the moments of their charges", () => {
  const positions = [0.3, -1.1, 0.7, 2.0, 0.4, -0.9, -1.5, 0.8, 1.2];
  const structure = structureOf([8, 1, 1], positions);
  const exponent = 0.8;
  const shell = normalisedShell({ l: 0, exponents: [exponent], coefficients: [1] });
  const spheres: Basis = { name: "spheres", shells: { 1: [shell], 8: [shell] } };
  // A function of unit self-overlap, N exp(−αr²) with N = (2α/π)^¾, holds N (π/α)^(3/2) electrons.
  const held = ((2 * exponent) / Math.PI) ** 0.75 * (Math.PI / exponent) ** 1.5;
  const electrons = [8.6, 0.9, 0.2];
  const density: AtomCentredDensity = {
    structure,
    basis: spheres,
    quantity: "density",
    nuclearCharges: Float64Array.of(8, 1, 1),
    coefficients: Float64Array.from(electrons, (n) => n / held),
  };
  const charges = electrons.map((n, a) => structure.species[a] - n);
  const sum = (of: (q: number, r: readonly number[]) => number): number =>
    charges.reduce((total, q, a) => total + of(q, positions.slice(3 * a, 3 * a + 3)), 0);
  const { charge, dipole, quadrupole } = moments(density);
  expect(charge).toBeCloseTo(
    sum((q) => q),
    12,
  );
  dipole.forEach((value, i) =>
    expect(value).toBeCloseTo(
      sum((q, r) => q * r[i]),
      12,
    ),
  );
  // The spread about the nuclei is the same in all directions and has no trace to leave.
  [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 2],
  ].forEach(([i, j], k) =>
    expect(quadrupole[k]).toBeCloseTo(
      sum((q, r) => q * (1.5 * r[i] * r[j] - (i === j ? 0.5 : 0) * (r[0] ** 2 + r[1] ** 2 + r[2] ** 2))),
      11,
    ),
  );
});

const quadrupoles = JSON.parse(
  readFileSync(new URL("../data/pyscf-scf/quadrupoles.json", import.meta.url), "utf8"),
) as Record<string, readonly number[]>;

// What the fit loses is up to 0.008 of them; def2-universal-jkfit loses 0.04.
test.each(Object.entries(quadrupoles))("quadrupole of %s", async (name, expected) => {
  const engine = createBuiltinEngine(level({ grid: 2, auxiliary: evenTempered(orbitals, 1.6) }));
  const { density } = await engine.fit(await engine.groundState(molecule(name)));
  const { quadrupole } = moments(density);
  quadrupole.forEach((value, k) => expect(Math.abs(value - expected[k])).toBeLessThan(1e-2));
});
