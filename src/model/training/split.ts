/** Which structures are learnt from and which judge η: they have to be different ones. */
import { structureKey } from "../../dataset/codec.js";
import { BrineError } from "../../errors.js";
import { randomGenerator } from "../../math/random.js";
import { elementSymbol } from "../../structure/elements.js";
import { speciesOf } from "../../structure/structure.js";
import type { TrainSettings } from "../settings.js";
import { checkReferences, type TrainingReference } from "./training-set.js";

/** Structures in the order of the problem. */
export interface Split {
  /** Training structures, those fitted while η is chosen first; then a validation set, if there is one. */
  readonly ordered: readonly TrainingReference[];
  /** Number of training structures: all that the model is fitted to in the end. */
  readonly trained: number;
  /** Number of structures that are fitted while η is chosen. */
  readonly fitted: number;
}

/**
 * Holds a part of the training structures out, or takes `validation` where it is given; nothing where η is. Throws as
 * `checkReferences` does, `input` for a structure that is there twice, and `mismatch` for a species that is not learnt.
 */
export function splitReferences(
  references: readonly TrainingReference[],
  settings: TrainSettings,
  validation: readonly TrainingReference[] | undefined,
): Split {
  checkReferences(references);
  checkDuplicates(references);
  if (validation) checkValidation(validation, references);
  const trained = references.length;
  if (settings.regularization !== "auto") return { ordered: references, trained, fitted: trained };
  if (validation && validation.length > 0) return { ordered: [...references, ...validation], trained, fitted: trained };
  const ordered = randomGenerator(settings.seed).shuffle([...references]);
  if (trained === 1) return { ordered, trained, fitted: 1 };
  const held = Math.min(trained - 1, Math.max(1, Math.round(settings.validationFraction * trained)));
  return { ordered, trained, fitted: trained - held };
}

/** Among the structures held out, one that is there twice would be judged by what was learnt from it. */
function checkDuplicates(references: readonly TrainingReference[]): void {
  const known = new Map<string, number>();
  references.forEach(({ structure }, index) => {
    const key = structureKey(structure);
    const same = known.get(key);
    if (same !== undefined)
      throw new BrineError("input", `it is training structure ${same} once more; leave one of them out`, {
        where: `training structure ${index}`,
      });
    known.set(key, index);
  });
}

function checkValidation(validation: readonly TrainingReference[], references: readonly TrainingReference[]): void {
  checkReferences([references[0], ...validation], "validation structure");
  const trained = new Map(references.map(({ structure }, index) => [structureKey(structure), index]));
  validation.forEach(({ structure }, index) => {
    const same = trained.get(structureKey(structure));
    if (same !== undefined)
      throw new BrineError(
        "input",
        `it is training structure ${same}, and would be judged by what was learnt from it`,
        { where: `validation structure ${index}` },
      );
  });
  const species = speciesOf(references.map(({ structure }) => structure));
  for (const z of speciesOf(validation.map(({ structure }) => structure)))
    if (!species.includes(z))
      throw new BrineError(
        "mismatch",
        `a validation structure contains ${elementSymbol(z)}, but no training structure does`,
      );
}
