/** Runs one task for each of many structures on the pool, in any order, handing on results as they come. */
import { compareOrigins, type Origin } from "../dataset/label.js";
import { isBrineError } from "../errors.js";
import { checkpoint, runWorkers, type RunOptions } from "../run.js";
import { structureName } from "../structure/identifiers.js";
import type { Structure } from "../structure/structure.js";
import { type InputOf, localPool, type OutputOf, type TaskName } from "./tasks.js";

/** A structure with what people call it. */
export interface LabelledStructure extends Origin {
  /** What is to be computed. */
  readonly structure: Structure;
}

/** One structure's task. */
export interface Work<Input, Context extends LabelledStructure = LabelledStructure> {
  /** The structure, and what its result is to be understood with. */
  readonly context: Context;
  /** Called once, when its turn comes; what it throws or rejects with is a failure of the structure. */
  input(): Input | Promise<Input>;
}

/** A structure whose work failed. */
export interface Failed extends Origin {
  /** What its file calls the structure. */
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
  readonly onFailure?: (failure: Failed, context: Context) => void;
}

/**
 * Calls `finish` in this thread for each result as it comes, and awaits it. A task that fails is collected, not thrown, except
 * for an abort and for errors of `finish` itself (a full disk). Failures come back by file and position.
 */
export async function forEachStructure<Name extends TaskName, Context extends LabelledStructure>(
  task: Name,
  work: readonly Work<InputOf<Name>, Context>[],
  finish: (output: OutputOf<Name>, context: Context) => unknown,
  options: EachOptions<Context>,
): Promise<Failed[]> {
  const pool = options.pool ?? localPool();
  const failures: Failed[] = [];
  let next = 0;
  let done = 0;
  const worker = async (signal: AbortSignal): Promise<void> => {
    while (next < work.length && !signal.aborted) {
      const item = work[next++];
      const { context } = item;
      const result = await attempt(async () =>
        pool.run<InputOf<Name>, OutputOf<Name>>(task, await item.input(), signal),
      );
      if ("output" in result) await finish(result.output, context);
      else if (isBrineError(result.error, "aborted") || signal.aborted) throw result.error;
      else {
        const failure = failed(context, result.error);
        failures.push(failure);
        options.onFailure?.(failure, context);
      }
      await checkpoint(options, { stage: options.stage, done: ++done, total: work.length });
    }
  };
  await runWorkers(Math.min(pool.workers, work.length), options, worker);
  return failures.toSorted(compareOrigins);
}

async function attempt<Output>(run: () => Promise<Output>): Promise<{ output: Output } | { error: unknown }> {
  try {
    return { output: await run() };
  } catch (error) {
    return { error };
  }
}
