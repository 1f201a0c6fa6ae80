/** Converged Kohn–Sham states of many structures. */
import type { BuiltinOptions } from "../engine/kohn-sham-engine.js";
import type { LevelOfTheory } from "../level.js";
import type { RunOptions } from "../run.js";
import { forEachStructure, type Failed, type LabelledStructure } from "./each-structure.js";
import type { ScfOutcome } from "./tasks.js";

/** A converged state with its structure. */
export type StructureState = LabelledStructure & ScfOutcome;

/** How ground states are computed. */
export interface ScfOptions extends RunOptions {
  /** What steers the SCF. */
  readonly settings?: BuiltinOptions;
  /** Whether to compute forces, too (false). */
  readonly forces?: boolean;
}

/** Each state is handed to `onState` as it comes and not kept; structures whose SCF fails come back. */
export function groundStates(
  level: LevelOfTheory,
  structures: readonly LabelledStructure[],
  onState: (found: StructureState) => unknown,
  options: ScfOptions = {},
): Promise<Failed[]> {
  const { forces = false, settings } = options;
  const task = { level, forces, ...(settings ? { settings } : {}) };
  return forEachStructure(
    "scf",
    structures.map((context) => ({ context, input: () => ({ ...task, structure: context.structure }) })),
    (state, labelled) => onState({ ...labelled, ...state }),
    { ...options, stage: "SCF" },
  );
}
