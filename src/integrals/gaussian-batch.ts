/**
 * Atom-centred Gaussians of one angular momentum side by side, the second charge distribution of an integral:
 *
 *   χ_lm(r) = Σ_q d_q S_lm(r−C) exp(−γ_q|r−C|²) = Σ_q d_q (2γ_q)^(−l) S_lm(∂_C) exp(−γ_q|r−C|²)
 *
 * Integrals are worked out for a whole batch at once, so that inner loops run over contiguous arrays. Inside a
 * batch the functions are ordered m first, then shell; `batchColumns` leads back to the order of the basis.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import type { Structure } from "../structure/structure.js";

export interface GaussianBatch {
  readonly l: number;
  /** Number of shells. */
  readonly count: number;
  /** Column of the first function (m = −l of the first shell) among those of all batches. */
  readonly first: number;
  /** Centres, [count] each. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Primitives of shell s: `firstPrimitive[s]` to `firstPrimitive[s + 1]`. */
  readonly firstPrimitive: Int32Array;
  readonly exponents: Float64Array;
  /** d_q (−2γ_q)^(−l); the sign turns ∂_C into ∂_P of R = P − C. */
  readonly weights: Float64Array;
}

/** One batch for each angular momentum of `basis`, ascending. */
export function gaussianBatches(basis: PlacedBasis): GaussianBatch[] {
  const byMomentum = new Map<number, PlacedShell[]>();
  for (const shell of basis.shells) {
    const list = byMomentum.get(shell.l);
    if (list) list.push(shell);
    else byMomentum.set(shell.l, [shell]);
  }
  const batches: GaussianBatch[] = [];
  let first = 0;
  for (const [l, shells] of [...byMomentum].toSorted(([a], [b]) => a - b)) {
    batches.push(batchOf(l, shells, first));
    first += shells.length * (2 * l + 1);
  }
  return batches;
}

/** `columns[i]`: the function of `basis` in column i of the batches. */
export function batchColumns(basis: PlacedBasis): Int32Array {
  const columns = new Int32Array(basis.size);
  let column = 0;
  const momenta = [...new Set(basis.shells.map((shell) => shell.l))].toSorted((a, b) => a - b);
  for (const l of momenta) {
    const shells = basis.shells.filter((shell) => shell.l === l);
    for (let m = 0; m < 2 * l + 1; m++) for (const shell of shells) columns[column++] = shell.first + m;
  }
  return columns;
}

function batchOf(l: number, shells: readonly PlacedShell[], first: number): GaussianBatch {
  const firstPrimitive = new Int32Array(shells.length + 1);
  shells.forEach((shell, s) => (firstPrimitive[s + 1] = firstPrimitive[s] + shell.exponents.length));
  return {
    l,
    count: shells.length,
    first,
    x: Float64Array.from(shells, (shell) => shell.x),
    y: Float64Array.from(shells, (shell) => shell.y),
    z: Float64Array.from(shells, (shell) => shell.z),
    firstPrimitive,
    exponents: Float64Array.from(shells.flatMap((shell) => [...shell.exponents])),
    weights: Float64Array.from(
      shells.flatMap((shell) => Array.from(shell.exponents, (gamma, q) => shell.factors[q] * (-2 * gamma) ** -l)),
    ),
  };
}

/** Exponent of a normalised Gaussian that is a point charge in double precision. */
const POINT = 1e30;

/** The nuclei as point charges. `charges` default to the atomic numbers. */
export function pointCharges(structure: Structure, charges: ArrayLike<number> = structure.species): GaussianBatch {
  const count = structure.species.length;
  const coordinate = (axis: number): Float64Array =>
    Float64Array.from({ length: count }, (_, atom) => structure.positions[3 * atom + axis]);
  return {
    l: 0,
    count,
    first: 0,
    x: coordinate(0),
    y: coordinate(1),
    z: coordinate(2),
    firstPrimitive: Int32Array.from({ length: count + 1 }, (_, s) => s),
    exponents: new Float64Array(count).fill(POINT),
    // √(4π) cancels the S_00 that s functions carry.
    weights: Float64Array.from(
      { length: count },
      (_, atom) => charges[atom] * (POINT / Math.PI) ** 1.5 * Math.sqrt(4 * Math.PI),
    ),
  };
}
