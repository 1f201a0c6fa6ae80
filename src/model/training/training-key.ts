/** Which training a journal belongs to. */
import { canonicalJson } from "../../canonical-json.js";
import { levelKey, structureKey } from "../../dataset/codec.js";
import { sha256 } from "../../dataset/sha256.js";
import type { TrainSettings } from "../settings.js";
import type { TrainingReference } from "./training-set.js";

/** The digest of all that a model depends on, equal for runs that give the same one: settings, level, structures, coefficients, order. */
export function trainingKey(
  settings: TrainSettings,
  references: readonly TrainingReference[],
  validation: readonly TrainingReference[] = [],
): string {
  const content = [...references, ...validation].map(({ structure, density }) => [
    structureKey(structure),
    sha256(new Uint8Array(density.coefficients.slice().buffer)),
  ]);
  const text = canonicalJson([settings, levelKey(references[0].level), references.length, content]);
  return sha256(new TextEncoder().encode(text));
}
