/** Which structures of a dataset a model may look at. */
import type { Dataset, DatasetRecord, Reference } from "../dataset/record.js";
import { BrineError } from "../errors.js";
import { checkSameLevel } from "../level.js";
import type { Matrix } from "../math/matrix.js";
import { randomGenerator } from "../math/random.js";

export interface IndexedReference {
  /** Position of the structure in the file it was read from. */
  readonly index: number;
  readonly reference: Reference;
  /** Its converged density matrix, read when its turn comes: those of a whole dataset would not fit into memory. */
  readonly densityMatrix?: () => Matrix | undefined;
}

/**
 * All finished references of a dataset, by index; it must stay open while their density matrices are asked for. Throws
 * `input` when there are none, `mismatch` when their levels differ.
 */
export function finishedReferences(dataset: Dataset): IndexedReference[] {
  const result = dataset.finished().map((record) => ({
    index: record.index,
    reference: record,
    densityMatrix: () => densityMatrixOf(dataset.get(record.id)),
  }));
  if (result.length === 0)
    throw new BrineError("input", "the dataset holds no finished reference; run `brine reference` first");
  for (const { index, reference } of result) {
    const [first] = result;
    checkSameLevel(reference.level, first.reference.level, {
      where: `structure ${index}`,
      whose: first.index === index ? "its other record" : `structure ${first.index}`,
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
  return shuffled.slice(0, count).toSorted((a, b) => a.index - b.index);
}

/** The references with the given indices, each once. Throws `usage` naming an index that is not there. */
export function chooseByIndex(references: readonly IndexedReference[], indices: readonly number[]): IndexedReference[] {
  const byIndex = new Map(references.map((entry) => [entry.index, entry]));
  return [...new Set(indices)].map((index) => {
    const entry = byIndex.get(index);
    if (!entry) throw new BrineError("usage", `the dataset has no finished reference with index ${index}`);
    return entry;
  });
}
