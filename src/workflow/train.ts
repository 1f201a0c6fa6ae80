/** Which structures of a dataset a model learns from, and which judge its regularisation. */
import { chooseByLabel } from "../dataset/label.js";
import { BrineError } from "../errors.js";
import type { TrainingReference } from "../model/training/training-set.js";
import { atomCount } from "../structure/structure.js";
import { chooseRandomly, type IndexedReference, without } from "./training-set.js";

/** Which structures are learnt from. */
export interface TrainingChoice {
  /** A random choice of so many structures; absent: all. Not looked at with `labels`. */
  readonly count?: number | undefined;
  /** The structures with these labels, instead of a random choice. */
  readonly labels?: readonly string[] | undefined;
  /** Number of random structures of the rest that judge the regularisation; absent: a part of those trained on. */
  readonly validation?: number | undefined;
}

/** For `train`: its references and the `validation` of its options. */
export interface TrainingStructures {
  /** What is learnt. */
  readonly training: readonly TrainingReference[];
  /** What judges the regularisation; undefined: a part of what is learnt. */
  readonly validation: readonly TrainingReference[] | undefined;
}

/** Chooses among the references of a dataset. Throws `usage` for more structures than there are and labels that are not there. */
export function chooseStructures(
  references: readonly IndexedReference[],
  { count, labels, validation }: TrainingChoice,
  seed: number,
): TrainingStructures {
  const chosen = labels === undefined ? chooseRandomly(references, count, seed) : chooseByLabel(references, labels);
  const rest = without(references, chosen);
  if (validation !== undefined && validation > rest.length)
    throw new BrineError(
      "usage",
      `${validation} structures for validation asked for, but only ${rest.length} of the dataset are not trained on`,
    );
  const plain = (some: readonly IndexedReference[]): TrainingReference[] => some.map(({ reference }) => reference);
  return {
    training: plain(chosen),
    validation: validation === undefined ? undefined : plain(chooseRandomly(rest, validation, seed)),
  };
}

/** Training on fewer atoms takes one thread a few seconds, and starting others about as long. */
const FEW_ATOMS = 800;

/** Whether starting other threads for this training is worth their time. */
export function isWorthThreads({ training }: TrainingStructures): boolean {
  return training.reduce((sum, { structure }) => sum + atomCount(structure), 0) >= FEW_ATOMS;
}
