/**
 * λ-SOAP: the product of two density expansions coupled to angular momentum λ (Grisafi, Wilkins, Csányi &
 * Ceriotti, Phys. Rev. Lett. 120, 036002 (2018), doi:10.1103/PhysRevLett.120.036002),
 *
 *   P^{λμ}_{(q l1)(q' l2)} = Σ_{m1 m2} C^{λμ}_{l1 m1 l2 m2} X^{l1}_{m1 q} X^{l2}_{m2 q'}
 *
 * Features that differ only by the exchange (q l1) ↔ (q' l2) are counted once with weight √2, so kernels and norms
 * are those of the full vector. Only the features that are wanted are computed. Block by block of (l1, l2):
 * U^μ[q', m1] = Σ_{m2} C^μ_{m1 m2} X^{l2}_{m2 q'} for the channels q' in use, at most two terms each, then a dot
 * product over m1 for each feature and μ (kernels/equivariant-products.ts).
 */
import { clebschGordan } from "../math/clebsch-gordan.js";
import { BrineError } from "../errors.js";
import { kernels } from "../math/kernels.js";
import { loadPair, type PairWorkspace, pairWorkspace, vectorsOf } from "./environment-pairs.js";
import { type BlockSelection, countFeatures, selectionByBlock } from "./features.js";
import type { Expansion } from "./spherical-expansion.js";

/**
 * The vectors of all environments, [environments, 2λ+1, features], times `factors` of the environments (1 when
 * absent), not normalised. `selected` are feature numbers as in `features.ts`, ascending, one column each; all
 * features when absent. Throws `mismatch` for a number that is no feature, `usage` for numbers that do not ascend.
 */
export function lambdaSoap(
  expansion: Expansion,
  lambda: number,
  selected?: Int32Array,
  factors?: Float64Array,
): Float64Array {
  return lambdaSoapOf(expansion, [{ lambda, ...(selected ? { selected } : {}), ...(factors ? { factors } : {}) }])[0];
}

/** Which features of one λ, times which factors of the environments. */
export interface Wanted {
  readonly lambda: number;
  /** Must not be changed afterwards: what is derived from it is remembered. */
  readonly selected?: Int32Array | undefined;
  readonly factors?: Float64Array;
  /** Where the vectors go when it is long enough; a new array is made when absent. */
  readonly into?: Float64Array | undefined;
}

/** As `lambdaSoap`, for several λ at once: the environments are brought into place once for all of them. */
export function lambdaSoapOf(expansion: Expansion, wanted: readonly Wanted[]): Float64Array[] {
  const { environments, lmax, channels } = expansion;
  const results = wanted.map(({ lambda, selected, into }) => {
    const columns = selected ? selected.length : countFeatures(lmax, channels, lambda);
    const size = environments * (2 * lambda + 1) * columns;
    return into && into.length >= size ? into.subarray(0, size) : new Float64Array(size);
  });
  const parts = wanted.flatMap(({ lambda, selected, factors }, k) =>
    plansOf(expansion, lambda, selected).map((plan): Part => ({ plan, factors, result: results[k] })),
  );
  const workspace = productWorkspace(expansion);
  for (let from = 0; from < parts.length;) {
    const loaded = bringIn(parts, from, workspace);
    for (let first = 0; first < environments; first += 2) {
      loadPair(expansion, first, workspace.pair);
      for (const part of loaded) addColumns(expansion, first, part, workspace);
    }
    from += loaded.length;
  }
  return results;
}

/** Some columns of a result and how to compute them: byte offsets for the kernels, put into the scratch as they are. */
interface Plan {
  readonly lambda: number;
  /** First column and number of columns. */
  readonly first: number;
  readonly columns: number;
  readonly blocks: readonly PlannedBlock[];
  readonly integers: Int32Array;
  readonly doubles: Float64Array;
}

/** Positions in `integers` and `doubles`, and numbers of items there. */
interface PlannedBlock {
  readonly l1: number;
  readonly l2: number;
  readonly channels: number;
  readonly used: number;
  readonly counts: number;
  readonly sources: number;
  readonly values: number;
  readonly features: number;
  readonly weights: number;
  /** First column, relative to that of the plan, and number of columns. */
  readonly first: number;
  readonly columns: number;
}

/** Doubles of the scratch for the products of a pair. */
const PRODUCTS = 1 << 18;

const known = new WeakMap<Int32Array, { key: string; plans: readonly Plan[] }>();
const knownOfAll = new Map<string, readonly Plan[]>();

/** The wanted columns in parts whose products fit into the scratch; usually one. */
function plansOf({ lmax, channels }: Expansion, lambda: number, selected?: Int32Array): readonly Plan[] {
  const key = `${lmax} ${channels} ${lambda}`;
  const remembered = rememberedPlans(key, selected);
  if (remembered) return remembered;
  const wanted =
    selected ?? Int32Array.from({ length: countFeatures(lmax, channels, lambda) }, (_, feature) => feature);
  for (let k = 1; k < wanted.length; k++)
    if (wanted[k] <= wanted[k - 1])
      throw new BrineError("usage", `the features selected for λ = ${lambda} must ascend`);
  const most = Math.floor(PRODUCTS / 2 / (2 * lambda + 1));
  const plans: Plan[] = [];
  for (let from = 0; from < wanted.length; from += most)
    plans.push(
      makePlan(selectionByBlock(lmax, channels, lambda, wanted.slice(from, from + most)), channels, lambda, from),
    );
  if (selected) known.set(selected, { key, plans });
  else knownOfAll.set(key, plans);
  return plans;
}

function rememberedPlans(key: string, selected?: Int32Array): readonly Plan[] | undefined {
  if (!selected) return knownOfAll.get(key);
  const remembered = known.get(selected);
  return remembered?.key === key ? remembered.plans : undefined;
}

function makePlan(selection: readonly BlockSelection[], channels: number, lambda: number, first: number): Plan {
  const integers: number[] = [];
  const doubles: number[] = [];
  const put = (list: number[], items: ArrayLike<number>): number => {
    const at = list.length;
    for (let k = 0; k < items.length; k++) list.push(items[k]);
    return at;
  };
  const slot = new Int32Array(channels);
  const blocks = selection.map(({ l1, l2, columns, q1, q2, weights }): PlannedBlock => {
    const [n1, n2] = [2 * l1 + 1, 2 * l2 + 1];
    const used = Int32Array.from(new Set(q2)).toSorted();
    used.forEach((q, k) => (slot[q] = k));
    const { mu, m1, m2, values } = clebschGordan(l1, l2, lambda);
    const counts = new Int32Array((2 * lambda + 1) * n1);
    mu.forEach((component, e) => counts[component * n1 + m1[e]]++);
    const pairs = new Int32Array(2 * columns.length);
    columns.forEach((_, k) => pairs.set([16 * n1 * q1[k], 16 * n1 * slot[q2[k]]], 2 * k));
    return {
      l1,
      l2,
      channels: put(
        integers,
        used.map((q) => 16 * n2 * q),
      ),
      used: used.length,
      counts: put(integers, counts),
      sources: put(
        integers,
        m2.map((m) => 16 * m),
      ),
      values: put(doubles, values),
      features: put(integers, pairs),
      weights: put(doubles, weights),
      first: columns[0],
      columns: columns.length,
    };
  });
  const columns = selection.reduce((sum, block) => sum + block.columns.length, 0);
  return { lambda, first, columns, blocks, integers: Int32Array.from(integers), doubles: Float64Array.from(doubles) };
}

interface Part {
  readonly plan: Plan;
  readonly factors: Float64Array | undefined;
  readonly result: Float64Array;
}

/** A part whose tables are in the scratch. */
interface LoadedPart extends Part {
  /** Where its doubles and (in units of integers) its integers are. */
  readonly doublesAt: number;
  readonly integersAt: number;
}

/** Layout of the scratch, in doubles. */
interface ProductWorkspace {
  readonly pair: PairWorkspace;
  readonly scale: number;
  readonly coupled: number;
  readonly products: number;
  readonly tables: number;
}

function productWorkspace(expansion: Expansion): ProductWorkspace {
  const pair = pairWorkspace(expansion);
  const coupled = pair.free + 2;
  const products = coupled + 3 * 2 * (2 * expansion.lmax + 1) * expansion.channels;
  return { pair, scale: pair.free, coupled, products, tables: products + PRODUCTS };
}

/** Puts the tables of as many parts as fit, at least one, into the scratch. */
function bringIn(parts: readonly Part[], from: number, workspace: ProductWorkspace): LoadedPart[] {
  const { doubles, integers } = kernels();
  const loaded: LoadedPart[] = [];
  let at = workspace.tables;
  for (const part of parts.slice(from)) {
    const { plan } = part;
    const integersAt = 2 * (at + plan.doubles.length);
    const end = Math.ceil((integersAt + plan.integers.length) / 2);
    if (end > workspace.pair.end && loaded.length > 0) break;
    doubles.set(plan.doubles, at);
    integers.set(plan.integers, integersAt);
    loaded.push({ ...part, doublesAt: at, integersAt });
    at = end;
  }
  return loaded;
}

/** The columns of a part for the pair of environments that is in the scratch. */
function addColumns(expansion: Expansion, environment: number, part: LoadedPart, workspace: ProductWorkspace): void {
  const { environments, channels } = expansion;
  const { doubles, coupledProducts } = kernels();
  const { plan, factors, result, doublesAt, integersAt } = part;
  const { lambda, columns, blocks } = plan;
  const components = 2 * lambda + 1;
  const { products, scale, coupled } = workspace;
  const second = products + components * columns;
  const count = Math.min(2, environments - environment);
  doubles[scale] = factors ? factors[environment] : 1;
  doubles[scale + 1] = factors && count === 2 ? factors[environment + 1] : 1;
  for (const block of blocks)
    coupledProducts(
      2 * block.l1 + 1,
      8 * vectorsOf(workspace.pair, block.l1, channels),
      8 * vectorsOf(workspace.pair, block.l2, channels),
      components,
      4 * (integersAt + block.channels),
      block.used,
      4 * (integersAt + block.counts),
      4 * (integersAt + block.sources),
      8 * (doublesAt + block.values),
      8 * coupled,
      4 * (integersAt + block.features),
      8 * (doublesAt + block.weights),
      block.columns,
      8 * scale,
      8 * (products + block.first),
      8 * (second + block.first),
      8 * columns,
    );
  const rows = count * components;
  const width = result.length / environments / components;
  if (columns === width)
    result.set(doubles.subarray(products, products + rows * width), environment * components * width);
  else
    for (let row = 0; row < rows; row++)
      result.set(
        doubles.subarray(products + row * columns, products + (row + 1) * columns),
        (environment * components + row) * width + plan.first,
      );
}
