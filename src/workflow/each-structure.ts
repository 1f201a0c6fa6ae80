/** Runs one task for each of many structures on the pool, in any order, handing on results as they come. */
import type { Origin } from "../dataset/label.js";
import { isBrineError } from "../errors.js";
import { checkpoint, runLanes, sequentialPool, type Pool, type RunOptions } from "../run.js";
import { structureName } from "../structure/identifiers.js";
import type { Structure } from "../structure/structure.js";
import { type InputOf, type OutputOf, type TaskName, tasks } from "./tasks.js";

/** One structure's task, and what its result is to be understood with. */
export interface Work<Input, Context> {
  readonly context: Context;
  /** Called once, when its turn comes; what it throws or rejects with is a failure of the structure. */
  input(): Input | Promise<Input>;
}

/** A structure with what people call it. */
export interface LabelledStructure extends Origin {
  readonly structure: Structure;
}

/** A structure whose work failed. */
export interface Failed extends Origin {
  readonly name?: string;
  /** With its tag and cause where brine threw it on purpose. */
  readonly error: Error;
}

export function failed({ source, index, structure }: LabelledStructure, error: unknown): Failed {
  const name = structureName(structure);
  return {
    ...(source === undefined ? {} : { source }),
    index,
    ...(name === undefined ? {} : { name }),
    error: error instanceof Error ? error : new Error(String(error), { cause: error }),
  };
}

export interface EachOptions<Context> extends RunOptions {
  readonly stage: string;
  readonly onFailure: (error: unknown, context: Context) => void;
}

/**
 * Calls `finish` in this thread for each result as it comes, and awaits it. A task that fails is handed to `onFailure`, not
 * thrown, except for an abort and for errors of `finish` itself (a full disk).
 */
export async function forEachStructure<Name extends TaskName, Context>(
  task: Name,
  work: readonly Work<InputOf<Name>, Context>[],
  finish: (output: OutputOf<Name>, context: Context) => unknown,
  options: EachOptions<Context>,
): Promise<void> {
  const pool: Pool = options.pool ?? sequentialPool(tasks);
  let next = 0;
  let done = 0;
  const lane = async (signal: AbortSignal): Promise<void> => {
    while (next < work.length && !signal.aborted) {
      const { context, input } = work[next++];
      const result = await attempt(async () => pool.run<InputOf<Name>, OutputOf<Name>>(task, await input(), signal));
      if ("output" in result) await finish(result.output, context);
      else if (isBrineError(result.error, "aborted") || signal.aborted) throw result.error;
      else options.onFailure(result.error, context);
      await checkpoint(options, { stage: options.stage, done: ++done, total: work.length });
    }
  };
  await runLanes(Math.min(pool.workers, work.length), options, lane);
}

async function attempt<Output>(run: () => Promise<Output>): Promise<{ output: Output } | { error: unknown }> {
  try {
    return { output: await run() };
  } catch (error) {
    return { error };
  }
}
