/** What runs in each thread of the pool: one named task at a time. */
import { useTeam } from "../molecule/team-sums.js";
import type { TaskTable } from "../run.js";
import { tasks } from "../workflow/tasks.js";
import { useMachineEngines } from "./engines.js";
import { useLibxc } from "./libxc.js";
import { useMachineMemory } from "./memory.js";
import { chooseBackend } from "./openblas.js";
import { useMachineScratch } from "./scratch-files.js";
import { answer, type TaskCall, type TaskResult } from "./task-call.js";
import { workerTeam } from "./team.js";

/** A call to a pool of `workers`. `threads` above 1 lets the thread spread its work over so many others. */
export type PoolCall = TaskCall & { readonly threads: number; readonly workers: number };

/** Of this thread. */
const backendReady = chooseBackend();
useMachineEngines();
useLibxc();
useMachineScratch();
let spreadOver = 1;

export default async function run({ threads, workers, ...call }: PoolCall): Promise<TaskResult> {
  await backendReady;
  useMachineMemory(workers);
  if (threads !== spreadOver) {
    useTeam(workerTeam(threads));
    spreadOver = threads;
  }
  return answer(tasks as TaskTable, call);
}
