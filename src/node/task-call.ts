/** Tasks and their answers on the way between threads. */
import { BrineError, type ErrorTag } from "../errors.js";
import { runTask, type TaskTable } from "../run.js";

export interface TaskCall {
  readonly task: string;
  readonly input: unknown;
}

/** Errors as plain data: cloning between threads would lose their tag. */
export type TaskResult =
  | { readonly output: unknown }
  | { readonly failure: { readonly tag: ErrorTag; readonly message: string } };

export async function answer(tasks: TaskTable, { task, input }: TaskCall): Promise<TaskResult> {
  try {
    return { output: await runTask(tasks, task, input, {}) };
  } catch (error) {
    if (error instanceof BrineError) return { failure: { tag: error.tag, message: error.message } };
    throw error;
  }
}

/** What the task gave. Throws what it threw, with its tag. */
export function outputOf(result: TaskResult): unknown {
  if ("failure" in result) throw new BrineError(result.failure.tag, result.failure.message);
  return result.output;
}
