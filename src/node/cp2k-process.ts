/** CP2K as a program: where it is, and one run of it in a folder of its own. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { BrineError } from "../errors.js";
import type { RunOptions } from "../run.js";

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;

export interface Cp2kProgram {
  readonly program: string;
  /** `2023.1` */
  readonly version: string;
}

/** The program that the environment variable BRINE_CP2K names, else the usual names on the path. */
function candidates(): readonly string[] {
  const chosen = process.env["BRINE_CP2K"];
  return chosen ? [chosen] : ["cp2k", "cp2k.psmp", "cp2k.ssmp", "cp2k.popt", "cp2k.sopt"];
}

/** The first CP2K that answers. Throws `unsupported` when there is none, with what to do. */
export async function findCp2k(): Promise<Cp2kProgram> {
  const reasons: string[] = [];
  for (const program of candidates()) {
    try {
      const { stdout } = await run(program, ["--version"], { timeout: TIMEOUT_MS });
      const version = /CP2K version (\S+)/.exec(stdout)?.[1];
      if (version !== undefined) return { program, version };
      reasons.push(`${program} does not say that it is CP2K`);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      reasons.push(`${program}: ${code === "ENOENT" ? "not found" : message.split("\n")[0]}`);
    }
  }
  throw new BrineError(
    "unsupported",
    `the engine cp2k needs CP2K (${reasons.join("; ")}); install it (Debian and Ubuntu: apt install cp2k), or name the program in the environment variable BRINE_CP2K`,
  );
}

export interface Cp2kRun {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/**
 * Runs CP2K and waits for its end at a pipe: when that closes, because this thread is gone, it ends CP2K and removes the
 * folder, which nobody else would. It ignores the shell that waits for CP2K from then on.
 */
const WATCHED = `
exec 3<&0
"$1" -i "$2" </dev/null 3<&- &
program=$!
{ read -r _ <&3; trap '' TERM; kill -9 $program; cd /; rm -rf "$3"; } >/dev/null 2>&1 &
watcher=$!
wait $program
code=$?
kill $watcher 2>/dev/null
exit $code`;

/**
 * One run with `input`, a file in `folder`; its lines go to `hear` as they come. One thread, unless OMP_NUM_THREADS says
 * otherwise. Throws `aborted` when the signal fires; CP2K is ended then, and the folder removed.
 */
export async function runCp2k(
  { program }: Cp2kProgram,
  folder: string,
  input: string,
  hear: (line: string) => void,
  options?: RunOptions,
): Promise<Cp2kRun> {
  const child = spawn("sh", ["-c", WATCHED, "cp2k", program, input, folder], {
    cwd: folder,
    env: { ...process.env, OMP_NUM_THREADS: process.env["OMP_NUM_THREADS"] ?? "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const stop = (): void => void child.stdin.end();
  child.stdin.on("error", () => {}); // a broken pipe: its end tells
  options?.signal?.addEventListener("abort", stop, { once: true });
  if (options?.signal?.aborted) stop();
  const output: string[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    output.push(line);
    hear(line);
  });
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  try {
    const [code] = (await once(child, "close")) as [number | null];
    if (options?.signal?.aborted) throw new BrineError("aborted", "stopped", { cause: options.signal.reason });
    return { code: code ?? -1, output: `${output.join("\n")}\n`, errors: `${errors.join("\n")}\n` };
  } finally {
    options?.signal?.removeEventListener("abort", stop);
  }
}
