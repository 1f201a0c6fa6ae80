/** Runs one task for each of many structures on the pool, in any order, reporting as they finish. */
import { isBrineError } from "../errors.js";
import { checkpoint, runLanes, sequentialPool, type Pool, type RunOptions } from "../run.js";
import { tasks } from "./tasks.js";

export interface Work<Input> {
  /** Position of the structure in its file. */
  readonly index: number;
  /** May be a getter, read once when its turn comes; what it throws or rejects with is a failure of the structure. */
  readonly input: Input | Promise<Input>;
}

export interface Failed {
  readonly index: number;
  readonly reason: string;
}

/**
 * Calls `finish` in this thread for each result as it comes, and awaits it. A task that fails is collected, not thrown, except
 * for an abort and for errors of `finish` itself (a full disk). Failures come back in the order of their index.
 */
export async function forEachStructure<Input, Output>(
  task: keyof typeof tasks,
  work: readonly Work<Input>[],
  finish: (output: Output, index: number) => unknown,
  options: RunOptions & { stage: string; onFailure?: (failed: Failed) => void },
): Promise<Failed[]> {
  const pool: Pool = options.pool ?? sequentialPool(tasks);
  const failed: Failed[] = [];
  let next = 0;
  let done = 0;
  const lane = async (signal: AbortSignal): Promise<void> => {
    while (next < work.length && !signal.aborted) {
      const item = work[next++];
      const { index } = item;
      try {
        await finish(await runTask<Input, Output>(pool, task, item, signal), index);
      } catch (error) {
        if (!(error instanceof TaskError)) throw error;
        if (isBrineError(error.cause, "aborted") || signal.aborted) throw error.cause;
        const failure = { index, reason: error.cause instanceof Error ? error.cause.message : String(error.cause) };
        failed.push(failure);
        options.onFailure?.(failure);
      }
      await checkpoint(options, { stage: options.stage, done: ++done, total: work.length });
    }
  };
  await runLanes(Math.min(pool.workers, work.length), options, lane);
  return failed.toSorted((a, b) => a.index - b.index);
}

/** Marks an error as the task's own, so that an error of `finish` is told apart from it. */
class TaskError extends Error {}

async function runTask<Input, Output>(
  pool: Pool,
  task: string,
  item: Work<Input>,
  signal: AbortSignal,
): Promise<Output> {
  try {
    return await pool.run<Input, Output>(task, await item.input, signal);
  } catch (error) {
    throw new TaskError("task failed", { cause: error });
  }
}
