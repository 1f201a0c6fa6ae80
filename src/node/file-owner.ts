/**
 * Who may write a dataset or a model: one process, named in a file beside it (`set.db.owner`: pid and host).
 *
 * For datasets too, because SQLite's lock in this build is a folder that nobody removes after a kill −9
 * (measured with node-sqlite3-wasm 0.8.60: "database is locked" for good). The pid tells whether the
 * owner still lives; only the file of a dead process of this machine is cleared.
 */
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { BrineError } from "../errors.js";
import { fileError } from "./files.js";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the kernel counts (Linux): the same pid later is another process. */
  readonly began: string | null;
}

/** A file without content younger than this is being written. */
const STARTING_MS = 5000;

/**
 * Makes this process the owner of `path`; the function returned gives it up. Throws `busy` naming
 * the pid when a living process has it, `storage` when the folder cannot be written.
 */
export function own(path: string, kind: "dataset" | "model" | "results"): () => void {
  const file = `${path}.owner`;
  if (!create(file, path)) {
    const other = read(file);
    if (isAlive(other, file)) throw busy(other, path, kind, file);
    rmSync(file, { force: true });
    if (!create(file, path)) throw busy(read(file), path, kind, file);
  }
  return () => rmSync(file, { force: true });
}

/** False when the file exists. */
function create(file: string, path: string): boolean {
  const owner: Owner = { pid: process.pid, host: hostname(), began: processStart(process.pid) };
  try {
    const handle = openSync(file, "wx");
    writeFileSync(handle, JSON.stringify(owner));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw fileError(error, path, "write");
  }
}

function read(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner | undefined, file: string): boolean {
  if (!owner) return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < STARTING_MS;
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  const began = processStart(owner.pid);
  return began === null || owner.began === null || began === owner.began;
}

/** The 22nd field of /proc/PID/stat; null where there is no such file. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function busy(owner: Owner | undefined, path: string, kind: string, file: string): BrineError {
  const options = { where: path };
  if (!owner) return new BrineError("busy", `another process is opening this ${kind}; try again`, options);
  if (owner.host === hostname())
    return new BrineError("busy", `process ${owner.pid} is writing to this ${kind}; wait for it or stop it`, options);
  return new BrineError(
    "busy",
    `process ${owner.pid} on ${owner.host} is writing to this ${kind}; if that process is gone, delete ${file}`,
    options,
  );
}
