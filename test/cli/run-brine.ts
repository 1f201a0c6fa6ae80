/** Runs the real command line in a child process. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
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

export function brine(words: readonly string[], directory: string, environment?: NodeJS.ProcessEnv): Promise<Finished> {
  return startBrine(words, directory, environment).finished;
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
