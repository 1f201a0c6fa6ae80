/** Spreads the pieces of a training stage over the threads of the pool. Pieces and their sums do not depend on the threads. */
import { checkpoint, runWorkers, sequentialPool, type Pool, type RunOptions } from "../../run.js";
import { trainingTasks, type TrainingTask } from "./training-tasks.js";

/**
 * Results in the order of `inputs`; as many pieces are in work as there are threads. One piece alone stays in this
 * thread. When a piece fails the others are stopped and no more begun.
 */
export async function inParallel<Name extends TrainingTask>(
  task: Name,
  inputs: readonly Parameters<(typeof trainingTasks)[Name]>[0][],
  options: RunOptions | undefined,
  stage?: string,
): Promise<Awaited<ReturnType<(typeof trainingTasks)[Name]>>[]> {
  type Output = Awaited<ReturnType<(typeof trainingTasks)[Name]>>;
  const pool = inputs.length > 1 ? poolOf(options) : sequentialPool(trainingTasks);
  const results: Output[] = [];
  let next = 0;
  let done = 0;
  const worker = async (signal: AbortSignal): Promise<void> => {
    while (next < inputs.length && !signal.aborted) {
      const index = next++;
      results[index] = await pool.run<unknown, Output>(task, inputs[index], signal);
      done++;
      await checkpoint(options, stage === undefined ? undefined : { stage, done, total: inputs.length });
    }
  };
  await runWorkers(Math.min(pool.workers, inputs.length), options, worker);
  return results;
}

/** Results are written to shared memory: where there is none, one thread does it all. */
function poolOf(options: RunOptions | undefined): Pool {
  return options?.pool && typeof SharedArrayBuffer !== "undefined" ? options.pool : sequentialPool(trainingTasks);
}
