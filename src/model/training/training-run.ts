/** What all stages of a training share: the structures, what they are learnt as, and how the run goes. */
import { averageCoefficients, type Averages } from "../../density/averages.js";
import { BrineError } from "../../errors.js";
import type { LevelOfTheory } from "../../level.js";
import type { RunOptions } from "../../run.js";
import { speciesOf } from "../../structure/structure.js";
import { blocksOf, type Block } from "../blocks.js";
import { checkAskedSpecies, type TrainSettings } from "../settings.js";
import type { SolveJournal } from "../solver/solve-journal.js";
import { splitReferences, type Split } from "./split.js";
import { stopwatch, type Stopwatch } from "./stopwatch.js";
import { trainingKey } from "./training-key.js";
import type { TrainingReference } from "./training-set.js";

/** How the work of a training is done. */
export interface TrainOptions extends RunOptions {
  /** Judge η on these instead of holding out a part of the training structures. */
  readonly validation?: readonly TrainingReference[] | undefined;
  /** Bytes that the run may take, about (8e9); beyond, numbers are kept in single precision and in scratch files. */
  readonly memory?: number | undefined;
  /** A folder for what does not fit into memory; the caller makes and removes it. Absent: all is in memory. */
  readonly scratch?: string;
  /** Opens the journal of a run with this key, to go on with a run that was killed. */
  readonly openJournal?: (key: string) => SolveJournal;
}

/** Halves of fewer structures tell nothing. */
const SMALLEST_FOR_COMMITTEE = 8;
const AUTO_COMMITTEE = 8;

export interface TrainingRun {
  readonly settings: TrainSettings;
  readonly options: TrainOptions;
  readonly watch: Stopwatch;
  readonly level: LevelOfTheory;
  /** The training structures as they were given. */
  readonly references: readonly TrainingReference[];
  /** All structures in the order of the problem. */
  readonly split: Split;
  /** Of the training structures, ascending. */
  readonly species: readonly number[];
  readonly blocks: readonly Block[];
  readonly averages: Averages;
  /** Members of the committee; 0: none. */
  readonly members: number;
  readonly journal: SolveJournal | undefined;
}

/**
 * Checks all that can be checked before the work begins. Throws as `splitReferences` does, `mismatch` for settings of an
 * element that is not learnt, and `usage` when a committee is asked for that cannot be calibrated.
 */
export function trainingRun(
  references: readonly TrainingReference[],
  settings: TrainSettings,
  options: TrainOptions,
): TrainingRun {
  const watch = stopwatch();
  const split = splitReferences(references, settings, options.validation);
  const members = committeeMembers(settings, references.length);
  const { level } = references[0];
  const species = speciesOf(references.map(({ structure }) => structure));
  checkAskedSpecies(settings, species);
  return {
    settings,
    options,
    watch,
    level,
    references,
    split,
    species,
    blocks: blocksOf(level.auxiliary, species),
    averages: averageCoefficients(
      level.auxiliary,
      references.map(({ density }) => density),
    ),
    members,
    journal: options.openJournal?.(trainingKey(settings, references, options.validation)),
  };
}

function committeeMembers({ committee: asked, regularization }: TrainSettings, structures: number): number {
  const possible = regularization === "auto" && structures >= SMALLEST_FOR_COMMITTEE;
  if (asked === "auto") return possible ? AUTO_COMMITTEE : 0;
  if (asked > 0 && !possible)
    throw new BrineError(
      "usage",
      `a committee is calibrated on held-out structures: it needs automatic regularisation and at least ${SMALLEST_FOR_COMMITTEE} training structures`,
    );
  return asked;
}
