/** All that a worker can be asked to do. */
import type { TaskTable } from "../run.js";
import { createTasks as typed } from "./tasks.js";

/**
 * The tasks of all workflow functions by name, with the engine and the model that they keep between calls: one table for
 * each worker of a pool of one's own, which answers with `runTask(table, task, input, {})`. Inputs and outputs are plain
 * data that only brine needs to understand.
 */
export function createTasks(): TaskTable {
  return typed();
}
