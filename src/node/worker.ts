/** What runs in each thread of the pool: one named task at a time. */
import { useMachine } from "../machine.js";
import type { TaskTable } from "../run.js";
import { createTasks } from "../workflow/tasks.js";
import { useNodeMachine } from "./machine.js";
import { functionMemoryFor } from "./memory.js";
import { answer, type TaskCall, type TaskResult } from "./task-call.js";
import { workerTeam } from "./team.js";

/** A call to a pool of `workers`. `threads` above 1 lets the thread distribute its work over so many others. */
export type PoolCall = TaskCall & { readonly threads: number; readonly workers: number };

const ready = useNodeMachine();
const tasks: TaskTable = createTasks();
let members = 1;

export default async function run({ threads, workers, ...call }: PoolCall): Promise<TaskResult> {
  await ready;
  useMachine({ functionMemory: functionMemoryFor(workers) });
  if (threads !== members) {
    useMachine({ team: workerTeam(threads) });
    members = threads;
  }
  return answer(tasks, call);
}
