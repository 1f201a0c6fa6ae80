/**
 * What a training keeps beside its model while it runs: MODEL.owner, for two of them would share the rest; MODEL.scratch,
 * numbers that do not fit into memory; MODEL.checkpoint, finished work that the next run with this model goes on from.
 */
import type { TrainOptions } from "../model/training/training-run.js";
import { own } from "./file-owner.js";
import { writeAtomically } from "./files.js";
import { scratchFolder } from "./scratch-files.js";
import { openTrainingCheckpoint, removeTrainingCheckpoint } from "./training-checkpoint.js";

/** For one training; to be closed at its end, however it ends. */
export interface TrainingFiles {
  /** For the options of `train`. */
  readonly options: Required<Pick<TrainOptions, "scratch" | "openJournal">>;
  /** Writes the model; what was kept of its training goes. Throws `storage`. */
  finish(model: Uint8Array): void;
  /** Removes the scratch files and gives the model up; the checkpoint of a training that did not finish stays. */
  close(): void;
}

/**
 * Makes what a training to the file `model` needs. `note` is told of a checkpoint that is there. Throws `busy` when another process trains to this file, `storage` when its
 * folder cannot be written.
 */
export function trainingFiles(model: string, note: (text: string) => void): TrainingFiles {
  const giveUp = own(model, "model");
  const checkpoint = `${model}.checkpoint`;
  try {
    const scratch = scratchFolder(`${model}.scratch`);
    return {
      options: {
        scratch: scratch.path,
        openJournal(key) {
          const { journal, found } = openTrainingCheckpoint(checkpoint, key);
          if (found === "this training") note(`goes on from ${checkpoint}, kept of a training that was stopped`);
          if (found === "another training")
            note(
              `${checkpoint} is of a training with other settings or structures: this one starts anew, and the other's work is kept until one of them is finished`,
            );
          return journal;
        },
      },
      finish(bytes) {
        writeAtomically(model, bytes);
        removeTrainingCheckpoint(checkpoint);
      },
      close() {
        scratch.close();
        giveUp();
      },
    };
  } catch (error) {
    giveUp();
    throw error;
  }
}
