/**
 * Another program that answers requests over its stdin and stdout, one JSON document a line. It greets with one
 * document when it is ready. A request is `{id, method, …}`; its answer `{id, result}` or `{id, error: {tag, message}}`,
 * after any number of `{id, progress}`.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { BrineError, type ErrorTag } from "../errors.js";
import type { Progress, RunOptions } from "../run.js";

export interface JsonProcess<Greeting> {
  /** The first line of the program, once it is there. Throws what the program says instead of it, or `unsupported` when it ends or cannot be started. */
  readonly greeting: Promise<Greeting>;
  /** Throws `aborted` when the signal fires, and ends the program; `input` when the program ends before it answers. */
  request<Result>(method: string, parameters: object, options?: RunOptions): Promise<Result>;
  /** Whether it can still be asked. */
  alive(): boolean;
  /** Ends the program at once. */
  close(): Promise<void>;
}

interface Problem {
  readonly tag: ErrorTag;
  readonly message: string;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly progress?: Progress;
  readonly error?: Problem;
}

interface Waiting {
  readonly options: RunOptions | undefined;
  resolve(result: unknown): void;
  reject(error: BrineError): void;
}

/** The greeting has this place among the requests. */
const GREETING = -1;

/**
 * Starts `program`; `name` is what errors call it. While nothing is asked of it, it does not keep this process
 * alive, and its end of stdin tells it when this process is gone.
 */
export function startJsonProcess<Greeting>(
  name: string,
  program: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): JsonProcess<Greeting> {
  const child = spawn(program, words, { env: environment, stdio: ["pipe", "pipe", "pipe"] });
  const waiting = new Map<number, Waiting>();
  let lastWords = "";
  let end: BrineError | undefined;
  let next = 0;
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });

  const wait = (id: number, options?: RunOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { options, resolve, reject });
      keepAlive(child, true);
    });
  const settle = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) keepAlive(child, false);
    return found;
  };
  const fail = (error: BrineError): void => {
    end ??= error;
    for (const id of waiting.keys()) settle(id)?.reject(end);
  };
  const hear = (line: string): void => {
    const answer = parsed(line);
    if (!answer)
      return fail(new BrineError("corrupt", `${name} answered something else than JSON: ${line.slice(0, 100)}`));
    const id = answer.id ?? GREETING;
    if (answer.progress) return waiting.get(id)?.options?.onProgress?.(answer.progress);
    const asked = settle(id);
    if (answer.error) asked?.reject(new BrineError(answer.error.tag, answer.error.message));
    else asked?.resolve(id === GREETING ? answer : answer.result);
  };

  createInterface({ input: child.stdout }).on("line", hear);
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (line.trim() !== "") lastWords = line.trim();
  });
  child.on("error", (error) =>
    fail(new BrineError("unsupported", `${name} cannot be started: ${error.message}`, { cause: error })),
  );
  child.on("close", (code, signal) => {
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    fail(
      new BrineError(
        waiting.has(GREETING) ? "unsupported" : "input",
        `${name} ${how}${lastWords === "" ? "" : `: ${lastWords}`}`,
      ),
    );
  });
  child.stdin.on("error", () => {}); // a broken pipe: "close" tells

  const greeting = wait(GREETING) as Promise<Greeting>;
  greeting.catch(() => {}); // whoever awaits it gets the error
  return {
    greeting,
    async request<Result>(method: string, parameters: object, options?: RunOptions): Promise<Result> {
      const aborted = (): void => {
        fail(new BrineError("aborted", "stopped", { cause: options?.signal?.reason }));
        child.kill("SIGKILL");
      };
      if (options?.signal?.aborted) aborted();
      if (end) throw end;
      options?.signal?.addEventListener("abort", aborted, { once: true });
      try {
        const id = next++;
        const result = wait(id, options);
        child.stdin.write(`${JSON.stringify({ id, method, ...parameters })}\n`);
        return (await result) as Result;
      } finally {
        options?.signal?.removeEventListener("abort", aborted);
      }
    },
    alive: () => end === undefined,
    async close() {
      fail(new BrineError("aborted", `${name} was closed`));
      keepAlive(child, true);
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** Whether the program keeps the event loop of this process alive. */
function keepAlive(child: ChildProcessWithoutNullStreams, alive: boolean): void {
  const change = alive ? "ref" : "unref";
  child[change]();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as Socket)[change]();
}

function parsed(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}
