/** How far a shell of Gaussians reaches: the distance beyond which its values are negligible. */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";

/** Values below this (bohr^−3/2) count as zero: a molecule of 66 electrons changes by 2e-12 hartree. */
const NEGLIGIBLE = 1e-9;

const known = new WeakMap<PlacedBasis, Float64Array>();

/** [shells] in bohr: |R(r)| r^l √((2l+1)/4π) stays below 1e-9 outside. */
export function shellReaches(basis: PlacedBasis): Float64Array {
  let reaches = known.get(basis);
  if (!reaches) {
    reaches = Float64Array.from(basis.shells, (shell) => shellReach(shell, NEGLIGIBLE));
    known.set(basis, reaches);
  }
  return reaches;
}

/** The distance (bohr) beyond which the values of a shell stay below `negligible`. */
export function shellReach(shell: Pick<PlacedShell, "l" | "exponents" | "factors">, negligible: number): number {
  const { l, exponents, factors } = shell;
  const angular = Math.sqrt((2 * l + 1) / (4 * Math.PI));
  const bound = (r: number): number => {
    let sum = 0;
    for (let p = 0; p < exponents.length; p++) sum += Math.abs(factors[p]) * Math.exp(-exponents[p] * r * r);
    return sum * r ** l * angular;
  };
  const smallest = Math.min(...exponents);
  let low = Math.sqrt(Math.max(1, l) / (2 * smallest)); // outermost maximum of r^l exp(−αr²)
  if (bound(low) < negligible) return low;
  let high = 2 * low;
  while (bound(high) > negligible) high *= 2;
  while (high - low > 0.01) {
    const middle = 0.5 * (low + high);
    if (bound(middle) > negligible) low = middle;
    else high = middle;
  }
  return high;
}
