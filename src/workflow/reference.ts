/** Reference calculations of many structures into a dataset; what is already there is skipped. */
import type { Dataset, Reference } from "../dataset/record.js";
import { structureKey } from "../dataset/codec.js";
import type { BuiltinOptions } from "../engine/builtin.js";
import type { LevelOfTheory } from "../level.js";
import type { RunOptions } from "../run.js";
import type { Structure } from "../structure/structure.js";
import { forEachStructure, type Failed, type Work } from "./each-structure.js";
import type { ReferenceTask } from "./tasks.js";

export interface ReferenceSummary {
  readonly added: number;
  /** Already in the dataset. */
  readonly skipped: number;
  /** Same structure as an earlier one of the file. */
  readonly duplicates: readonly { readonly index: number; readonly of: number }[];
  readonly failed: readonly Failed[];
  readonly seconds: number;
}

/**
 * Computes what `dataset` does not yet hold at `level`. Every finished reference is committed at once, so that
 * an abort, a crash or a full disk loses only what was being computed.
 */
export async function computeReferences(
  structures: readonly { readonly index: number; readonly structure: Structure }[],
  level: LevelOfTheory,
  dataset: Dataset,
  options: RunOptions & { readonly keepOrbitals?: boolean; readonly settings?: BuiltinOptions } = {},
): Promise<ReferenceSummary> {
  const start = performance.now();
  const first = new Map<string, number>();
  const duplicates: { index: number; of: number }[] = [];
  const work: Work<ReferenceTask>[] = [];
  const { keepOrbitals = false, settings = {} } = options;
  const common = { level, keepOrbitals, settings };
  let skipped = 0;
  for (const { index, structure } of structures) {
    const key = structureKey(structure);
    const earlier = first.get(key);
    if (earlier !== undefined) duplicates.push({ index, of: earlier });
    else if (dataset.has(structure, level)) skipped++;
    else work.push({ index, input: { ...common, structure } });
    if (earlier === undefined) first.set(key, index);
  }
  const structureOf = new Map(work.map(({ index, input }) => [index, input.structure]));
  const failed = await forEachStructure<ReferenceTask, Reference>(
    "reference",
    work,
    (reference, index) => dataset.put(index, reference),
    {
      ...options,
      stage: "references",
      onFailure: ({ index, reason }) => dataset.put(index, { structure: structureOf.get(index)!, level, reason }),
    },
  );
  return {
    added: work.length - failed.length,
    skipped,
    duplicates,
    failed,
    seconds: (performance.now() - start) / 1000,
  };
}
