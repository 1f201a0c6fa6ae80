/**
 * The number of electrons of an expanded density, N = Σ_P c_P ∫χ_P, and its constraint: what is missing goes
 * in equal shares into the most diffuse s function of each atom. That is where a predicted density is
 * wrong: one-shot energies come out a fifth better, while scaling all s coefficients moves the tight
 * core functions and makes them worse.
 */
import { placeBasis } from "../basis/basis.js";
import { monopoles } from "../integrals/index.js";
import { electronCount } from "../structure/structure.js";
import type { AtomCentredDensity } from "./atom-centred.js";

/** The density with exactly the electrons of its structure, and how many it had before. */
export function constrainElectronCount(density: AtomCentredDensity): {
  density: AtomCentredDensity;
  electrons: number;
} {
  const placed = placeBasis(density.basis, density.structure);
  const charges = monopoles(placed);
  const electrons = sumElectrons(charges, density.coefficients);
  const missing = electronCount(density.structure, density.nuclearCharges) - electrons;
  const atoms = density.structure.species.length;
  // Of functions of unit self-overlap the most diffuse one has the largest monopole.
  const diffuse = new Int32Array(atoms).fill(-1);
  for (const { atom, l, first } of placed.shells)
    if (l === 0 && (diffuse[atom] < 0 || Math.abs(charges[first]) > Math.abs(charges[diffuse[atom]])))
      diffuse[atom] = first;
  const places = diffuse.filter((first) => first >= 0);
  const coefficients = density.coefficients.slice();
  for (const first of places) coefficients[first] += missing / places.length / charges[first];
  return { density: { ...density, coefficients }, electrons };
}

function sumElectrons(charges: Float64Array, coefficients: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < charges.length; p++) sum += charges[p] * coefficients[p];
  return sum;
}
