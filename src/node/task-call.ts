/** Tasks and their answers on the way between threads. */
import { BrineError } from "../errors.js";
import { runTask, type TaskTable } from "../run.js";

export interface TaskCall {
  readonly task: string;
  readonly input: unknown;
}

/** Errors as plain data: cloning between threads would lose their tag. */
export type TaskResult =
  | { readonly output: unknown }
  | { readonly failure: Pick<BrineError, "tag" | "what" | "where" | "settings" | "value"> };

export async function answer(tasks: TaskTable, { task, input }: TaskCall): Promise<TaskResult> {
  try {
    return { output: await runTask(tasks, task, input, {}) };
  } catch (error) {
    if (error instanceof BrineError) {
      const { tag, what, where, settings, value } = error;
      return { failure: { tag, what, where, settings, value } };
    }
    throw error;
  }
}

/** What the task gave. Throws what it threw, with its tag. */
export function outputOf(result: TaskResult): unknown {
  if ("failure" in result) {
    const { tag, what, where, settings, value } = result.failure;
    throw new BrineError(tag, what, {
      ...(where === undefined ? {} : { where }),
      settings,
      ...(value === undefined ? {} : { value }),
    });
  }
  return result.output;
}
