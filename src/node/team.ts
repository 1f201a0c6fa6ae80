/** A team of worker threads that work on one molecule together; each has its parts of it (molecule/team-tasks.ts). */
import { Worker } from "node:worker_threads";
import { BrineError } from "../errors.js";
import type { Team } from "../run.js";
import { outputOf, type TaskCall, type TaskResult } from "./task-call.js";

interface Waiting {
  resolve(result: TaskResult): void;
  reject(error: unknown): void;
}

/**
 * Threads that start with the first question and end with `close`, or with the thread that made them, which they do not
 * keep alive when they have nothing to do.
 */
export function workerTeam(members: number): Team {
  let started: Member[] | undefined;
  const threads = (): Member[] =>
    (started ??= Array.from({ length: members }, (_, member) => startMember(member, members)));
  return {
    members,
    ask: <Input, Output>(task: string, input: Input): Promise<Output[]> =>
      Promise.all(threads().map((thread) => thread.ask({ task, input }) as Promise<Output>)),
    async close() {
      await Promise.all((started ?? []).map((thread) => thread.end()));
      started = undefined;
    },
  };
}

interface Member {
  ask(call: TaskCall): Promise<unknown>;
  end(): Promise<unknown>;
}

function startMember(member: number, members: number): Member {
  const worker = new Worker(new URL("./team-worker.js", import.meta.url), { workerData: { member, members } });
  worker.unref();
  const waiting: Waiting[] = []; // answers come in the order of questions
  let ended: unknown; // the first reason
  const failAll = (error: unknown): void => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  worker.on("message", (result: TaskResult) => {
    const asked = waiting.shift();
    if (waiting.length === 0) worker.unref();
    asked?.resolve(result);
  });
  worker.on("error", failAll);
  worker.on("exit", () => failAll(new BrineError("aborted", "a thread of the team has ended")));
  return {
    ask: (call) =>
      new Promise<TaskResult>((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.push({ resolve, reject });
        worker.ref();
        worker.postMessage(call, []);
      }).then(outputOf),
    end: () => worker.terminate(),
  };
}
