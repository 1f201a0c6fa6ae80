/** Which structures of a dataset a model may look at. */
import { compareOrigins, label, type Labelled } from "../dataset/label.js";
import type { Dataset, DatasetRecord, Reference } from "../dataset/record.js";
import { BrineError } from "../errors.js";
import { checkSameLevel } from "../level.js";
import type { Matrix } from "../math/matrix.js";
import { randomGenerator } from "../math/random.js";

export interface IndexedReference extends Labelled {
  /** The reference, without its density matrix. */
  readonly reference: Reference;
  /** The converged density matrix of the record, read when its turn comes: those of a whole dataset would not fit into memory. */
  readonly densityMatrix?: () => Matrix | undefined;
}

/**
 * All finished references of a dataset, by file and position; it must stay open while their density matrices are asked for. Throws
 * `input` when there are none, `mismatch` when their levels differ.
 */
export function finishedReferences(dataset: Dataset): IndexedReference[] {
  const result = dataset.finished().map((record) => ({
    key: record.key,
    ...(record.source === undefined ? {} : { source: record.source }),
    index: record.index,
    reference: record,
    densityMatrix: () => densityMatrixOf(dataset.get(record.id)),
  }));
  if (result.length === 0)
    throw new BrineError("input", "the dataset holds no finished reference; run `brine reference` first");
  for (const entry of result) {
    const [first] = result;
    checkSameLevel(entry.reference.level, first.reference.level, {
      where: `structure ${label(entry)}`,
      whose: first.key === entry.key ? "its other record" : `structure ${label(first)}`,
      remedy: "a model is of one level: make a dataset for each",
    });
  }
  return result;
}

function densityMatrixOf(record: DatasetRecord): Matrix | undefined {
  return record.state === "done" ? record.densityMatrix : undefined;
}

/** A seeded random choice of `count`; all when absent. Throws `usage` when there are not enough. */
export function chooseRandomly(
  references: readonly IndexedReference[],
  count: number | undefined,
  seed: number,
): IndexedReference[] {
  if (count === undefined) return [...references];
  if (count > references.length)
    throw new BrineError("usage", `${count} training structures asked for, but the dataset holds ${references.length}`);
  const shuffled = randomGenerator(seed).shuffle([...references]);
  return shuffled.slice(0, count).toSorted(compareOrigins);
}

/** The references that are not among `others`. */
export function without(
  references: readonly IndexedReference[],
  others: readonly IndexedReference[],
): IndexedReference[] {
  const keys = new Set(others.map(({ key }) => key));
  return references.filter(({ key }) => !keys.has(key));
}
