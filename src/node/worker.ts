/** What runs in each thread of the pool: one named task at a time. */
import { BrineError, type ErrorTag } from "../errors.js";
import type { TaskTable } from "../run.js";
import { tasks } from "../workflow/tasks.js";
import { useMachineEngines } from "./engines.js";
import { useLibxc } from "./libxc.js";
import { chooseBackend } from "./openblas.js";

export interface TaskCall {
  readonly task: string;
  readonly input: unknown;
}

/** Errors as plain data: cloning between threads would lose their tag. */
export type TaskResult =
  | { readonly output: unknown }
  | { readonly failure: { readonly tag: ErrorTag; readonly message: string } };

/** Of this thread. */
const backendReady = chooseBackend();
useMachineEngines();
useLibxc();

export default async function run({ task, input }: TaskCall): Promise<TaskResult> {
  await backendReady;
  const work = (tasks as TaskTable)[task];
  try {
    if (!work) throw new BrineError("usage", `unknown task "${task}"`);
    return { output: await work(input as never, {}) };
  } catch (error) {
    if (error instanceof BrineError) return { failure: { tag: error.tag, message: error.message } };
    throw error;
  }
}
