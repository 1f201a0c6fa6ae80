/** Small records for tests of datasets: two atoms, three functions each, made-up numbers. */
import type { Failure, Reference } from "../../dist/dataset/record.js";
import type { LevelOfTheory } from "../../dist/level.js";
import type { Structure } from "../../dist/structure/structure.js";

const basis = {
  name: "p-only",
  shells: {
    1: [{ l: 1, exponents: [0.5], coefficients: [1] }],
    8: [{ l: 0, exponents: [3, 1], coefficients: [0.3, 0.7] }],
  },
};

export const level: LevelOfTheory = {
  functional: "pbe",
  orbitals: basis,
  auxiliary: basis,
  fitMetric: "coulomb",
  numerics: { engine: "test", version: "1", grid: 3 },
};

/** An OH with the bond length `distance`: four functions. */
export function structure(distance: number, more: Partial<Structure> = {}): Structure {
  return {
    species: Uint8Array.of(8, 1),
    positions: Float64Array.of(0, 0, 0, 0, 0, distance),
    charge: -1,
    unpaired: 0,
    info: { id: `d${distance}` },
    ...more,
  };
}

export function reference(distance: number, more: Partial<Reference> = {}): Reference {
  const atoms = structure(distance);
  return {
    structure: atoms,
    level,
    energy: -75 - distance / 3,
    components: { kinetic: 1, external: 2, hartree: 3, exchangeCorrelation: 4, nuclearRepulsion: 5 },
    dipole: [0, 0.1, distance],
    density: {
      structure: atoms,
      basis,
      quantity: "density",
      nuclearCharges: Float64Array.of(8, 1),
      coefficients: Float64Array.of(distance, 0.1, -0, 1 / 3),
    },
    fit: { electrons: 9.999, selfRepulsion: 1e-6 },
    iterations: 7,
    seconds: 0.5,
    ...more,
  };
}

export function failure(distance: number): Failure {
  return { structure: structure(distance), level, reason: "did not converge" };
}
