/**
 * Three-centre Coulomb integrals (μν|P) = ∬ φ_μ(r₁) φ_ν(r₁) χ_P(r₂)/r₁₂ of density fitting, in batches of pairs.
 *
 * For each pair of shells the auxiliary integrals [tuv|P] of its primitive pairs are the rows of a matrix over all
 * P, and (μν|P) = Σ_{k,tuv} E^{μν}_{k,tuv} [tuv|P]_k is a matrix product with it. Only pairs that overlap have rows.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { checkBoysOrder } from "../math/boys.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { batchColumns, gaussianBatches, type GaussianBatch } from "./gaussian-batch.js";
import { integralsWith, rowScratch } from "./hermite-expansion.js";
import { shellPair, survivingPairs } from "./shell-pair.js";

/** Some neighbouring pairs with all auxiliary functions. */
export interface PairBatch {
  /** The pair of each row as μ(μ+1)/2 + ν, μ ≥ ν. */
  readonly pairs: Int32Array;
  /** (μν|P) in hartree: [pairs, auxiliary], columns as in {@link ThreeCentreIntegrals}; error about 1e-13. */
  readonly integrals: Matrix;
}

export interface ThreeCentreIntegrals {
  /** The auxiliary function of each column. */
  readonly columns: Int32Array;
  readonly batches: number;
  /** Of all batches together. */
  readonly bytes: number;
  /** Whether batch number `index` is there already. */
  has(index: number): boolean;
  /** Batch number `index`, valid until the next call. */
  on(index: number): PairBatch;
}

/** Integrals in a batch: 4 MB. */
const BATCH_SIZE = 1 << 19;

/**
 * The integrals of all pairs that overlap. Batches are made when they are first asked for and kept up to `memory`
 * bytes; those beyond it are made again each time. How pairs are cut into batches depends on the bases alone.
 */
export function threeCentreIntegrals(
  orbitals: PlacedBasis,
  auxiliary: PlacedBasis,
  memory: number,
): ThreeCentreIntegrals {
  const { size } = auxiliary;
  const gaussians = gaussianBatches(auxiliary);
  const lmax = Math.max(0, ...orbitals.shells.map((shell) => shell.l));
  checkBoysOrder(2 * lmax + Math.max(0, ...gaussians.map((batch) => batch.l)));
  const batches = cutIntoBatches(pairsThatOverlap(orbitals), size);
  const kept: (PairBatch | undefined)[] = batches.map(() => undefined);
  const bytesOf = batches.map(({ rows }) => 8 * rows * size);
  const bytes = bytesOf.reduce((sum, one) => sum + one, 0);
  const rows = rowScratch(2 * lmax, size);
  const block = new Float64Array((2 * lmax + 1) ** 2 * size);
  let free = memory;
  let passing: Float64Array | undefined;
  return {
    columns: batchColumns(auxiliary),
    batches: batches.length,
    bytes,
    has: (index) => kept[index] !== undefined,
    on(index) {
      const known = kept[index];
      if (known) return known;
      const length = batches[index].rows * size;
      const keep = bytesOf[index] <= free;
      if (!keep) passing ??= new Float64Array(Math.max(...bytesOf) / 8);
      const data = keep ? new Float64Array(length) : passing!.subarray(0, length);
      const batch = batchOf(batches[index], gaussians, matrix(batches[index].rows, size, data), rows, block);
      if (keep) {
        free -= bytesOf[index];
        kept[index] = batch;
      }
      return batch;
    },
  };
}

type Pair = readonly [a: PlacedShell, b: PlacedShell];

interface PairList {
  readonly pairs: readonly Pair[];
  /** Pairs μ ≥ ν of functions. */
  readonly rows: number;
}

function pairsThatOverlap({ shells }: PlacedBasis): Pair[] {
  return shells.flatMap((a, i) =>
    shells
      .slice(0, i + 1)
      .filter((b) => survivingPairs(a, b).length > 0)
      .map((b) => [a, b] as const),
  );
}

function rowsOf([a, b]: Pair): number {
  const width = 2 * a.l + 1;
  return a === b ? (width * (width + 1)) / 2 : width * (2 * b.l + 1);
}

function cutIntoBatches(pairs: readonly Pair[], columns: number): PairList[] {
  const most = Math.max(1, Math.floor(BATCH_SIZE / columns));
  const batches: { pairs: Pair[]; rows: number }[] = [];
  for (const pair of pairs) {
    const rows = rowsOf(pair);
    const last = batches.at(-1);
    if (last && last.rows + rows <= most) {
      last.pairs.push(pair);
      last.rows += rows;
    } else batches.push({ pairs: [pair], rows });
  }
  return batches;
}

/** Fills `integrals`; `rows` and `block` are scratch. */
function batchOf(
  { pairs: shellPairs }: PairList,
  gaussians: readonly GaussianBatch[],
  integrals: Matrix,
  rows: Float64Array,
  block: Float64Array,
): PairBatch {
  const { columns: size, data } = integrals;
  const pairs = new Int32Array(integrals.rows);
  let row = 0;
  for (const [a, b] of shellPairs) {
    const width = 2 * b.l + 1;
    const functions = (2 * a.l + 1) * width;
    const out = a === b ? block : data.subarray(row * size, (row + functions) * size);
    integralsWith("coulomb", shellPair(a, b), gaussians, size, rows, out);
    for (let f = 0; f < functions; f++) {
      const mu = a.first + Math.floor(f / width);
      const nu = b.first + (f % width);
      if (nu > mu) continue;
      if (a === b) data.set(block.subarray(f * size, (f + 1) * size), row * size);
      pairs[row++] = (mu * (mu + 1)) / 2 + nu;
    }
  }
  return { pairs, integrals };
}
