/** The sparse environments of a species: farthest-point sampling on P^0 over the training atoms. */
import type { Environment } from "../../descriptor/environment.js";
import { farthestPoints } from "../../descriptor/index.js";
import { matrix, type Matrix } from "../../math/matrix.js";
import { checkpoint, type RunOptions } from "../../run.js";
import { elementSymbol } from "../../structure/elements.js";
import {
  ENVIRONMENTS_AT_ONCE,
  environmentFeatures,
  type FeatureRecipe,
  type FeatureWorkspace,
} from "../prediction/environment-features.js";

/** Farthest points are looked for among at most this many environments of a species, evenly spaced. */
const LARGEST_CANDIDATES = 20000;

export interface EnvironmentsTask {
  /** Training atoms of one species. */
  readonly all: readonly Environment[];
  readonly species: number;
  /** At most the number of atoms. */
  readonly count: number;
  readonly recipe: FeatureRecipe;
}

/** Indices into `all` of the sparse environments, in the order chosen; duplicates never. */
export async function chooseEnvironments(
  { all, species, count, recipe }: EnvironmentsTask,
  options?: RunOptions,
): Promise<Int32Array> {
  const candidates = evenIndices(all.length, LARGEST_CANDIDATES);
  let rows: Matrix | undefined;
  const workspace: FeatureWorkspace = new Map();
  for (let from = 0; from < candidates.length; from += ENVIRONMENTS_AT_ONCE) {
    const part = candidates.slice(from, from + ENVIRONMENTS_AT_ONCE).map((i) => all[i]);
    const [scalar] = environmentFeatures(part, species, 0, recipe, workspace);
    rows ??= matrix(candidates.length, scalar.columns);
    rows.data.set(scalar.data, from * scalar.columns);
    await checkpoint(options, {
      stage: `environments of ${elementSymbol(species)}`,
      done: from,
      total: candidates.length,
    });
  }
  return farthestPoints(rows!, count).map((row) => candidates[row]);
}

/** `most` of the numbers below `total`, evenly spaced; all when there are fewer. */
export function evenIndices(total: number, most: number): number[] {
  const count = Math.min(total, most);
  return Array.from({ length: count }, (_, k) => Math.floor((k * total) / count));
}
