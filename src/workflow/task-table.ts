/** All that a worker can be asked to do. */
import type { TaskTable } from "../run.js";
import { tasks as typed } from "./tasks.js";

/**
 * The tasks of all workflow functions by name, for the workers of a pool of one's own: `runTask(tasks, task, input, {})`.
 * Inputs and outputs are plain data that only brine needs to understand.
 */
export const tasks: TaskTable = typed as TaskTable;
