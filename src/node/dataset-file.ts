/**
 * The SQLite file of a dataset: making, checking and opening it.
 *
 * One process writes. It keeps a write-ahead log for as long as it has the file open: with a rollback
 * journal this build of SQLite loses atomicity at a kill −9 (its VFS takes its own lock for another
 * writer's and never rolls back; measured with node-sqlite3-wasm 0.8.60). Readers look at a link in a
 * folder of their own, or at a copy while there is a log, so that they neither wait for a lock nor
 * leave one behind.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Database } from "node-sqlite3-wasm";
import { BrineError } from "../errors.js";
import { own } from "./file-owner.js";
import { fileError, fileState, firstBytes } from "./files.js";

/** Loaded at first use: it compiles a megabyte of WebAssembly, which most commands can do without. */
const sqlite = (): typeof import("node-sqlite3-wasm") =>
  require("node-sqlite3-wasm") as typeof import("node-sqlite3-wasm");
const require = createRequire(import.meta.url);

/** "brne" as a big-endian number. */
const APPLICATION_ID = 0x62726e65;
/** Format 1 had no `source`. */
const VERSION = 2;

const SCHEMA = `
  CREATE TABLE level (id INTEGER PRIMARY KEY, key TEXT NOT NULL, json TEXT NOT NULL UNIQUE);
  CREATE TABLE structure (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, species BLOB NOT NULL, positions BLOB NOT NULL,
    cell BLOB, periodic TEXT, charge INTEGER NOT NULL, unpaired INTEGER NOT NULL, info TEXT NOT NULL);
  CREATE TABLE reference (id INTEGER PRIMARY KEY, structure INTEGER NOT NULL REFERENCES structure, level INTEGER NOT NULL REFERENCES level,
    level_key TEXT NOT NULL, source TEXT, input_index INTEGER NOT NULL, state TEXT NOT NULL, energy REAL, reason TEXT, details TEXT NOT NULL,
    UNIQUE (structure, level_key));
  CREATE TABLE density (reference INTEGER NOT NULL REFERENCES reference, quantity TEXT NOT NULL, coefficients BLOB NOT NULL,
    nuclear_charges BLOB NOT NULL, PRIMARY KEY (reference, quantity));
  CREATE TABLE density_matrix (reference INTEGER PRIMARY KEY REFERENCES reference, elements BLOB NOT NULL);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

export interface Connection {
  readonly database: Database;
  close(): void;
}

/** The only connection that writes. Throws `busy`, `corrupt`, `unsupported`, `storage`, or `input` when there is no file and `create` is not set. */
export function connectWriter(path: string, create: boolean, maxPages?: number): Connection {
  if (!create && !existsSync(path)) throw missing(path);
  const disown = own(path, "dataset");
  let database: Database | undefined;
  try {
    if (create && !existsSync(path)) createFile(path);
    checkHeader(path);
    if (fileState(`${path}.lock`)?.isDirectory()) rmSync(`${path}.lock`, { recursive: true }); // of a dead process: we are the owner
    database = new (sqlite().Database)(path, { fileMustExist: true });
    database.exec(
      "PRAGMA busy_timeout = 5000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0",
    );
    migrate(database);
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
  } catch (error) {
    if (database) database.close();
    disown();
    throw databaseError(error, path);
  }
  const writer = database;
  return {
    database,
    close() {
      try {
        writer.exec("PRAGMA journal_mode = DELETE"); // moves the log into the file
        writer.close();
      } catch (error) {
        throw databaseError(error, path);
      } finally {
        if (writer.isOpen) writer.close();
        disown();
      }
    },
  };
}

/** A look at the file as it is now. Throws like `connectWriter`, but never `busy`. */
export function connectReader(path: string): Connection {
  if (!existsSync(path)) throw missing(path);
  checkHeader(path);
  const folder = mkdtempSync(join(tmpdir(), "brine-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const view = join(folder, "dataset.db");
    const copied = copyWithLog(path, view) || linkOrCopy(path, view);
    const database = new (sqlite().Database)(view, { readOnly: !copied });
    // A log needs shared memory, which this build has not, unless the connection is the only one.
    database.exec(`PRAGMA busy_timeout = 5000; PRAGMA locking_mode = ${copied ? "EXCLUSIVE" : "NORMAL"}`);
    if (formatOf(database) === 1) database.exec(READ_FORMAT_1);
    return {
      database,
      close() {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw databaseError(error, path);
  }
}

/** A dataset of format 1 becomes one of this format, in one commit: its structures are those of no named file. */
function migrate(database: Database): void {
  if (formatOf(database) !== 1) return;
  database.exec(`BEGIN; ALTER TABLE reference ADD COLUMN source TEXT; PRAGMA user_version = ${VERSION}; COMMIT`);
}

/** The column that format 1 has not, for readers, who change nothing. */
const READ_FORMAT_1 = "CREATE TEMP VIEW reference AS SELECT *, NULL AS source FROM main.reference";

function formatOf(database: Database): number {
  const { user_version: version } = database.get("PRAGMA user_version") as { user_version: number };
  return version;
}

/** The empty dataset, made beside its place and then renamed: there is never half a one. */
function createFile(path: string): void {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  const database = new (sqlite().Database)(temporary);
  try {
    database.exec(`BEGIN; ${SCHEMA} COMMIT`);
  } finally {
    database.close();
  }
  chmodSync(temporary, 0o666 & ~process.umask()); // SQLite makes files for their owner alone
  renameSync(temporary, path);
}

/**
 * Copies the file and its log; false when there is no log. The writer only appends to the log until it
 * closes, and a log that was copied in whole covers all that closing changes in the file.
 */
function copyWithLog(path: string, view: string): boolean {
  while (existsSync(`${path}-wal`)) {
    copyFileSync(path, view);
    try {
      copyFileSync(`${path}-wal`, `${view}-wal`);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      rmSync(view);
    }
  }
  return false;
}

/** A copy where links are not allowed; tells whether it is one. */
function linkOrCopy(path: string, view: string): boolean {
  try {
    symlinkSync(resolve(path), view);
    return false;
  } catch {
    copyFileSync(path, view);
    return true;
  }
}

/** What the first 100 bytes tell (https://www.sqlite.org/fileformat.html): whose file it is, and whether it is whole. */
function checkHeader(path: string): void {
  const header = firstBytes(path, 100);
  const where = { where: path };
  if (!isSqlite(header)) throw new BrineError("corrupt", "this is not a brine dataset", where);
  if (!isDataset(header))
    throw new BrineError("corrupt", "this is an SQLite file of another program, not a brine dataset", where);
  const version = header.readUInt32BE(60);
  if (version > VERSION)
    throw new BrineError(
      "unsupported",
      `the dataset has format ${version}, this brine reads formats 1 to ${VERSION}; use a newer brine`,
      where,
    );
  const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
  const expected = pageSize * header.readUInt32BE(28);
  const size = statSync(path).size;
  if (size < expected && !existsSync(`${path}-wal`))
    throw new BrineError(
      "corrupt",
      `the dataset is cut off: ${size} bytes of ${expected}; copy or make it again`,
      where,
    );
}

function isSqlite(header: Buffer): boolean {
  return header.length >= 100 && header.toString("latin1", 0, 16) === "SQLite format 3\0";
}

/** Whether a file with these first 100 bytes is a dataset, of whatever format. */
export function isDataset(header: Buffer): boolean {
  return isSqlite(header) && header.readUInt32BE(68) === APPLICATION_ID;
}

function missing(path: string): BrineError {
  return new BrineError("input", "there is no such file", { where: path });
}

/** What SQLite says, in words; errors of brine stay as they are. */
export function databaseError(error: unknown, path: string): BrineError {
  if (error instanceof BrineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const options = { where: path, cause: error };
  if (/full|disk I\/O/.test(message))
    return new BrineError(
      "storage",
      "cannot write to the dataset, the disk may be full; make room and run the command again (earlier records are intact)",
      options,
    );
  if (/locked|busy/.test(message))
    return new BrineError("busy", "another program holds this dataset; close it and try again", options);
  if (/malformed|not a database|no such table|no such column/.test(message))
    return new BrineError("corrupt", `the dataset is damaged (${message}); copy or make it again`, options);
  return fileError(error, path, "write");
}
