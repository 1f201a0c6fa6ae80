/** Tasks and their answers on the way between threads. */
import { BrineError, type ErrorTag } from "../errors.js";
import type { TaskTable } from "../run.js";

export interface TaskCall {
  readonly task: string;
  readonly input: unknown;
}

/** Errors as plain data: cloning between threads would lose their tag. */
export type TaskResult =
  | { readonly output: unknown }
  | { readonly failure: { readonly tag: ErrorTag; readonly message: string } };

export async function answer(tasks: TaskTable, { task, input }: TaskCall): Promise<TaskResult> {
  const work = tasks[task];
  try {
    if (!work) throw new BrineError("usage", `unknown task "${task}"`);
    return { output: await work(input as never, {}) };
  } catch (error) {
    if (error instanceof BrineError) return { failure: { tag: error.tag, message: error.message } };
    throw error;
  }
}
