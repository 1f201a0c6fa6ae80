/** How long-running work reports progress, yields to the event loop, stops, and is spread over threads. */
import { BrineError } from "./errors.js";

/** How far long-running work has come. */
export interface Progress {
  /** What is being done, in a few words: `SCF`, `descriptors`. */
  readonly stage: string;
  /** Steps done. */
  readonly done: number;
  /** Steps in all; absent where unknown. */
  readonly total?: number;
  /** A number worth showing beside the bar, such as `ΔE 3e-7`. */
  readonly note?: string;
}

/** Runs named tasks on plain (structured-cloneable) data. */
export interface Pool {
  /** How many tasks run at a time. */
  readonly workers: number;
  /** Runs the task of this name on an idle worker. An abort of `signal` stops it and throws `aborted`. */
  run<Input, Output>(task: string, input: Input, signal?: AbortSignal): Promise<Output>;
  /** Ends the workers. */
  close(): Promise<void>;
}

/** Threads that keep what they have prepared, unlike those of a pool: each works on its own share of one problem. */
export interface Team {
  /** How many threads there are. */
  readonly members: number;
  /** Puts a question to all members, who take questions in the order in which they were put; answers in the order of members. */
  ask<Input, Output>(task: string, input: Input): Promise<Output[]>;
  /** Ends the threads. */
  close(): Promise<void>;
}

declare module "./machine.js" {
  interface Machine {
    /** Threads over which engines distribute the work on one molecule (none). */
    readonly team?: Team | undefined;
  }
}

/** What all long-running functions take. */
export interface RunOptions {
  /** Stops the work, which then throws `aborted`. */
  readonly signal?: AbortSignal;
  /** Called as the work goes on, some times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Workers to divide the work among; without one it is done in the calling thread. */
  readonly pool?: Pool;
}

const YIELD_AFTER_MS = 30;
let lastYield = 0;

/**
 * Call at each iteration of long work: reports `progress`, lets the event loop run now and then (in a
 * synchronous loop neither Ctrl-C nor an abort signal would arrive), and throws `aborted` once the
 * signal has fired.
 */
export async function checkpoint(options: RunOptions | undefined, progress?: Progress): Promise<void> {
  if (progress) options?.onProgress?.(progress);
  const now = performance.now();
  if (now - lastYield > YIELD_AFTER_MS) {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    lastYield = performance.now();
  }
  throwIfAborted(options);
}

/** Throws `aborted` once the signal of `options` has fired. */
export function throwIfAborted(options: RunOptions | undefined): void {
  if (options?.signal?.aborted) throw new BrineError("aborted", "stopped", { cause: options.signal.reason });
}

/**
 * Runs `work` `count` times side by side, and throws the first error. The signal that a worker gets fires with that of
 * `options` and when another worker fails: it must then begin nothing more.
 */
export async function runWorkers(
  count: number,
  options: RunOptions | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  throwIfAborted(options);
  const stop = new AbortController();
  const abort = (): void => stop.abort(options?.signal?.reason);
  options?.signal?.addEventListener("abort", abort, { once: true });
  const guarded = async (): Promise<void> => {
    try {
      await work(stop.signal);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  try {
    await Promise.all(Array.from({ length: count }, guarded));
    throwIfAborted(options); // a worker may have ended early for it
  } finally {
    options?.signal?.removeEventListener("abort", abort);
  }
}

/** The tasks a pool can run, by name. */
export type TaskTable = Readonly<Record<string, (input: never, options: RunOptions) => Promise<unknown>>>;

/** Runs the task `name`. Throws `usage` for one that is not in the table. */
export async function runTask(tasks: TaskTable, name: string, input: unknown, options: RunOptions): Promise<unknown> {
  const work = tasks[name];
  if (!work) throw new BrineError("usage", `unknown task "${name}"`);
  return work(input as never, options);
}

/** A pool that runs everything at once in the calling thread, one after another: the portable default. */
export function sequentialPool(tasks: TaskTable): Pool {
  return {
    workers: 1,
    async run<Input, Output>(task: string, input: Input, signal?: AbortSignal): Promise<Output> {
      return (await runTask(tasks, task, input, signal ? { signal } : {})) as Output;
    },
    async close() {},
  };
}
