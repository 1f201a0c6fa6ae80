/** The pool of a machine: worker threads that run the tasks of `workflow/tasks.ts`. */
import { setMaxListeners } from "node:events";
import { Tinypool } from "tinypool";
import { BrineError } from "../errors.js";
import type { Pool } from "../run.js";
import { outputOf, type TaskResult } from "./task-call.js";
import type { PoolCall } from "./worker.js";

/**
 * Threads that start at once and end with `close`. Aborting ends the threads that work for the signal, in
 * the middle of their task. A task's `BrineError` keeps its tag; any other error is passed on as it is.
 * `threads` above 1 are for a single structure: the engine spreads the work on it over so many more threads.
 */
export function workerPool(workers: number, threads = 1): Pool {
  const pool = new Tinypool({
    filename: new URL("./worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  return {
    workers,
    async run<Input, Output>(task: string, input: Input, signal?: AbortSignal): Promise<Output> {
      if (signal) setMaxListeners(0, signal); // one listener a queued task
      const call: PoolCall = { task, input, threads, workers };
      const result = await pool.run(call, signal ? { signal } : {}).catch((error: unknown) => {
        throw signal?.aborted ? new BrineError("aborted", "stopped", { cause: error }) : error;
      });
      return outputOf(result as TaskResult) as Output;
    },
    close: () => pool.destroy(),
  };
}
