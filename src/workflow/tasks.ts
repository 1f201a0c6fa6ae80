/** The tasks that a pool can run, by name: plain data in, plain data out. */
import type { TaskTable } from "../run.js";

export const tasks: TaskTable = {};
