/** What can happen to a dataset's file: other files, truncation, two processes, kill -9, a full disk. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import sqlite from "node-sqlite3-wasm";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { failure, level, reference, structure } from "./dataset-helpers.js";

const folder = mkdtempSync(join(tmpdir(), "brine-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let path = "";
let made = 0;
beforeEach(() => {
  mkdirSync(join(folder, `${made}`));
  path = join(folder, `${made++}`, "set.db");
});

const tagged = (tag: string): object => expect.objectContaining({ tag });

function fill(count: number): void {
  const dataset = openDataset(path, { create: true });
  for (let i = 0; i < count; i++) dataset.put({ index: i }, reference(1 + i));
  dataset.close();
}

/** Starts a process that writes; resolves when it has put `records` records, with how many it said it had. */
async function startWriter(
  records: number,
  maxPages?: number,
): Promise<{ child: ChildProcess; done: () => number; stderr: () => string; ended: Promise<void> }> {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, "dataset-writer.mjs"),
    path,
    ...(maxPages ? [String(maxPages)] : []),
  ]);
  let said = "";
  let stderr = "";
  const lines = (): number => said.split("\n").length - 2;
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const enough = new Promise<void>((resolve) =>
    child.stdout.on("data", (chunk: Buffer) => ((said += chunk.toString()), lines() >= records && resolve())),
  );
  await Promise.race([enough, ended]);
  return { child, done: lines, stderr: () => stderr, ended };
}

describe("opening", () => {
  it("needs a file unless told to make one, and leaves only that file behind", () => {
    expect(() => openDataset(path)).toThrow(/no such file/);
    expect(() => openDataset(path, { readOnly: true })).toThrow(/no such file/);
    fill(2);
    expect(readdirSync(join(path, ".."))).toEqual(["set.db"]);
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
    expect(() => openDataset(join(path, "..", "missing", "x.db"), { create: true })).toThrow(
      /there is no folder .*missing/,
    );
  });

  it("recognises files of another kind", () => {
    writeFileSync(path, "3\n\nO 0 0 0\n");
    expect(() => openDataset(path, { create: true })).toThrow(tagged("corrupt"));
    writeFileSync(path, "");
    expect(() => openDataset(path, { readOnly: true })).toThrow(/not a brine dataset/);
    rmSync(path);
    const other = new sqlite.Database(path);
    other.exec("CREATE TABLE t (x)");
    other.close();
    expect(() => openDataset(path)).toThrow(/SQLite file of another program/);
    expect(readdirSync(join(path, ".."))).toEqual(["set.db"]);
  });

  it("recognises a newer format", () => {
    fill(1);
    const database = new sqlite.Database(path);
    database.exec("PRAGMA user_version = 9");
    database.close();
    expect(() => openDataset(path)).toThrow(tagged("unsupported"));
    expect(() => openDataset(path, { readOnly: true })).toThrow(/format 9.*use a newer brine/);
  });

  it("reads format 1, which knew no files, and writes it anew when it adds to it", () => {
    fill(2);
    const old = new sqlite.Database(path);
    old.exec("ALTER TABLE reference DROP COLUMN source; PRAGMA user_version = 1");
    old.close();
    const reader = openDataset(path, { readOnly: true });
    expect(reader.finished().map(({ source, index }) => [source, index])).toEqual([
      [undefined, 0],
      [undefined, 1],
    ]);
    expect(new sqlite.Database(path, { readOnly: true }).get("PRAGMA user_version")).toEqual({ user_version: 1 });
    const writer = openDataset(path);
    writer.put({ source: "new.xyz", index: 0 }, reference(9));
    writer.close();
    expect(reader.finished().map(({ source, index }) => [source, index])).toEqual([
      [undefined, 0],
      [undefined, 1],
      ["new.xyz", 0],
    ]);
    reader.close();
  });

  it("recognises truncation at any length", () => {
    fill(3);
    const whole = readFileSync(path);
    for (const length of [0, 50, 100, 4096, Math.floor(whole.length / 2), whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(() => openDataset(path, { readOnly: true })).toThrow(tagged("corrupt"));
      expect(() => openDataset(path)).toThrow(tagged("corrupt"));
    }
    writeFileSync(path, whole);
    expect(openDataset(path, { readOnly: true }).ids()).toHaveLength(3);
  });

  it("says that damaged pages are damaged", () => {
    fill(3);
    const bytes = readFileSync(path);
    bytes.fill(0xaa, 4096);
    writeFileSync(path, bytes);
    const dataset = openDataset(path, { readOnly: true });
    expect(() => dataset.ids().map((id) => dataset.get(id))).toThrow(tagged("corrupt"));
    dataset.close();
  });

  it("refuses to write into what was opened for reading", () => {
    fill(1);
    const dataset = openDataset(path, { readOnly: true });
    expect(() => dataset.put({ index: 1 }, reference(9))).toThrow(tagged("usage"));
    dataset.close();
  });
});

describe("resuming", () => {
  it("keeps what is there and tries failures again", () => {
    fill(2);
    let dataset = openDataset(path);
    dataset.put({ index: 2 }, failure(9));
    dataset.close();
    dataset = openDataset(path);
    expect([1, 2, 9].map((d) => dataset.find(structure(d), level) !== undefined)).toEqual([true, true, false]);
    dataset.put({ index: 2 }, reference(9));
    expect(dataset.ids()).toHaveLength(3);
    expect(dataset.ids({ failed: true })).toEqual([]);
    dataset.close();
  });
});

describe("two processes", () => {
  it("one writes, the second is told which; readers see all that was committed, and then more", async () => {
    const writer = await startWriter(3);
    expect(() => openDataset(path)).toThrow(new RegExp(`process ${writer.child.pid} is writing to this dataset`));
    expect(() => openDataset(path, { create: true })).toThrow(tagged("busy"));
    const before = writer.done();
    const reader = openDataset(path, { readOnly: true });
    expect(reader.ids().length).toBeGreaterThanOrEqual(before);
    expect(reader.get(1)).toMatchObject({ index: 0, state: "done" });
    writer.child.kill("SIGKILL");
    await writer.ended;
    reader.close();
  });

  it("a reader that was there first goes on while another process writes and closes", () => {
    fill(2);
    const reader = openDataset(path, { readOnly: true });
    expect(reader.ids()).toHaveLength(2);
    const writer = openDataset(path);
    writer.put({ index: 2 }, reference(7));
    expect(reader.ids().length).toBeGreaterThanOrEqual(2);
    expect(reader.get(1).index).toBe(0);
    writer.close();
    expect(reader.ids()).toHaveLength(3);
    expect(reader.get(3)).toMatchObject({ energy: reference(7).energy });
    reader.close();
  });

  it("the same process counts as a second one", () => {
    const first = openDataset(path, { create: true });
    expect(() => openDataset(path)).toThrow(tagged("busy"));
    first.close();
    openDataset(path).close();
  });

  it("an owner on another machine is never cleared; a dead one here is", () => {
    fill(1);
    const owner = `${path}.owner`;
    writeFileSync(owner, JSON.stringify({ pid: 1, host: "elsewhere", began: null }));
    expect(() => openDataset(path)).toThrow(/process 1 on elsewhere .*delete .*set\.db\.owner/);
    writeFileSync(owner, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), began: null }));
    openDataset(path).close();
    expect(existsSync(owner)).toBe(false);
    // The pid lives, but it is another process than the one that wrote the file.
    writeFileSync(owner, JSON.stringify({ pid: process.pid, host: hostname(), began: "1" }));
    if (existsSync("/proc/self/stat")) openDataset(path).close();
  });
});

describe("kill -9", () => {
  it("loses nothing that was committed, and nothing has to be cleaned up by hand", async () => {
    for (const records of [1, 4, 9]) {
      const writer = await startWriter(records);
      writer.child.kill("SIGKILL");
      await writer.ended;
      const committed = writer.done();
      const reader = openDataset(path, { readOnly: true });
      const seen = reader.ids().length;
      expect(seen).toBeGreaterThanOrEqual(committed);
      reader.close();
      const dataset = openDataset(path);
      expect(dataset.ids()).toHaveLength(seen);
      for (const id of dataset.ids()) {
        const record = dataset.get(id);
        if (record.state === "done")
          expect(record.density.coefficients.every((c) => c === record.index + 0.5)).toBe(true);
      }
      dataset.close();
      const check = new sqlite.Database(path, { readOnly: true });
      expect(check.get("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
      check.close();
    }
    expect(readdirSync(join(path, ".."))).toEqual(["set.db"]);
  });

  it("is survived by a copy of the file and its log", async () => {
    const writer = await startWriter(3);
    writer.child.kill("SIGKILL");
    await writer.ended;
    truncateSync(`${path}-wal`, statSync(`${path}-wal`).size - 100);
    copyFileSync(path, `${path}.copy`);
    copyFileSync(`${path}-wal`, `${path}.copy-wal`);
    const dataset = openDataset(`${path}.copy`);
    expect(dataset.ids().length).toBeGreaterThanOrEqual(writer.done() - 1);
    dataset.close();
  });
});

describe("a full disk", () => {
  it("ends with a storage error and keeps the earlier records", async () => {
    const writer = await startWriter(Infinity, 200);
    await writer.ended;
    expect(writer.stderr()).toContain("disk may be full");
    const committed = writer.done();
    expect(committed).toBeGreaterThan(2);
    const dataset = openDataset(path);
    expect(dataset.ids()).toHaveLength(committed);
    expect(dataset.get(committed)).toMatchObject({ index: committed - 1, energy: 1 - committed });
    dataset.put({ index: committed }, { ...reference(3) });
    dataset.close();
  });
});
