/** What runs in each thread of a team: questions about its parts of one problem, one after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { teamTasks } from "../molecule/team-tasks.js";
import { useNodeMachine } from "./machine.js";
import { answer, type TaskCall } from "./task-call.js";

const { member, members } = workerData as { readonly member: number; readonly members: number };
const tasks = teamTasks(member, members);
let last: Promise<unknown> = useNodeMachine();

parentPort?.on("message", (call: TaskCall) => {
  last = last.then(async () => parentPort?.postMessage(await answer(tasks, call), []));
});
