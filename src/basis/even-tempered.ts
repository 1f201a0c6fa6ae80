/**
 * Even-tempered auxiliary basis sets made from an orbital basis.
 *
 * Products of primitives of angular momenta l₁, l₂ have exponents α₁ + α₂ and reach l = l₁ + l₂. For each l the
 * exponents run from 2 min √(α₁α₂) upwards in the ratio β until the largest 2 max √(α₁α₂) is passed, over all
 * l₁ + l₂ = l (α₁, α₂: smallest or largest exponents of each angular momentum):
 *
 *   α_k = α_min β^k,  k = 0 … ⌈ln(1 + α_max/α_min)/ln β⌉ − 1
 *
 * This is the rule of PySCF's `aug_etb` (Sun et al., J. Chem. Phys. 153, 024109 (2020)): orbital shells of
 * angular momenta more than one above the highest occupied (f on C, d on H) are left out, and so are primitives
 * with small coefficients. (There that threshold applies to coefficients as written in the file; no difference in
 * def2-SVP, def2-TZVP, 6-31G*, aug-cc-pVDZ, cc-pVTZ, cc-pVQZ for nine elements up to Kr.)
 */
import { BrineError } from "../errors.js";
import { normalisedShell, type Basis, type Shell } from "./basis.js";

/**
 * The even-tempered auxiliary basis of each element of `orbitals`, uncontracted, l ascending and exponents
 * descending, named `etb:ratio`. Throws `input` unless ratio > 1.
 */
export function evenTempered(orbitals: Basis, ratio: number): Basis {
  if (!(ratio > 1) || !Number.isFinite(ratio))
    throw new BrineError("input", `an even-tempered basis needs a ratio above 1, not ${ratio}`);
  const shells: Record<number, readonly Shell[]> = {};
  for (const [z, orbitalShells] of Object.entries(orbitals.shells))
    shells[Number(z)] = shellsOfElement(orbitalShells, highestMomentum(Number(z)), ratio);
  return { name: `etb:${ratio}`, shells };
}

/** One above the highest occupied angular momentum of the atom (ground states; f block 4, d block 3). */
function highestMomentum(z: number): number {
  if (z <= 4) return 1;
  if (z <= 20) return 2;
  return z <= 57 ? 3 : 4;
}

/** Primitives with a smaller coefficient in a contraction do not widen the range. */
const NEGLIGIBLE = 1e-3;

interface Range {
  readonly smallest: number;
  readonly largest: number;
}

function shellsOfElement(orbitalShells: readonly Shell[], lmax: number, ratio: number): Shell[] {
  const ranges = new Map<number, Range>();
  for (const { l, exponents: all, coefficients } of orbitalShells) {
    if (l > lmax) continue;
    const exponents = all.filter((_, p) => Math.abs(coefficients[p]) > NEGLIGIBLE);
    const known = ranges.get(l);
    ranges.set(l, {
      smallest: Math.min(known?.smallest ?? Infinity, ...exponents),
      largest: Math.max(known?.largest ?? 0, ...exponents),
    });
  }
  const products = new Map<number, Range>();
  for (const [l1, a] of ranges)
    for (const [l2, b] of ranges) {
      const known = products.get(l1 + l2);
      products.set(l1 + l2, {
        smallest: Math.min(known?.smallest ?? Infinity, 2 * Math.sqrt(a.smallest * b.smallest)),
        largest: Math.max(known?.largest ?? 0, 2 * Math.sqrt(a.largest * b.largest)),
      });
    }
  return [...products]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([l, { smallest, largest }]) => {
      const count = Math.ceil(Math.log((largest + smallest) / smallest) / Math.log(ratio));
      return Array.from({ length: count }, (_, k) =>
        normalisedShell({ l, exponents: [smallest * ratio ** (count - 1 - k)], coefficients: [1] }),
      );
    });
}
