/** Runs the real command line in a child process. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";
import { useMachine } from "../../dist/machine.js";
import { backend } from "../../dist/math/backend-in-use.js";
import { openDataset } from "../../dist/node/sqlite-dataset.js";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `brine …words` in `directory`; `finished` resolves when it ends. */
export function startBrine(
  words: readonly string[],
  directory: string,
  environment: NodeJS.ProcessEnv = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [main, ...words], {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const finished = new Promise<Finished>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code, signal) => done({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

/** In a process of its own: what a user runs, how it ends included. */
export function brine(words: readonly string[], directory: string, environment?: NodeJS.ProcessEnv): Promise<Finished> {
  return startBrine(words, directory, environment).finished;
}

const runs = { count: 0 };
let last: Promise<unknown> = Promise.resolve();

/**
 * In this process, one after the other: what the command line says and writes, without the half second that a process
 * takes to load its modules. For how it ends, signals, and what several processes do to each other there is `brine`.
 */
export function brineHere(
  words: readonly string[],
  directory: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const run = last.then(() => runHere(words, directory, environment));
  last = run.catch(() => {});
  return run;
}

async function runHere(words: readonly string[], directory: string, environment: NodeJS.ProcessEnv): Promise<Finished> {
  const { argv, exitCode } = process;
  const env = { ...process.env };
  const linearAlgebra = backend();
  const [folder, out, err] = [process.cwd(), process.stdout.write, process.stderr.write];
  const listening = process.listeners("uncaughtException");
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, listeners: stream.listeners("error") }));
  const written = { stdout: "", stderr: "" };
  const keep = (name: keyof typeof written): typeof process.stdout.write =>
    ((chunk: string | Uint8Array) => {
      written[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    }) as typeof process.stdout.write;
  try {
    process.chdir(directory);
    process.argv = [process.execPath, main, ...words];
    Object.assign(process.env, environment);
    process.exitCode = undefined;
    process.stdout.write = keep("stdout");
    process.stderr.write = keep("stderr");
    await import(/* @vite-ignore */ `${pathToFileURL(main).href}?run=${(runs.count += 1)}`); // read anew, and so run, each time
    return { code: Number(process.exitCode ?? 0), signal: null, ...written };
  } finally {
    process.chdir(folder);
    useMachine({ backend: linearAlgebra });
    Object.assign(process, { argv, exitCode });
    for (const name of Object.keys(environment)) delete process.env[name];
    Object.assign(process.env, env);
    process.stdout.write = out;
    process.stderr.write = err;
    const forget = (of: NodeJS.EventEmitter, event: string, known: readonly unknown[]): void => {
      for (const listener of of.listeners(event))
        if (!known.includes(listener)) of.off(event, listener as (...input: unknown[]) => void);
    };
    forget(process, "uncaughtException", listening);
    for (const { stream, listeners } of streams) forget(stream, "error", listeners);
  }
}

/** An empty folder that goes when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "brine-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Resolves once the dataset holds `count` references, looked at while the other process writes it. */
export async function holds(path: string, count: number): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (!existsSync(path)) continue;
    try {
      const dataset = openDataset(path, { readOnly: true });
      const found = dataset.ids().length;
      dataset.close();
      if (found >= count) return;
    } catch {
      // Being made at this moment.
    }
  }
}
