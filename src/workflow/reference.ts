/** Reference calculations of many structures into a dataset; what is already there is skipped. */
import type { Dataset } from "../dataset/record.js";
import { type Duplicate, structureKey } from "../dataset/codec.js";
import type { BuiltinOptions } from "../engine/kohn-sham-engine.js";
import type { LevelOfTheory } from "../level.js";
import type { RunOptions } from "../run.js";
import { modelHandle } from "../model/file/shared-model.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import { checkDatasetLevel } from "./dataset-level.js";
import type { KeptOrbitals } from "./kept-orbitals.js";
import { forEachStructure, type Failed, type LabelledStructure, type Work } from "./each-structure.js";
import type { ReferenceTask } from "./tasks.js";

/** What `computeReferences` did. */
export interface ReferenceSummary {
  /** References that were put into the dataset. */
  readonly added: number;
  /** Of these: fitted with the orbitals of another dataset. */
  readonly refitted: number;
  /** Already in the dataset. */
  readonly skipped: number;
  /** Same structure as an earlier one of the file. */
  readonly duplicates: readonly Duplicate[];
  /** Structures whose calculation failed; the dataset keeps the reasons. */
  readonly failed: readonly Failed[];
  /** That it took. */
  readonly seconds: number;
}

/** How references are made. */
export interface ReferenceOptions extends RunOptions {
  /** Keep density matrices too. */
  readonly keepOrbitals?: boolean;
  /** Of brine's own engine. */
  readonly settings?: BuiltinOptions;
  /** Ground states that are there already: of these only the fit is done. */
  readonly orbitals?: KeptOrbitals;
  /** The SCF starts from the densities that this model predicts. */
  readonly guess?: DensityModel;
}

/**
 * Computes what `dataset` does not yet hold at `level`. Every finished reference is committed at once, so that
 * an abort, a crash or a full disk loses only what was being computed. Throws `input` when `orbitals` has none, and
 * `mismatch` when `dataset` has another level or plane-wave cutoff.
 */
export async function computeReferences(
  structures: readonly LabelledStructure[],
  level: LevelOfTheory,
  dataset: Dataset,
  options: ReferenceOptions = {},
): Promise<ReferenceSummary> {
  const start = performance.now();
  checkDatasetLevel(dataset, options.orbitals ? withoutCutoff(level) : level);
  const first = new Map<string, number>();
  const duplicates: Duplicate[] = [];
  const work: Work<ReferenceTask, LabelledStructure & { readonly refit: boolean }>[] = [];
  const { keepOrbitals = false, settings = {}, orbitals, guess } = options;
  const handle = guess && modelHandle(guess, options.pool !== undefined);
  let skipped = 0;
  for (const labelled of structures) {
    const { index, structure } = labelled;
    const key = structureKey(structure);
    const earlier = first.get(key);
    if (earlier !== undefined) duplicates.push({ index, of: earlier });
    else if (dataset.find(structure, level)) skipped++;
    else {
      const converged = orbitals?.find(structure);
      const task = { level, keepOrbitals, settings, structure, ...(handle ? { guess: handle } : {}) };
      work.push({
        context: { ...labelled, refit: converged !== undefined },
        // Density matrices of all structures at once would not fit into memory.
        input: () => (converged ? { ...task, converged: converged() } : task),
      });
    }
    if (earlier === undefined) first.set(key, index);
  }
  orbitals?.check();
  let refitted = 0;
  const failures = await forEachStructure(
    "reference",
    work,
    (reference, { refit, ...origin }) => {
      dataset.put(origin, reference);
      if (refit) refitted++;
    },
    {
      ...options,
      stage: "references",
      onFailure: ({ error }, labelled) =>
        dataset.put(labelled, { structure: labelled.structure, level, reason: error.message }),
    },
  );
  return {
    added: work.length - failures.length,
    refitted,
    skipped,
    duplicates,
    failed: failures,
    seconds: (performance.now() - start) / 1000,
  };
}

/** The level of a refit, which keeps the numerics of its orbitals. */
function withoutCutoff(level: LevelOfTheory): LevelOfTheory {
  const { planewaveCutoff: _, ...numerics } = level.numerics;
  return { ...level, numerics };
}
