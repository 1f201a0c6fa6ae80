/**
 * Three-centre Coulomb integrals (μν|P) = ∬ φ_μ(r₁) φ_ν(r₁) χ_P(r₂)/r₁₂ of density fitting.
 *
 * For each pair of shells the auxiliary integrals [tuv|P] of its primitive pairs are the rows of a matrix over all
 * P, and (μν|P) = Σ_{k,tuv} E^{μν}_{k,tuv} [tuv|P]_k is a matrix product with it.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { checkBoysOrder } from "../math/boys.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { batchColumns, gaussianBatches } from "./gaussian-batch.js";
import { integralsWith, rowScratch } from "./hermite-expansion.js";
import { shellPair, survivingPairs } from "./shell-pair.js";

/**
 * (μν|P) in hartree: [orbitals (orbitals + 1)/2, auxiliary], row μ(μ+1)/2 + ν for μ ≥ ν, columns in the order of
 * `auxiliary`. Rows of pairs without overlap are zero. Error about 1e-13 in any element.
 */
export async function threeCenterCoulomb(
  orbitals: PlacedBasis,
  auxiliary: PlacedBasis,
  options?: RunOptions,
): Promise<Matrix> {
  const size = auxiliary.size;
  const result = matrix((orbitals.size * (orbitals.size + 1)) / 2, size);
  const batches = gaussianBatches(auxiliary);
  const columns = batchColumns(auxiliary);
  const lmax = Math.max(0, ...orbitals.shells.map((shell) => shell.l));
  checkBoysOrder(2 * lmax + Math.max(0, ...batches.map((batch) => batch.l)));
  const rows = rowScratch(2 * lmax, size);
  const block = new Float64Array((2 * lmax + 1) ** 2 * size);
  for (let i = 0; i < orbitals.shells.length; i++) {
    await checkpoint(options, { stage: "three-centre integrals", done: i, total: orbitals.shells.length });
    const a = orbitals.shells[i];
    for (let j = 0; j <= i; j++) {
      const b = orbitals.shells[j];
      const pair = shellPair(a, b);
      if (pair.count === 0) continue;
      integralsWith("coulomb", pair, batches, size, rows, block);
      writePair(a, b, block, columns, result);
    }
  }
  return result;
}

/** Rows first … end − 1. */
export type RowRange = readonly [first: number, end: number];

/** The rows of `threeCenterCoulomb` that are not zero, ascending, neighbours joined across gaps of a few rows. */
export function pairsThatOverlap({ shells }: PlacedBasis): RowRange[] {
  const ranges: [number, number][] = [];
  for (let i = 0; i < shells.length; i++) {
    const partners = shells.slice(0, i + 1).filter((b) => survivingPairs(shells[i], b).length > 0);
    for (let mu = shells[i].first; mu <= shells[i].first + 2 * shells[i].l; mu++)
      for (const { first, l } of partners) {
        const start = (mu * (mu + 1)) / 2 + first;
        const end = (mu * (mu + 1)) / 2 + Math.min(first + 2 * l, mu) + 1;
        const last = ranges.at(-1);
        if (last && start <= last[1] + GAP) last[1] = Math.max(last[1], end);
        else ranges.push([start, end]);
      }
  }
  return ranges;
}

/** Up to this many zero rows are cheaper than another range. */
const GAP = 8;

function writePair(a: PlacedShell, b: PlacedShell, block: Float64Array, columns: Int32Array, into: Matrix): void {
  const size = columns.length;
  const width = 2 * b.l + 1;
  for (let f = 0; f < (2 * a.l + 1) * width; f++) {
    const mu = a.first + Math.floor(f / width);
    const nu = b.first + (f % width);
    if (nu > mu) continue;
    const row = ((mu * (mu + 1)) / 2 + nu) * size;
    const from = f * size;
    for (let c = 0; c < size; c++) into.data[row + columns[c]] = block[from + c];
  }
}
