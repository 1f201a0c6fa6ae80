/**
 * The baseline of a model: the l = 0 coefficients of each species averaged over the training atoms.
 * A density is learnt as its difference from it; without it one-shot energies are fifty times worse.
 */
import { basisSize, functionCount, shellsOf, type Basis } from "../basis/basis.js";
import type { Structure } from "../structure/structure.js";

/** By atomic number: one value for each s shell, in the order of the basis. */
export type Averages = Readonly<Record<number, Float64Array>>;

/** Offset of the s functions among the functions of one atom. */
export function sFunctions(basis: Basis, species: number): Int32Array {
  const offsets: number[] = [];
  let offset = 0;
  for (const { l } of shellsOf(basis, species)) {
    if (l === 0) offsets.push(offset);
    offset += 2 * l + 1;
  }
  return Int32Array.from(offsets);
}

/** Averages over all atoms of `densities`. */
export function averageCoefficients(
  basis: Basis,
  densities: readonly { readonly structure: Structure; readonly coefficients: Float64Array }[],
): Averages {
  const sums: Record<number, Float64Array> = {};
  const counts: Record<number, number> = {};
  for (const { structure, coefficients } of densities) {
    let first = 0;
    for (const z of structure.species) {
      const functions = sFunctions(basis, z);
      const sum = (sums[z] ??= new Float64Array(functions.length));
      for (let n = 0; n < functions.length; n++) sum[n] += coefficients[first + functions[n]];
      counts[z] = (counts[z] ?? 0) + 1;
      first += functionCount(shellsOf(basis, z));
    }
  }
  for (const [z, sum] of Object.entries(sums)) for (let n = 0; n < sum.length; n++) sum[n] /= counts[Number(z)];
  return sums;
}

/** The averages as coefficients of a structure: [functions], zero for l > 0. */
export function baselineCoefficients(averages: Averages, basis: Basis, structure: Structure): Float64Array {
  const result = new Float64Array(basisSize(basis, structure));
  let first = 0;
  for (const z of structure.species) {
    const functions = sFunctions(basis, z);
    for (let n = 0; n < functions.length; n++) result[first + functions[n]] = averages[z][n];
    first += functionCount(shellsOf(basis, z));
  }
  return result;
}
